/** The claim of figure 3a: induction strength of the second block's heads over training. */
import { strengthCurves } from '../../../src/analyse/attention-readouts.ts';
import { peakOf, valueAt } from '../../../src/evaluate/curve.ts';
import { formatAccuracy, formatSequences } from '../../../src/report/format.ts';
import { type AttentionMoment, upTo } from '../mechanism/attention-tables.ts';
import type { Finding } from './criterion.ts';
import type { MechanismClaim } from './mechanism-claim.ts';
import { headsWhere, spread } from './query-attention-checks.ts';
import { sameNumbers, wholeRun } from './query-attention-claims.ts';
import { missingText, type RunView, sequencesAt, type Time } from './run-view.ts';

type Moments = readonly AttentionMoment[];

interface StrengthRule {
  /** Before it every head is near 0. */
  readonly emergence: Time;
  /** Every head's maximum lies within so many sequences of Flip's. */
  readonly peakWithin: number;
}

function checkStrengths(run: RunView, moments: Moments, rule: StrengthRule): Finding {
  const [emergence, flipPeak] = [
    sequencesAt(run, rule.emergence),
    sequencesAt(run, { at: 'moment', moment: 2, times: 1 }),
  ];
  if (emergence === undefined)
    return { holds: undefined, measured: '', why: missingText(run, rule.emergence) };
  if (flipPeak === undefined)
    return { holds: false, measured: '', why: missingText(run, { at: 'moment', moment: 2, times: 1 }) };
  const curves = strengthCurves(moments, 'flip', 1);
  if (curves.length === 0) return { holds: undefined, measured: '', why: 'the model has no second block' };
  const against: string[] = [];
  const peaks = curves.map((curve) => peakOf(curve) ?? { sequences: 0, value: 0 });
  const ends = curves.map((curve) => curve.at(-1)?.value ?? 0);
  const early = curves.map((curve) =>
    Math.max(0, ...curve.filter((p) => p.sequences < emergence).map((p) => Math.abs(p.value))),
  );
  const tell = (values: readonly number[], isSo: (value: number) => boolean, what: string) => {
    const found = headsWhere(values, isSo);
    if (found) against.push(`${found} ${what}`);
  };
  tell(early, (value) => value >= 0.05, 'before it emerges, not below .05');
  const highest = peaks.map(({ value }) => value);
  tell(highest, (value) => value < 0.15 || value > 0.6, 'at its maximum, not in [.15, .60]');
  const late = peaks.filter(({ sequences }) => Math.abs(sequences - flipPeak) > rule.peakWithin);
  if (late.length > 0) against.push(`${late.length} heads have their maximum at another time than Flip`);
  tell(ends, (value) => value >= 0, 'at the end: does not cross 0');
  tell(ends, (value) => value < -0.75 || value > -0.3, 'at the end, not in [-.75, -.30]');
  const atPeak = curves.map((curve) => valueAt(curve, flipPeak) ?? Number.NaN);
  const apart = Math.max(...atPeak) - Math.min(...atPeak);
  if (!(apart <= 0.2)) against.push(`at Flip's maximum heads are ${formatAccuracy(apart, 3)} apart`);
  const times = peaks.map(({ sequences }) => sequences);
  const measured =
    `maxima ${spread(highest)} at ${formatSequences(Math.min(...times))} to ` +
    `${formatSequences(Math.max(...times))} (Flip's at ${formatSequences(flipPeak)}), at the end ` +
    `${spread(ends)}, at most ${formatAccuracy(apart, 3)} apart at Flip's maximum`;
  return { holds: against.length === 0, measured, why: against.join('; ') };
}

const heads =
  "every head: below .05 either way before that, its maximum in [.15, .60], then across 0, at the end in [-.75, -.30]; at Flip's maximum all within .20";

export const fig3aClaims: readonly MechanismClaim<Moments>[] = [
  {
    id: 'F3a-01',
    where: 'figure 3a',
    what: 'The same heads that do ICL do CIWL later: all rise together, turn and cross 0',
    how: 'attention from the query to the label ICL would choose less that to the other, per head of the second block, mean over Flip',
    paper:
      'near 0 until 3M, maxima .28 to .333 at 4.0M to 4.4M, across 0 at 6.2M to 6.9M, -.51 to -.55 at 20M',
    rules: {
      paper: {
        needs: { at: 'sequences', sequences: 2e7 },
        passRule: `emergence at 3M; ${heads}; maxima within 1M of Flip's`,
        reason: 'Set around what the figure shows, before any run was judged.',
        check: (run, moments) =>
          checkStrengths(run, upTo(moments, 2e7), {
            emergence: { at: 'sequences', sequences: 3e6 },
            peakWithin: 1e6,
          }),
      },
      quick: {
        needs: wholeRun,
        passRule: `emergence at .9 times moment 1; ${heads}; maxima within 5% of the run of Flip's`,
        reason: `${sameNumbers} Times are the paper scale's, told by moment 1 and as shares of the run.`,
        check: (run, moments) =>
          checkStrengths(run, moments, {
            emergence: { at: 'moment', moment: 1, times: 0.9 },
            peakWithin: 0.05 * run.length,
          }),
      },
    },
  },
];
