/** What the tests of mechanism claims share: a run of the paper's length, and verdicts in a word each. */
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { madeUpRun, runInfo } from '../fig1b/test-tables.ts';
import type { RunScale } from '../scale.ts';
import { judgeMechanism, type MechanismClaim } from './mechanism-claim.ts';
import { viewRun } from './run-view.ts';

/** A run of the paper's length at its scale, with the paper's curves. */
export const paperMetrics = madeUpRun(
  {
    train: [
      [0, 0.5],
      [6.4e7, 0.986],
    ],
    ciwl: [
      [0, 0.5],
      [6.4e7, 0.987],
    ],
    flip: [
      [0, 0.5],
      [6.4e7, 0.015],
    ],
  },
  6.4e7,
  1e6,
);

export function verdicts<Tables>(
  of: readonly MechanismClaim<Tables>[],
  metrics: MetricsTable,
  tables: Tables,
  scale: RunScale = 'paper',
  length = 6.4e7,
): Record<string, string> {
  const info = { ...runInfo(scale, length), scaleSequences: scale === 'paper' ? 2e7 : length };
  const judged = judgeMechanism(of, viewRun(metrics, info), tables, info);
  return Object.fromEntries(
    judged.map(({ id, verdict, why }) => [id, why === '' ? verdict : `${verdict}: ${why}`]),
  );
}
