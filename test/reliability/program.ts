/** A program of this repository as a child process: started, followed by its events, sent signals, told how it ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A line of `--json` output: of a run's event what every kind of them has. */
export interface ProgramEvent {
  readonly kind: string;
  readonly sequences?: number;
  readonly outcome?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** All of its standard error. */
  readonly errors: string;
  readonly events: readonly ProgramEvent[];
}

export interface Running {
  readonly child: ChildProcess;
  /** Adds an ear for every event to come. */
  readonly onEvent: (listener: (event: ProgramEvent) => void) => void;
  readonly ended: Promise<Ended>;
}

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `iclab` itself, as a user starts it. */
export function startIclab(words: readonly string[]): Running {
  return startNode([pathOf('../../bin/iclab.js'), ...words]);
}

/** One of the programs beside this file. */
export function startBeside(file: string, words: readonly string[], nodeFlags: readonly string[] = []) {
  return startNode([...nodeFlags, pathOf(file), ...words]);
}

export function startNode(words: readonly string[]): Running {
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  // Who was killed reads no more: writing to it then is no error of ours.
  child.stdin.on('error', () => undefined);
  const events: ProgramEvent[] = [];
  const listeners: ((event: ProgramEvent) => void)[] = [];
  let pending = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as ProgramEvent;
      events.push(event);
      for (const listener of listeners) listener(event);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, errors, events }));
  });
  return { child, onEvent: (listener) => void listeners.push(listener), ended };
}
