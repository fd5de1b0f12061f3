/**
 * The one kind of error a user of iclab is meant to read: what, where, got / expected, what next, on one line.
 * Anything else that is thrown is a bug and is shown as one.
 */

/** Exit codes of every command (docs/specification.md, "Runs"; the numbers above 63 follow sysexits.h). */
export const exitCodes = {
  done: 0,
  checkFailed: 1,
  badInput: 64,
  badData: 65,
  crash: 70,
  cannotWrite: 73,
  stoppedResumable: 75,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error with everything its reader needs, and the exit code the command line gives it. */
export class LabError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = exitCodes.badInput, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, ' '), options);
    this.name = 'LabError';
    this.exitCode = exitCode;
  }
}
