/** What a command sees of the world: two streams, the environment, the words it was started with, a clock, signals. */
import type { CommandContext } from '@stricli/core';
import { exitCodes } from '../errors/lab-error.ts';
import { storageReason, systemCode } from '../runs/storage/commit-file.ts';

export interface OutputStream {
  write(text: string): void;
  /** Whether a person watches it on a terminal that can redraw a line. */
  readonly isTerminal: boolean;
  /** Width of that terminal now, in characters. */
  columns(): number;
  /** Bits of colour it shows; 1 = none. Follows NO_COLOR. */
  getColorDepth(env?: Readonly<Partial<Record<string, string>>>): number;
}

/** How a command learns that it should stop. */
export interface SignalSource {
  on(name: string, handler: () => void): void;
  off(name: string, handler: () => void): void;
}

export interface LabContext extends CommandContext {
  readonly process: {
    readonly stdout: OutputStream;
    readonly stderr: OutputStream;
    readonly env: Readonly<Partial<Record<string, string>>>;
    exitCode?: number | string | null;
  };
  /** The words after the program's name. */
  readonly argv: readonly string[];
  readonly signals: SignalSource;
  /** Milliseconds on a clock that never goes back. */
  readonly elapsed: () => number;
  /** Ends the program now, whatever it is doing. */
  readonly exitNow: (code: number) => void;
}

/** The world as it is. */
export function nodeContext(argv: readonly string[]): LabContext {
  return {
    process: {
      stdout: outputStream(process.stdout, 'stdout'),
      stderr: outputStream(process.stderr, 'stderr'),
      env: process.env,
    },
    argv,
    signals: process,
    elapsed: () => performance.now(),
    // oxlint-disable-next-line unicorn/no-process-exit -- a second Ctrl-C means now, whatever is under way
    exitNow: (code) => process.exit(code),
  };
}

function outputStream(stream: NodeJS.WriteStream, name: 'stdout' | 'stderr'): OutputStream {
  let isOpen = true;
  stream.on('error', (error) => {
    const isFirst = isOpen;
    isOpen = false;
    // A reader that goes away (`| head`) ends the output, not the run.
    if (!isFirst || systemCode(error) === 'EPIPE') return;
    // Nor does a full disk end the run; but what should have been read was lost, and the exit code says so.
    if (name === 'stdout') process.stderr.write(`iclab: stdout: cannot write: ${storageReason(error)}\n`);
    process.once('exit', () => {
      process.exitCode ||= exitCodes.cannotWrite;
    });
  });
  return {
    write: (text) => {
      if (isOpen) stream.write(text);
    },
    isTerminal: stream.isTTY && process.env.TERM !== 'dumb',
    columns: () => stream.columns || 80,
    getColorDepth: (env) => (stream.isTTY ? stream.getColorDepth(env) : 1),
  };
}
