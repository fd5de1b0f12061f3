/** Which of the arrays in a file is meant. */
import { dataError, quoted } from '../formats/data-error.ts';

/** Names a message lists. */
const mostListed = 12;

/**
 * The one that was asked for by name, else the only one.
 * @param names of all that are there
 * @throws {LabError} exit code 65, which lists what is there
 */
export function namedArray(names: readonly string[], wanted: string | undefined, file: string): string {
  const [first] = names;
  if (first === undefined) throw dataError(file, '', 'holds no arrays');
  if (wanted === undefined && names.length === 1) return first;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const more = names.length > mostListed ? ` and ${names.length - mostListed} more` : '';
  const listed = `${names.slice(0, mostListed).map(quoted).join(', ')}${more}`;
  const what =
    wanted === undefined ? 'several arrays; name one with --dataset' : `no array ${quoted(wanted)}`;
  throw dataError(file, '', `${what}; there are ${listed}`.slice(0, 290));
}
