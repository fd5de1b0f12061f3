/** The program: words in, exit code out. `bin/iclab.js` calls it. */
import { ExitCode, run } from '@stricli/core';
import { exitCodes } from '../errors/lab-error.ts';
import { buildApp, inheritedFlag } from './app.ts';
import { type LabContext, nodeContext } from './context.ts';
import { errorLine, exitCodeOf } from './error-line.ts';

/** Exit codes of the argument parser, which are negative, as ours. */
const ours: Readonly<Record<number, number>> = {
  [ExitCode.UnknownCommand]: exitCodes.badInput,
  [ExitCode.InvalidArgument]: exitCodes.badInput,
};

/**
 * @param argv the words after the program's name
 * @returns the exit code (SPEC.md, "Runs"); never throws
 */
export async function main(
  argv: readonly string[],
  context: LabContext = nodeContext(argv),
): Promise<number> {
  const unknown = inheritedFlag(argv);
  if (unknown !== undefined) {
    context.process.stderr.write(`${unknown}\n`);
    return exitCodes.badInput;
  }
  try {
    await run(buildApp(argv[0]), argv, context);
  } catch (error) {
    context.process.stderr.write(`${errorLine(error)}\n`);
    return exitCodeOf(error);
  }
  const code = Number(context.process.exitCode ?? 0);
  return code >= 0 ? code : (ours[code] ?? exitCodes.crash);
}
