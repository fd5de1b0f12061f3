/** With `--json` a failure is told on stdout too, as the last event. */
import type { LabContext } from './context.ts';
import { errorLine, exitCodeOf } from './error-line.ts';

/** Does the work; what it throws goes on to the caller, and before that as an event to the program that listens. */
export async function tellingFailure(
  { process: { stdout } }: Pick<LabContext, 'process'>,
  json: boolean | undefined,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (json) {
      const message = errorLine(error).replace(/^iclab: /, '');
      const end = { kind: 'end', outcome: 'failed', exitCode: exitCodeOf(error), message };
      stdout.write(`${JSON.stringify(end)}\n`);
    }
    throw error;
  }
}
