/** One golden file, read and checked: what `iclab verify` prints. */
import { dataError } from '../formats/data-error.ts';
import { type Comparison, type GroupSummary, summariseGroups } from './compare.ts';
import { readGoldenFile } from './golden-file.ts';
import type { CreateGoldenSubject } from './golden-subject.ts';
import { verifyDraws } from './verify-draws.ts';
import { verifyTrace } from './verify-trace.ts';

export interface CheckedReport {
  readonly status: 'checked';
  readonly file: string;
  /** What produced our numbers. */
  readonly engine: string;
  readonly comparisons: readonly Comparison[];
  readonly groups: readonly GroupSummary[];
  readonly ok: boolean;
}

export interface UnsupportedReport {
  readonly status: 'notSupported';
  readonly file: string;
  /** Why, for the reader; not a failure. */
  readonly reason: string;
}

export type GoldenReport = CheckedReport | UnsupportedReport;

/**
 * @param file what to call the file
 * @param createSubject makes the model under test, on the engine under test
 * @throws LabError (exit code 65) when the file is damaged or holds nothing to compare
 */
export function verifyGolden(
  bytes: Uint8Array,
  file: string,
  createSubject: CreateGoldenSubject,
): GoldenReport {
  const golden = readGoldenFile(bytes, file);
  if (golden.kind === 'interventions') {
    return {
      status: 'notSupported',
      file,
      reason: `interventions are not yet supported (${golden.settings.length} settings)`,
    };
  }
  const { engine, comparisons } =
    golden.kind === 'trace'
      ? verifyTrace(golden, createSubject)
      : { engine: 'jax-random and initialise (float32)', comparisons: verifyDraws(golden) };
  if (comparisons.length === 0) throw dataError(file, '', 'holds nothing to compare');
  const groups = summariseGroups(comparisons);
  return { status: 'checked', file, engine, comparisons, groups, ok: groups.every((group) => group.ok) };
}
