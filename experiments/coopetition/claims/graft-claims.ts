/** The claims of figures 3b and 3c: which half of the model changes as strategies come and go. */
import { graftEvaluators } from '../../../src/analyse/grafts.ts';
import { valueAt } from '../../../src/evaluate/curve.ts';
import { formatAccuracy, formatSequences } from '../../../src/report/format.ts';
import { mean } from '../mechanism/attention-tables.ts';
import { graftCurve, type GraftedTraining } from '../mechanism/graft-tables.ts';
import { seriesStyles } from '../fig1b/series.ts';
import type { Finding } from './criterion.ts';
import type { MechanismClaim } from './mechanism-claim.ts';
import { sameNumbers, wholeRun } from './query-attention-claims.ts';
import { missingText, type RunView, sequencesAt, type Time } from './run-view.ts';

const paperTime: Time = { at: 'sequences', sequences: 2e7 };

/** Per evaluator, how far the grafted model is from the run where `isIn` holds. */
function differences(run: RunView, { moments }: GraftedTraining, isIn: (sequences: number) => boolean) {
  return graftEvaluators.map((evaluator) => ({
    name: seriesStyles[evaluator].name,
    values: graftCurve(moments, evaluator).flatMap(({ sequences, value }) => {
      const plain = valueAt(run.curves[evaluator], sequences);
      return isIn(sequences) && plain !== undefined ? [value - plain] : [];
    }),
  }));
}

function checkSame(run: RunView, graft: GraftedTraining, from: Time): Finding {
  const start = sequencesAt(run, from);
  if (start === undefined) return { holds: false, measured: '', why: missingText(run, from) };
  const found = differences(run, graft, (sequences) => sequences >= start).filter(
    ({ values }) => values.length > 0,
  );
  if (found.length < graftEvaluators.length)
    return { holds: undefined, measured: '', why: 'no weights were kept so late, or not all was evaluated' };
  const against: string[] = [];
  const parts = found.map(({ name, values }) => {
    const sizes = values.map(Math.abs);
    const [most, average] = [Math.max(...sizes), mean(sizes)];
    if (most > 0.12) against.push(`${name} differs by more than .12`);
    if (average > 0.04) against.push(`${name} differs by more than .04 in the mean`);
    return `${name} ${formatAccuracy(most, 3)} (mean ${formatAccuracy(average, 3)})`;
  });
  return {
    holds: against.length === 0,
    measured: `from ${formatSequences(start)} on at most ${parts.join(', ')} from the run`,
    why: against.join('; '),
  };
}

function checkEarly(run: RunView, graft: GraftedTraining, until: Time): Finding {
  const end = sequencesAt(run, until);
  if (end === undefined) return { holds: undefined, measured: '', why: missingText(run, until) };
  const [train] = differences(run, graft, (sequences) => sequences < end);
  if (train.values.length === 0)
    return { holds: undefined, measured: '', why: 'no weights were kept so early' };
  const more = mean(train.values);
  return {
    holds: more >= 0 && more <= 0.06,
    measured: `before ${formatSequences(end)} train is ${formatAccuracy(more, 3)} above the run in the mean`,
    why: more < 0 ? 'that is below it' : more > 0.06 ? 'that is more than .06' : '',
  };
}

function checkRiseAndFall({ moments }: GraftedTraining, endsAtMost: number): Finding {
  const flip = graftCurve(moments, 'flip').map(({ value }) => value);
  const [most, end] = [Math.max(...flip), flip.at(-1) ?? Number.NaN];
  const against = [
    ...(most >= 0.6 ? [] : ['Flip stays below .60']),
    ...(end <= endsAtMost ? [] : [`Flip ends above ${formatAccuracy(endsAtMost)}`]),
  ];
  return {
    holds: against.length === 0,
    measured: `Flip's maximum ${formatAccuracy(most, 3)}, at the end ${formatAccuracy(end, 3)}`,
    why: against.join('; '),
  };
}

const sameRule = 'every evaluator at most .12 from the run, and .04 in the mean';
const earlyRule = 'train in the mean 0 to .06 above the run';

export const fig3bClaims: readonly MechanismClaim<GraftedTraining>[] = [
  {
    id: 'F3b-01',
    where: 'figure 3b',
    what: 'The second block is ready early: with its later weights the model behaves as it did',
    how: 'in-context accuracy with second block, final norm and unembedding of 20M, against the run itself',
    paper: 'within .02 from 10M on; at 4M to 8M up to .07 (ICL .836 and .771 at 6M)',
    rules: {
      paper: {
        needs: paperTime,
        passRule: `from 4M on ${sameRule}`,
        reason: 'Set around what the figure shows, before any run was judged.',
        check: (run, graft) => checkSame(run, graft, { at: 'sequences', sequences: 4e6 }),
      },
      quick: {
        needs: wholeRun,
        passRule: `from .93 times moment 2 on ${sameRule}`,
        reason: `${sameNumbers} The paper's 4M is .93 times its own moment 2.`,
        check: (run, graft) => checkSame(run, graft, { at: 'moment', moment: 2, times: 0.93 }),
      },
    },
  },
  {
    id: 'F3b-02',
    where: 'figure 3b',
    what: 'Before anything has emerged the later half gives train a little more',
    how: 'train with the later half less train of the run, mean over the time before 3M',
    paper: 'train .556, CIWL .533, Flip .469, ICL about .505',
    rules: {
      paper: {
        needs: paperTime,
        passRule: `before 3M ${earlyRule}`,
        reason: 'Set around what the figure shows, before any run was judged.',
        check: (run, graft) => checkEarly(run, graft, { at: 'sequences', sequences: 3e6 }),
      },
      quick: {
        needs: wholeRun,
        passRule: `before .9 times moment 1 ${earlyRule}`,
        reason: `${sameNumbers} The paper's 3M is .9 times its own moment 1.`,
        check: (run, graft) => checkEarly(run, graft, { at: 'moment', moment: 1, times: 0.9 }),
      },
    },
  },
  {
    id: 'F3b-03',
    where: 'figure 3b, caption',
    what: 'So it is the first block whose changes make ICL rise and fall',
    how: 'Flip with the later half, its maximum and its end',
    paper: 'maximum .70',
    rules: {
      paper: {
        needs: paperTime,
        passRule: 'maximum >= .6, end <= .1',
        reason: 'Set around what the figure shows, before any run was judged.',
        check: (_run, graft) => checkRiseAndFall(graft, 0.1),
      },
      quick: {
        needs: wholeRun,
        passRule: 'maximum >= .6, end <= .20',
        reason: 'The end has the bound of F1b-08 at this scale.',
        check: (_run, graft) => checkRiseAndFall(graft, 0.2),
      },
    },
  },
];

function checkStays(graft: GraftedTraining | undefined): Finding {
  if (!graft || graft.moments.length < 2)
    return { holds: undefined, measured: '', why: 'fewer than two moments have their weights kept' };
  const against: string[] = [];
  const parts = graftEvaluators.map((evaluator) => {
    const { name } = seriesStyles[evaluator];
    const values = graftCurve(graft.moments, evaluator).map(({ value }) => value);
    const [start, end] = [values[0], values.at(-1) ?? Number.NaN];
    const range = Math.max(...values) - Math.min(...values);
    if (Math.abs(end - start) > 0.06) against.push(`${name} ends more than .06 from where it began`);
    if (range > 0.08) against.push(`${name} varies by ${formatAccuracy(range, 3)}, more than .08`);
    return `${name} ${formatAccuracy(start, 3)} to ${formatAccuracy(end, 3)}`;
  });
  return {
    holds: against.length === 0,
    measured: `from ${formatSequences(graft.donor)} on ${parts.join(', ')}`,
    why: against.join('; '),
  };
}

const staysRule = 'every evaluator ends within .06 of where it began and stays within a range of .08';

function staysClaim(
  number: number,
  paperAt: string,
  quickAt: string,
  paper: string,
): MechanismClaim<readonly GraftedTraining[]> {
  const check = (_run: RunView, grafts: readonly GraftedTraining[]) => checkStays(grafts[number - 1]);
  return {
    id: `F3c-0${number}`,
    where: 'figure 3c',
    what: `With embeddings and first block of ${paperAt} (${quickAt}) nothing changes any more, whatever the second block becomes`,
    how: `in-context accuracy from ${paperAt} on, with that first half throughout`,
    paper,
    rules: {
      paper: {
        needs: paperTime,
        passRule: staysRule,
        reason: 'Set around what the figure shows, before any run was judged.',
        check,
      },
      quick: {
        needs: wholeRun,
        passRule: `from the moment ${quickAt} on ${staysRule}`,
        reason: `${sameNumbers} The paper's ${paperAt} is that moment of its own run.`,
        check,
      },
    },
  };
}

export const fig3cClaims: readonly MechanismClaim<readonly GraftedTraining[]>[] = [
  staysClaim(
    1,
    '4.25M',
    "of Flip's maximum",
    'train .812 to .814, ICL .768 to .741, CIWL .567 to .582, Flip .718 to .700',
  ),
  staysClaim(
    2,
    '7.75M',
    "of ICL's maximum",
    'train .951 to .945, ICL .895 to .877, CIWL .812 to .824, Flip .311 to .284',
  ),
  staysClaim(
    3,
    '15M',
    'when CIWL is learnt',
    'train .969 to .970, ICL .626 to .641, CIWL .954 to .955, Flip .045 to .045',
  ),
];
