/** Judges a peak: how high an evaluator gets, when, and whether it comes down again. */
import { peakOf } from '../../../../src/evaluate/curve.ts';
import { formatAccuracy, formatSequences } from '../../../../src/report/format.ts';
import { seriesStyles } from '../../fig1b/series.ts';
import type { Finding, PeakCriterion } from '../criterion.ts';
import { type RunView, sequencesAt, timeText } from '../run-view.ts';

export function checkPeak(run: RunView, criterion: PeakCriterion): Finding {
  const { name } = seriesStyles[criterion.evaluator];
  const curve = run.curves[criterion.evaluator];
  const peak = peakOf(curve);
  if (peak === undefined) return { holds: undefined, measured: '', why: `${name} was not evaluated` };
  const measured = [`max ${name} ${formatAccuracy(peak.value, 3)} at ${formatSequences(peak.sequences)}`];
  const against: string[] = [];
  const [least, greatest] = criterion.range;
  if (peak.value < least) against.push(`the peak is below ${formatAccuracy(least)}`);
  if (peak.value > greatest) against.push(`the peak is above ${formatAccuracy(greatest)}`);
  if (criterion.window !== undefined) {
    const [from, to] = criterion.window;
    const [earliest, latest] = [sequencesAt(run, from), sequencesAt(run, to)];
    if (earliest === undefined || peak.sequences < earliest)
      against.push(`it comes before ${timeText(from)}`);
    if (latest === undefined || peak.sequences > latest) against.push(`it comes after ${timeText(to)}`);
  }
  if (criterion.laterAtMost !== undefined) {
    const later = curve.filter((point) => point.sequences > peak.sequences).map((point) => point.value);
    const lowest = later.length === 0 ? peak.value : Math.min(...later);
    measured.push(`later as low as ${formatAccuracy(lowest, 3)}`);
    if (lowest > criterion.laterAtMost) {
      against.push(`it does not fall to ${formatAccuracy(criterion.laterAtMost)} afterwards`);
    }
  }
  const holds = against.length === 0;
  const remark = criterion.remarkBelow;
  const remarked = holds && remark !== undefined && peak.value < remark.value ? remark.remark : '';
  return { holds, measured: measured.join(', '), why: holds ? remarked : against.join('; ') };
}
