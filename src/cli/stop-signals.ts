/** Ctrl-C and the like: the first asks the run to save and end, a second ends the program at once. */
import { exitCodes } from '../errors/lab-error.ts';
import type { LabContext } from './context.ts';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGHUP'] as const;

/** Ctrl-C reaches a process twice when npm stands between: from the terminal, and passed on. */
const sameKeyMs = 700;

export interface StopSignals {
  readonly signal: AbortSignal;
  /** Lets the signals do again what they did before; after a stop only the program's end does that. */
  readonly dispose: () => void;
}

/** @param onStop told the first signal's name */
export function listenForStop(
  { signals, elapsed, exitNow }: Pick<LabContext, 'signals' | 'elapsed' | 'exitNow'>,
  onStop: (name: string) => void,
): StopSignals {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const handlers = stopSignals.map((name) => {
    const handler = () => {
      if (firstMs === undefined) {
        firstMs = elapsed();
        controller.abort();
        onStop(name);
      } else if (elapsed() - firstMs >= sameKeyMs) exitNow(exitCodes.stoppedResumable);
    };
    signals.on(name, handler);
    return { name, handler };
  });
  return {
    signal: controller.signal,
    dispose: () => {
      // A key press heard twice must not kill the program between saving and leaving with its exit code.
      if (firstMs !== undefined) return;
      for (const { name, handler } of handlers) signals.off(name, handler);
    },
  };
}
