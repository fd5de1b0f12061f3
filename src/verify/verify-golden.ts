/** One golden file, read and checked: what `iclab verify` prints. */
import { dataError } from '../formats/data-error.ts';
import { type Comparison, type GroupSummary, summariseGroups } from './compare.ts';
import { type GoldenFile, readGoldenFile } from './golden-file.ts';
import type { CreateGoldenSubject } from './golden-subject.ts';
import { verifyDraws } from './verify-draws.ts';
import { verifyInterventions } from './verify-interventions.ts';
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

/**
 * @param file what to call the file
 * @param createSubject makes the model under test, on the engine under test
 * @throws LabError (exit code 65) when the file is damaged or holds nothing to compare
 */
export function verifyGolden(
  bytes: Uint8Array,
  file: string,
  createSubject: CreateGoldenSubject,
): CheckedReport {
  const golden = readGoldenFile(bytes, file);
  const { engine, comparisons } = checkGolden(golden, createSubject);
  if (comparisons.length === 0) throw dataError(file, '', 'holds nothing to compare');
  const groups = summariseGroups(comparisons);
  return { status: 'checked', file, engine, comparisons, groups, ok: groups.every((group) => group.ok) };
}

function checkGolden(
  golden: GoldenFile,
  createSubject: CreateGoldenSubject,
): { engine: string; comparisons: Comparison[] } {
  switch (golden.kind) {
    case 'trace':
      return verifyTrace(golden, createSubject);
    case 'interventions':
      return verifyInterventions(golden, createSubject);
    case 'draws':
      return { engine: 'jax-random and initialise (float32)', comparisons: verifyDraws(golden) };
  }
}
