/**
 * Runs the cases of a fuzz campaign against one promise: what a reader is given, it gives back a valid value or one
 * `LabError` of a single short line that names the file; nothing else, never for long, and nothing changed elsewhere.
 */
import { expect } from 'vitest';
import { type exitCodes, LabError } from '../../src/errors/lab-error.ts';
import { campaignSize, tellFigures } from '../campaign.ts';
import { FuzzRandom } from './random.ts';

export interface FuzzCase<T> {
  readonly read: () => T | Promise<T>;
  /** What every complaint begins with. */
  readonly names: string;
  /** Throws where a value that was given back is not valid. */
  readonly check: (value: T) => void | Promise<void>;
  /** For the report of a failure: what was read. */
  readonly input: () => string;
}

export interface FuzzCampaign<T> {
  readonly name: string;
  readonly seed: number;
  readonly exitCode: (typeof exitCodes)['badInput' | 'badData'];
  /** Kinds of complaints that must come up at least; 3 unless a reader has fewer. */
  readonly complaints?: number;
  readonly makeCase: (random: FuzzRandom) => FuzzCase<T> | Promise<FuzzCase<T>>;
}

/** Milliseconds a case may take; far above what any takes, so that only a hang is one. */
const longestCaseMs = 2000;
const longestMessage = 500;

/** Words of the machinery behind a reader, which tell its user nothing. */
const internal =
  /\bzod|undefined is not|is not a function|cannot read prop|is not iterable|\[object|NaN-|Maximum call stack|Unexpected token|Map\(|ERR_[A-Z]/i;

/** Control characters, and those that change the direction of writing or are not seen. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** Why a thrown value is no good complaint; undefined where it is one. */
export function complaintProblem(error: unknown, names: string, exitCode: number): string | undefined {
  if (!(error instanceof LabError))
    return `threw ${String(error)} ${error instanceof Error ? error.stack : ''}`;
  const { message } = error;
  if (error.exitCode !== exitCode) return `exit code ${error.exitCode}: ${message}`;
  if (!message.startsWith(names)) return `does not begin with ${names}: ${message.slice(0, 300)}`;
  if (message.length > longestMessage) return `${message.length} characters: ${message.slice(0, 600)}`;
  if (unprintable.test(message)) return `unprintable: ${JSON.stringify(message)}`;
  // What is quoted are the file's own words.
  if (internal.test(message.slice(names.length).replace(/"(?:[^"\\]|\\.)*"/g, '""')))
    return `internal words: ${message}`;
  return undefined;
}

/** Runs the campaign; the first case that breaks the promise fails it, with its index and input. */
export async function expectFuzzed<T>(
  { name, seed, exitCode, complaints = 3, makeCase }: FuzzCampaign<T>,
  size: { readonly ci: number; readonly long: number },
): Promise<void> {
  const cases = campaignSize(size);
  const only = process.env.FUZZ_CASE === undefined ? undefined : Number(process.env.FUZZ_CASE);
  let accepted = 0;
  let longestMs = 0;
  const kinds = new Set<string>();
  const started = performance.now();
  for (let index = only ?? 0; index < (only === undefined ? cases : only + 1); index++) {
    const fuzzCase = await makeCase(new FuzzRandom(seed, index));
    const begun = performance.now();
    const problem = await problemOf(fuzzCase, exitCode, (message) => {
      if (message === undefined) accepted++;
      else kinds.add(message.slice(fuzzCase.names.length).replace(/"[^"]*"|\d+|\S*\.\S*/g, ''));
    });
    const tookMs = performance.now() - begun;
    longestMs = Math.max(longestMs, tookMs);
    const slow = tookMs > longestCaseMs ? `took ${Math.round(tookMs)} ms` : undefined;
    const found = problem ?? slow;
    if (found !== undefined) {
      expect.fail(
        `${name}, seed ${seed}, case ${index}: ${found}\nFUZZ_CASE=${index} runs it alone; input: ${JSON.stringify(fuzzCase.input().slice(0, 3000))}`,
      );
    }
  }
  const seconds = (performance.now() - started) / 1000;
  // A campaign that never gets through, or never is refused, tests half of the promise only.
  if (only === undefined) expect(accepted, `${name}: accepted`).toBeGreaterThan(0);
  if (only === undefined)
    expect(kinds.size, `${name}: kinds of complaints`).toBeGreaterThanOrEqual(complaints);
  tellFigures(name, {
    cases,
    'valid values': accepted,
    'kinds of complaints': kinds.size,
    'longest ms': Math.round(longestMs),
    'cases per second': Math.round(cases / seconds),
  });
}

async function problemOf<T>(
  { read, names, check }: FuzzCase<T>,
  exitCode: number,
  tell: (message: string | undefined) => void,
): Promise<string | undefined> {
  let value: T;
  try {
    value = await read();
  } catch (error) {
    tell(error instanceof Error ? error.message : '');
    return complaintProblem(error, names, exitCode) ?? pollution();
  }
  tell(undefined);
  try {
    await check(value);
  } catch (error) {
    return `gave back what is not valid: ${error instanceof Error ? error.message : String(error)}`;
  }
  return pollution();
}

/** What a reader left on every object, as `__proto__` in a file may. */
function pollution(): string | undefined {
  for (const name in {}) return `every object now has "${name}"`;
  return undefined;
}
