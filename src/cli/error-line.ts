/** Any error as the one line a user reads on stderr. */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { visibleLine } from '../report/visible-text.ts';
import { cannotRead, cannotWrite } from '../runs/storage/commit-file.ts';
import { StorageError } from '../runs/storage/storage.ts';

/** Characters of a line. Of a longer one the middle goes: where it happened stands first, what to do last. */
const longestLine = 4000;
const keptAtEnd = 1000;

function shortened(text: string): string {
  if (text.length <= longestLine) return text;
  return `${text.slice(0, longestLine - keptAtEnd)} ... ${text.slice(-keptAtEnd)}`.toWellFormed();
}

/** Any text as one line that fits a terminal: it may quote whole command lines and files. */
export function shortLine(text: string): string {
  return shortened(visibleLine(shortened(text)));
}

/**
 * `iclab: what, where, got / expected, what next`; for a bug also where it is and what to do about it.
 * @param whose which of several runs it ended
 */
export function errorLine(thrown: unknown, whose?: string): string {
  const error = readable(thrown);
  const run = whose === undefined ? '' : `${whose}: `;
  if (error instanceof LabError) return shortLine(`iclab: ${run}${error.message}`);
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const frame =
    error instanceof Error ? /\bat .*[/\\]((?:src|experiments)[/\\][^)\s]+)/.exec(error.stack ?? '') : null;
  const where = frame ? ` (${frame[1]})` : '';
  return shortLine(
    `iclab: ${run}unexpected error: ${what}${where}; this is a bug: please report this line, the command and the version ` +
      "(iclab --version) in the project's issues",
  );
}

const readings: readonly string[] = ['read', 'list', 'status'];

/** A disk that failed where nobody caught it is no bug. */
function readable(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error;
  const { operation, path } = error;
  return readings.includes(operation) ? cannotRead(path, error) : cannotWrite(path, error);
}

/** The exit code that goes with an error. */
export function exitCodeOf(thrown: unknown): number {
  const error = readable(thrown);
  return error instanceof LabError ? error.exitCode : exitCodes.crash;
}
