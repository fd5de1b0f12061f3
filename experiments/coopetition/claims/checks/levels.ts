/** Judges levels: means of evaluators over a stretch of time, each against its range. */
import { meanWithin, peakOf } from '../../../../src/evaluate/curve.ts';
import { formatAccuracy, formatSequences } from '../../../../src/report/format.ts';
import { fig1bEvaluators, seriesStyles } from '../../fig1b/series.ts';
import type { Finding, LevelsCriterion } from '../criterion.ts';
import { missingText, type RunView, sequencesAt, valueNear } from '../run-view.ts';

export function checkLevels(run: RunView, criterion: LevelsCriterion): Finding {
  const from = sequencesAt(run, criterion.from);
  const to = sequencesAt(run, criterion.to);
  if (from === undefined || to === undefined) {
    // A run that was not looked at in time proves nothing; a moment that never came is a finding.
    const holds = criterion.from.at === 'first evaluation' ? undefined : false;
    return { holds, measured: '', why: missingText(run, criterion.from) };
  }
  const measured: string[] = [];
  const against: string[] = [];
  for (const evaluator of fig1bEvaluators) {
    const range = criterion.ranges[evaluator];
    const belowPeak = evaluator === 'icl' ? criterion.iclBelowPeak : undefined;
    if (range === undefined && belowPeak === undefined) continue;
    const { name } = seriesStyles[evaluator];
    const value = from === to ? valueNear(run, evaluator, from) : meanWithin(run.curves[evaluator], from, to);
    if (value === undefined) {
      return {
        holds: undefined,
        measured: '',
        why: `${name} was not evaluated around ${formatSequences(from)}`,
      };
    }
    const shown = `${name} ${formatAccuracy(value, 3)}`;
    measured.push(shown);
    if (range !== undefined && value < range[0])
      against.push(`${name} ${formatAccuracy(value, 4)} is below ${formatAccuracy(range[0])}`);
    if (range !== undefined && value > range[1])
      against.push(`${name} ${formatAccuracy(value, 4)} is above ${formatAccuracy(range[1])}`);
    if (belowPeak === undefined) continue;
    const peak = peakOf(run.curves.icl)?.value ?? value;
    measured.push(`ICL's peak ${formatAccuracy(peak, 3)}`);
    // Both are shares of a whole number of sequences: the least bit of a float must not decide.
    if (peak - value < belowPeak - 1e-9) {
      against.push(
        `ICL is ${formatAccuracy(peak - value, 3)} below its peak, less than ${formatAccuracy(belowPeak)}`,
      );
    }
  }
  const when =
    from === to ? `at ${formatSequences(from)}` : `${formatSequences(from)} to ${formatSequences(to)}`;
  return {
    holds: against.length === 0,
    measured: `${measured.join(', ')} (${when})`,
    why: against.join('; '),
  };
}
