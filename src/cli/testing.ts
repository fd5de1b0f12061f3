/** A command line without a process: streams that remember, signals that are sent by hand, a clock that is set. */
import { main } from './main.ts';
import type { LabContext, OutputStream } from './context.ts';

export interface FakeStream extends OutputStream {
  /** Everything written so far. */
  text(): string;
}

export interface FakeTerminal {
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly colourDepth?: number;
}

function fakeStream({ isTerminal = false, columns = 80, colourDepth = 1 }: FakeTerminal): FakeStream {
  let written = '';
  return {
    write: (text) => {
      written += text;
    },
    isTerminal,
    columns: () => columns,
    getColorDepth: () => colourDepth,
    text: () => written,
  };
}

/** A context with the handlers and the clock in the open. */
export function fakeContext(argv: readonly string[] = [], terminal: FakeTerminal = {}) {
  const handlers = new Map<string, Set<() => void>>();
  const clock = { ms: 0 };
  const exits: number[] = [];
  const [stdout, stderr] = [fakeStream(terminal), fakeStream(terminal)];
  const context: LabContext = {
    process: { stdout, stderr, env: {} },
    argv,
    signals: {
      on: (name, handler) => void handlers.set(name, (handlers.get(name) ?? new Set()).add(handler)),
      off: (name, handler) => void handlers.get(name)?.delete(handler),
    },
    elapsed: () => clock.ms,
    exitNow: (code) => void exits.push(code),
  };
  const send = (name: string) => {
    for (const handler of handlers.get(name) ?? []) handler();
  };
  const listening = () => [...handlers.values()].reduce((sum, set) => sum + set.size, 0);
  return { context, stdout, stderr, clock, exits, send, listening };
}

/** Runs a command to its end. */
export async function runCommandLine(argv: readonly string[], terminal: FakeTerminal = {}) {
  const { context, stdout, stderr } = fakeContext(argv, terminal);
  const code = await main(argv, context);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}
