/** Judges coexistence: for how long at a stretch ICL and CIWL are both above chance. */
import { type Curve, passesAt, valueAt } from '../../../../src/evaluate/curve.ts';
import { formatAccuracy, formatSequences, formatShare } from '../../../../src/report/format.ts';
import type { CoexistenceCriterion, Finding } from '../criterion.ts';
import { type RunView, sequencesAt } from '../run-view.ts';

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The lower of two curves at every time either has a point and both are known. */
function lowerOf(a: Curve, b: Curve): Curve {
  const times = [...new Set([...a, ...b].map((point) => point.sequences))].sort((x, y) => x - y);
  return times.flatMap((sequences) => {
    const [left, right] = [valueAt(a, sequences), valueAt(b, sequences)];
    return left === undefined || right === undefined ? [] : [{ sequences, value: Math.min(left, right) }];
  });
}

/** The longest stretch throughout which a curve is above a level, cut where its straight lines pass the level. */
export function longestAbove(curve: Curve, level: number): Stretch | undefined {
  let longest: Stretch | undefined;
  let start: number | undefined;
  curve.forEach((point, i) => {
    const before = i > 0 ? curve[i - 1] : undefined;
    if (point.value > level) {
      start ??= before === undefined ? point.sequences : passesAt(before, point, level);
    }
    if (start === undefined) return;
    const above = point.value > level;
    const to = above || before === undefined ? point.sequences : passesAt(before, point, level);
    if (longest === undefined || to - start > longest.to - longest.from) longest = { from: start, to };
    if (!above) start = undefined;
  });
  return longest;
}

export function checkCoexistence(run: RunView, criterion: CoexistenceCriterion): Finding {
  const both = lowerOf(run.curves.icl, run.curves.ciwl);
  if (both.length === 0) return { holds: undefined, measured: '', why: 'ICL or CIWL was not evaluated' };
  const level = formatAccuracy(criterion.above);
  const needed = sequencesAt(run, criterion.lasting) ?? run.length;
  const stretch = longestAbove(both, criterion.above);
  if (stretch === undefined) {
    return { holds: false, measured: 'no interval', why: `ICL and CIWL are never both above ${level}` };
  }
  const lasts = stretch.to - stretch.from;
  const measured =
    `both above ${level} from ${formatSequences(stretch.from)} to ${formatSequences(stretch.to)} ` +
    `(${formatSequences(lasts)}, ${formatShare(lasts / run.length)} of the run)`;
  const holds = lasts >= needed;
  return {
    holds,
    measured,
    why: holds ? '' : `the longest interval is shorter than ${formatSequences(needed)}`,
  };
}
