/** The claims of figures 2a and 12, and those of section 4.1 that need no intervention. */
import { formatAccuracy } from '../../../src/report/format.ts';
import type { AttentionMoment } from '../mechanism/attention-tables.ts';
import type { Finding } from './criterion.ts';
import type { MechanismClaim } from './mechanism-claim.ts';
import { checkShares, labelShares, type ShareRanges, spread } from './query-attention-checks.ts';
import type { RunView, Time } from './run-view.ts';

/** The paper's "end of training": of figures 2, 12 and 15 and section 4. */
export const paperEnd: Time = { at: 'sequences', sequences: 6.4e7 };
export const wholeRun: Time = { at: 'share', share: 1 };

export const sameNumbers =
  "The paper scale's numbers: shares of attention, which neither the rate nor the length of a run has a part in.";

const fig2aRanges: ShareRanges = { correct: [0.65, 0.95], other: [0.04, 0.3], restAtMost: 0.05 };
const fig12Ranges: ShareRanges = { ...fig2aRanges, apartAtMost: 0.05 };

const fig2aRule =
  'every head: on the correct label in [.65, .95], on the other in [.04, .30], on any other token <= .05';

function lastBlock({ table }: AttentionMoment): number {
  return table.depth - 1;
}

const checkFig2a = (_run: RunView, moment: AttentionMoment): Finding =>
  checkShares(labelShares(moment.table, lastBlock(moment), 0), fig2aRanges);

function checkFig12(_run: RunView, moment: AttentionMoment): Finding {
  const [first, second] = ([0, 1] as const).map((pair) => labelShares(moment.table, lastBlock(moment), pair));
  return checkShares(second, fig12Ranges, first);
}

function checkAccuracies(run: RunView, bounds: { train: number; ciwl: number; flip: number }): Finding {
  const [train, ciwl, flip] = (['train', 'ciwl', 'flip'] as const).map(
    (name) => run.curves[name].at(-1)?.value ?? Number.NaN,
  );
  if ([train, ciwl, flip].some(Number.isNaN))
    return { holds: undefined, measured: '', why: 'train, CIWL and Flip were not all evaluated' };
  const against: string[] = [];
  if (train < bounds.train) against.push(`train is below ${formatAccuracy(bounds.train)}`);
  if (ciwl < bounds.ciwl) against.push(`CIWL is below ${formatAccuracy(bounds.ciwl)}`);
  if (flip > bounds.flip) against.push(`Flip is above ${formatAccuracy(bounds.flip, 3)}`);
  const [t, c, f] = [train, ciwl, flip].map((value) => formatAccuracy(value, 3));
  return {
    holds: against.length === 0,
    measured: `train ${t}, CIWL ${c}, Flip ${f}`,
    why: against.join('; '),
  };
}

/** On train every head of the last block prefers the correct label; on Flip the one CIWL would choose, the other. */
function checkPreference(_run: RunView, { table }: AttentionMoment): Finding {
  const strengths = (evaluator: 'train' | 'flip') =>
    table.strengths.filter((each) => each.evaluator === evaluator && each.block === table.depth - 1);
  const [train, flip] = [strengths('train'), strengths('flip')];
  if (train.length === 0 || flip.length === 0)
    return { holds: undefined, measured: '', why: 'train and Flip were not both looked at' };
  const against = [
    ...train
      .filter(({ mean }) => mean <= 0)
      .map(({ head }) => `head ${head} does not prefer the correct label on train`),
    ...flip
      .filter(({ mean }) => mean >= 0)
      .map(({ head }) => `head ${head} does not prefer CIWL's label on Flip`),
  ];
  const measured =
    `correct less other label: train ${spread(train.map(({ mean }) => mean))}, ` +
    `Flip ${spread(flip.map(({ mean }) => mean))}`;
  return { holds: against.length === 0, measured, why: against.join('; ') };
}

export const fig2aClaims: readonly MechanismClaim<AttentionMoment>[] = [
  {
    id: 'F2a-01',
    where: 'figure 2a',
    what: 'In the end every head of the second block looks from the query at the correct label',
    how: 'mean attention over CIWL sequences whose correct label stands first, at 64M',
    paper:
      'on the correct label .805 to .835 (mean .819), on the other .148 to .161 (mean .156), elsewhere at most .013',
    rules: {
      paper: {
        needs: paperEnd,
        passRule: fig2aRule,
        reason: 'Set around what the figure shows, before any run was judged.',
        check: checkFig2a,
      },
      quick: { needs: wholeRun, passRule: `at the end ${fig2aRule}`, reason: sameNumbers, check: checkFig2a },
    },
  },
  {
    id: 'S41-01',
    where: 'section 4.1',
    what: 'The converged model solves train and CIWL, and on Flip follows its weights',
    how: 'in-context accuracy of the whole model at 64M',
    paper: 'train .9862, CIWL .9874, Flip .0146',
    rules: {
      paper: {
        needs: paperEnd,
        passRule: 'train >= .97, CIWL >= .97, Flip <= .035',
        reason: 'A public re-run has .985, .967 and .029 at 20M already.',
        check: (run) => checkAccuracies(run, { train: 0.97, ciwl: 0.97, flip: 0.035 }),
      },
      quick: {
        needs: wholeRun,
        passRule: 'at the end train >= .90, CIWL >= .90, Flip <= .20',
        reason: 'The bounds of F1b-08, which says the same of figure 1b.',
        check: (run) => checkAccuracies(run, { train: 0.9, ciwl: 0.9, flip: 0.2 }),
      },
    },
  },
  {
    id: 'S41-03',
    where: 'section 4.1, text',
    what: 'Every head of the second block does it: on Flip too it looks at the label its weights call for',
    how: 'mean attention from the query to the correct label less that to the other, at 64M; on Flip the sign turns',
    paper: 'stated without a number; figure 3a ends at -.51 to -.55 on Flip',
    rules: {
      paper: {
        needs: paperEnd,
        passRule: 'every head: > 0 on train, < 0 on Flip',
        reason: 'The statement itself.',
        check: checkPreference,
      },
      quick: {
        needs: wholeRun,
        passRule: 'at the end every head: > 0 on train, < 0 on Flip',
        reason: 'The statement itself.',
        check: checkPreference,
      },
    },
  },
];

export const fig12Claims: readonly MechanismClaim<AttentionMoment>[] = [
  {
    id: 'F12-01',
    where: 'figure 12',
    what: 'It does not matter in which place the correct label stands',
    how: 'as F2a-01, over sequences whose correct label stands second',
    paper: 'on the correct label .814 to .847 (mean .829), on the other .140 to .157 (mean .150)',
    rules: {
      paper: {
        needs: paperEnd,
        passRule: `${fig2aRule}; the heads' mean on the correct label within .05 of that of figure 2a`,
        reason: 'The mirror of F2a-01; in the paper the two means are .010 apart.',
        check: checkFig12,
      },
      quick: {
        needs: wholeRun,
        passRule: `at the end ${fig2aRule}; the heads' mean on the correct label within .05 of that of figure 2a`,
        reason: sameNumbers,
        check: checkFig12,
      },
    },
  },
];
