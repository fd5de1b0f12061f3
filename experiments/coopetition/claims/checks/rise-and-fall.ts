/** Judges when Flip crosses .5: the rise (moment 1) and its speed, the fall (moment 3). */
import { firstAtLeast } from '../../../../src/evaluate/curve.ts';
import { formatSequences } from '../../../../src/report/format.ts';
import type { FallCriterion, Finding, RiseCriterion } from '../criterion.ts';
import { type RunView, sequencesAt, type Time, timeText } from '../run-view.ts';

/** What is against a time that should fall within a window; empty where it does. */
function outside(run: RunView, sequences: number, [from, to]: readonly [Time, Time]): string[] {
  const [earliest, latest] = [sequencesAt(run, from), sequencesAt(run, to)];
  if (earliest === undefined || sequences < earliest) return [`that is before ${timeText(from)}`];
  if (latest === undefined || sequences > latest) return [`that is after ${timeText(to)}`];
  return [];
}

export function checkRise(run: RunView, criterion: RiseCriterion): Finding {
  if (run.curves.flip.length === 0) return { holds: undefined, measured: '', why: 'Flip was not evaluated' };
  const rise = run.moments[1];
  if (rise === undefined) return { holds: false, measured: 'no rise', why: 'Flip never rises through .5' };
  const sixTenths = firstAtLeast(run.curves.flip, 0.6, rise.sequences);
  const lasts = sixTenths === undefined ? undefined : sixTenths - rise.sequences;
  const against = outside(run, rise.sequences, criterion.window);
  if (lasts === undefined) against.push('Flip never reaches .6');
  else if (lasts >= criterion.slowestSequences) {
    against.push(`.5 to .6 is not within ${formatSequences(criterion.slowestSequences)}`);
  }
  const speed = lasts === undefined ? '' : `, .5 to .6 in ${formatSequences(lasts)}`;
  const measured = `Flip rises through .5 at ${formatSequences(rise.sequences)}${speed}`;
  return { holds: against.length === 0, measured, why: against.join('; ') };
}

export function checkFall(run: RunView, criterion: FallCriterion): Finding {
  if (run.curves.flip.length === 0) return { holds: undefined, measured: '', why: 'Flip was not evaluated' };
  const fall = run.moments[3];
  if (fall === undefined) {
    const why =
      run.moments[1] === undefined
        ? 'Flip never rises through .5'
        : 'Flip never falls through .5 after its maximum';
    return { holds: false, measured: 'no fall', why };
  }
  const against = outside(run, fall.sequences, criterion.window);
  const measured = `Flip falls through .5 at ${formatSequences(fall.sequences)}`;
  return { holds: against.length === 0, measured, why: against.join('; ') };
}
