/** What `memory-child.ts` tells of its memory. */
import type { ProgramEvent } from './program.ts';

export interface MemoryEvent extends ProgramEvent {
  readonly kind: 'memory';
  readonly step: number;
  /** Resident set of the process: the middle of many samples since the last such event. */
  readonly residentBytes: number;
  /** In use on the JavaScript heap after a full collection. */
  readonly heapBytes: number;
  /** How long no signal could be heard, of the whole run so far. */
  readonly deafMs: { readonly longest: number; readonly p99: number };
}
