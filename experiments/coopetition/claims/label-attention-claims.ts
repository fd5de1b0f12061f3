/** The claims of figure 14: what label tokens of the first block look at over training. */
import { labelAttentionCurves, type LabelTarget } from '../../../src/analyse/attention-readouts.ts';
import type { EvaluatorName } from '../../../src/data/evaluators.ts';
import { type Curve, valueAt } from '../../../src/evaluate/curve.ts';
import { formatAccuracy, formatSequences } from '../../../src/report/format.ts';
import { type AttentionMoment, upTo } from '../mechanism/attention-tables.ts';
import type { Finding } from './criterion.ts';
import { joined, type MechanismClaim } from './mechanism-claim.ts';
import { sameNumbers, wholeRun } from './query-attention-claims.ts';
import { missingText, type RunView, sequencesAt, type Time } from './run-view.ts';

type Moments = readonly AttentionMoment[];

const curves = (moments: Moments, evaluator: EvaluatorName, target: LabelTarget): Curve[] =>
  labelAttentionCurves(moments, evaluator, 0, target);

const cannotTell = (run: RunView, time: Time): Finding => ({
  holds: undefined,
  measured: '',
  why: missingText(run, time),
});

interface TransientRule {
  readonly window: readonly [from: Time, to: Time];
  readonly flipPeak: Time;
}

/** Values a head must have at its highest, and how many times its last value that must be. */
const transientHead = { atLeast: 0.1, timesItsEnd: 1.5 } as const;

/** The highest point of a curve that is no lower than its neighbours, within a window. */
function highestLocalMaximum(curve: Curve, from: number, to: number) {
  const maxima = curve.filter(({ sequences, value }, i) => {
    const [before, after] = [curve[i - 1], curve[i + 1]];
    const isInside = sequences >= from && sequences <= to && before !== undefined && after !== undefined;
    return isInside && value >= before.value && value >= after.value;
  });
  return maxima.toSorted((a, b) => b.value - a.value)[0];
}

/** Some head looks back at the exemplar before a label, most of all while ICL emerges, and less in the end. */
function checkTransientHead(run: RunView, moments: Moments, rule: TransientRule): Finding {
  const [from, to] = rule.window.map((time) => sequencesAt(run, time));
  const peak = sequencesAt(run, rule.flipPeak);
  if (from === undefined) return cannotTell(run, rule.window[0]);
  if (to === undefined) return cannotTell(run, rule.window[1]);
  if (peak === undefined) return cannotTell(run, rule.flipPeak);
  const heads = curves(moments, 'train', 'previous');
  const found = heads
    .map((curve, head) => ({
      head,
      top: highestLocalMaximum(curve, from, to),
      end: curve.at(-1)?.value ?? 0,
    }))
    .flatMap(({ head, top, end }) => (top && top.value >= transientHead.atLeast ? [{ head, top, end }] : []))
    .toSorted((a, b) => b.top.value / b.end - a.top.value / a.end);
  const [best] = found;
  const atPeak = Math.max(...heads.map((curve) => valueAt(curve, peak) ?? 0));
  const { atLeast, timesItsEnd } = transientHead;
  return joined([
    {
      measured: found
        .map(
          ({ head, top, end }) =>
            `head ${head} ${formatAccuracy(top.value, 3)} at ${formatSequences(top.sequences)}, ${formatAccuracy(end, 3)} at the end`,
        )
        .join(', '),
      against:
        best && best.top.value >= timesItsEnd * best.end
          ? []
          : [`no head has a maximum of at least ${timesItsEnd} times its value at the end`],
    },
    {
      measured: `most at Flip's maximum: ${formatAccuracy(atPeak, 3)}`,
      against: atPeak >= atLeast ? [] : [`no head has ${formatAccuracy(atLeast)} at Flip's maximum`],
    },
  ]);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** Most heads turn from the exemplar to the label itself, abruptly. */
function checkSelf(run: RunView, moments: Moments, window: readonly [Time, Time]): Finding {
  const [from, to] = window.map((time) => sequencesAt(run, time));
  if (from === undefined) return cannotTell(run, window[0]);
  if (to === undefined) return cannotTell(run, window[1]);
  const heads = curves(moments, 'train', 'self');
  const medianAt = (sequences: number) =>
    median(heads.map((curve) => valueAt(curve, sequences) ?? Number.NaN));
  const end = median(heads.map((curve) => curve.at(-1)?.value ?? Number.NaN));
  const jump = medianAt(to) - medianAt(from);
  const against: string[] = [];
  if (!(end >= 0.85)) against.push('the median head ends below .85');
  if (!(jump >= 0.1)) against.push('it does not rise by .10 in that time');
  return {
    holds: against.length === 0,
    measured:
      `median head ${formatAccuracy(end, 3)} at the end, ${formatAccuracy(jump, 3)} more at ` +
      `${formatSequences(to)} than at ${formatSequences(from)}`,
    why: against.join('; '),
  };
}

/** The first block does the same whatever the sequences: train and Flip differ little. */
function checkAlike(run: RunView, moments: Moments, from: Time): Finding {
  const start = sequencesAt(run, from);
  if (start === undefined) return cannotTell(run, from);
  const apart = (['previous', 'self'] as const).flatMap((target) => {
    const flip = curves(moments, 'flip', target);
    return curves(moments, 'train', target).flatMap((curve, head) =>
      curve
        .filter(({ sequences }) => sequences >= start)
        .map(({ sequences, value }) => ({
          head,
          sequences,
          difference: Math.abs(value - (valueAt(flip[head] ?? [], sequences) ?? Number.NaN)),
        })),
    );
  });
  if (apart.length === 0)
    return { holds: undefined, measured: '', why: 'no weights were kept after that time' };
  const most = apart.reduce((a, b) => (b.difference > a.difference ? b : a));
  return {
    holds: most.difference <= 0.05,
    measured: `at most ${formatAccuracy(most.difference, 3)} apart (head ${most.head} at ${formatSequences(most.sequences)})`,
    why: most.difference <= 0.05 ? '' : 'that is more than .05',
  };
}

const at = (sequences: number): Time => ({ at: 'sequences', sequences });
const moment = (number: 1 | 2 | 4, times: number): Time => ({ at: 'moment', moment: number, times });

const paperTransient: TransientRule = { window: [at(3e6), at(1.2e7)], flipPeak: moment(2, 1) };
const quickTransient: TransientRule = { window: [moment(1, 0.9), moment(4, 1)], flipPeak: moment(2, 1) };
const paperJump = [at(3e6), at(4.5e6)] as const;
const quickJump = [moment(1, 0.9), moment(2, 1.05)] as const;

const transientRule =
  "a head of block 0 whose highest value in that time, at least .1, is at least 1.5 times its value at the end; some head at least .1 at Flip's maximum";

export const fig14Claims: readonly MechanismClaim<Moments>[] = [
  {
    id: 'F14-01',
    where: 'figure 14, top',
    what: 'A previous-token head comes with ICL and fades with it',
    how: 'attention of label tokens to the exemplar before them in the first block, on train, mean over both labels and both places of the correct one',
    paper: 'head 1: .10 at 3M, .178 at 3.9M, .232 at 8.8M, .112 at 20M; all others at most .05',
    rules: {
      paper: {
        needs: at(2e7),
        passRule: `between 3M and 12M ${transientRule}`,
        reason:
          'Which head it is, is a matter of the seed. That it reaches .1 is ours: a head near 0 doubles by chance.',
        check: (run, moments) => checkTransientHead(run, upTo(moments, 2e7), paperTransient),
      },
      quick: {
        needs: wholeRun,
        passRule: `between .9 times moment 1 and moment 4 ${transientRule}`,
        reason: `${sameNumbers} The time is the paper scale's, told by its own moments.`,
        check: (run, moments) => checkTransientHead(run, moments, quickTransient),
      },
    },
  },
  {
    id: 'F14-02',
    where: 'figure 14, bottom',
    what: 'As ICL emerges most heads of the first block turn to the label itself',
    how: 'attention of label tokens to themselves in the first block, on train',
    paper: 'all heads but 1: .7 at 2M to 3M, .88 to .93 at 4.5M, .95 to .98 at 20M',
    rules: {
      paper: {
        needs: at(2e7),
        passRule: 'the median head >= .85 at the end, and at 4.5M at least .10 more than at 3M',
        reason: 'Set around what the figure shows, before any run was judged.',
        check: (run, moments) => checkSelf(run, upTo(moments, 2e7), paperJump),
      },
      quick: {
        needs: wholeRun,
        passRule:
          'the median head >= .85 at the end, and at 1.05 times moment 2 at least .10 more than at .9 times moment 1',
        reason: `${sameNumbers} The time is the paper scale's, told by its own moments.`,
        check: (run, moments) => checkSelf(run, moments, quickJump),
      },
    },
  },
  {
    id: 'F14-03',
    where: 'figure 14, caption',
    what: 'The first block does the same on train, CIWL and Flip',
    how: 'the same attention on train and on Flip, head by head',
    paper: 'panels of train, CIWL and Flip within .02 of each other; that of ICL about .07 lower',
    rules: {
      paper: {
        needs: at(2e7),
        passRule: 'from 4M on train and Flip within .05, every head',
        reason: 'More than twice what the figure shows.',
        check: (run, moments) => checkAlike(run, upTo(moments, 2e7), at(4e6)),
      },
      quick: {
        needs: wholeRun,
        passRule: 'from .93 times moment 2 on train and Flip within .05, every head',
        reason: `${sameNumbers} The time is the paper scale's, told by its own moments.`,
        check: (run, moments) => checkAlike(run, moments, moment(2, 0.93)),
      },
    },
  },
];
