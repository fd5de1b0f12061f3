/** What `session-child.ts` is asked for, and starting it. */
import { type Running, startBeside } from './program.ts';

export interface SessionWish {
  readonly folder: string;
  /** A preset, then settings. */
  readonly words: readonly string[];
  /** To tell `ready` and begin at the moment (milliseconds since 1970) that comes in on standard input. */
  readonly waits?: boolean;
  /** How far its clock is ahead of the machine's. */
  readonly clockAheadMs?: number;
  /** A part of a path: making such a file durable never ends. */
  readonly stuckAt?: string;
}

export function startSession(wish: SessionWish): Running {
  return startBeside('session-child.ts', [JSON.stringify(wish)]);
}
