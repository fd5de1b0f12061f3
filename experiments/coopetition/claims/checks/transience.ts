/** Judges transience: how far ICL has fallen from its peak by a late time. */
import { peakOf } from '../../../../src/evaluate/curve.ts';
import { formatAccuracy, formatSequences } from '../../../../src/report/format.ts';
import type { Finding, TransienceCriterion } from '../criterion.ts';
import { type RunView, sequencesAt, valueNear } from '../run-view.ts';

export function checkTransience(run: RunView, criterion: TransienceCriterion): Finding {
  const peak = peakOf(run.curves.icl);
  const at = sequencesAt(run, criterion.at);
  const late = at === undefined ? undefined : valueNear(run, 'icl', at);
  if (peak === undefined || at === undefined || late === undefined) {
    return { holds: undefined, measured: '', why: 'ICL was not evaluated then' };
  }
  const drop = peak.value - late;
  const holds = drop >= criterion.drop;
  return {
    holds,
    measured: `max ICL ${formatAccuracy(peak.value, 3)} - ${formatAccuracy(late, 3)} at ${formatSequences(at)} = ${formatAccuracy(drop, 3)}`,
    why: holds ? '' : `the drop is less than ${formatAccuracy(criterion.drop)}`,
  };
}
