/** The claims of figures 2b and 13d: what one head alone does as it is told where to look. */
import type { ClampedStrengths } from '../../../src/analyse/clamped-strengths.ts';
import { formatAccuracy } from '../../../src/report/format.ts';
import type { Finding } from './criterion.ts';
import type { MechanismClaim } from './mechanism-claim.ts';
import { headsWhere, spread } from './query-attention-checks.ts';
import { paperEnd, sameNumbers, wholeRun } from './query-attention-claims.ts';

export interface ClampRule {
  /** Accuracy where all attention is on the correct label, and where all is on the other. */
  readonly allAtLeast: number;
  readonly noneAtMost: number;
  /** Accuracy at even attention. */
  readonly even?: readonly [least: number, greatest: number];
  /** How far the accuracies of opposite strengths may be from adding up to 1. */
  readonly symmetryWithin?: number;
  /** How far accuracy may fall from one strength to the next. */
  readonly fallAtMost: number;
}

export const fig2bRule: ClampRule = {
  allAtLeast: 0.8,
  noneAtMost: 0.2,
  even: [0.42, 0.58],
  symmetryWithin: 0.06,
  fallAtMost: 0.01,
};
export const fig13dRule: ClampRule = { allAtLeast: 0.85, noneAtMost: 0.15, fallAtMost: 0.01 };

/** A share of whole sequences: the least bit of a float must not decide. */
const slack = 1e-9;

export function checkClamped({ strengths, heads }: ClampedStrengths, rule: ClampRule): Finding {
  const [none, even, all] = [0, (strengths.length - 1) / 2, strengths.length - 1].map((i) =>
    heads.map(({ accuracies }) => accuracies[i]),
  );
  const falls = heads.map(({ accuracies }) =>
    Math.max(0, ...accuracies.slice(1).map((value, i) => accuracies[i] - value)),
  );
  const asymmetry = heads.map(({ accuracies }) =>
    Math.max(...accuracies.map((value, i) => Math.abs(value + (accuracies.at(-1 - i) ?? Number.NaN) - 1))),
  );
  const against: string[] = [];
  const tell = (values: readonly number[], isSo: (value: number) => boolean, what: string) => {
    const found = headsWhere(values, isSo);
    if (found) against.push(`${found} ${what}`);
  };
  tell(all, (value) => value < rule.allAtLeast, `at +1, below ${formatAccuracy(rule.allAtLeast)}`);
  tell(none, (value) => value > rule.noneAtMost, `at -1, above ${formatAccuracy(rule.noneAtMost)}`);
  tell(falls, (value) => value > rule.fallAtMost + slack, 'lost from one strength to the next');
  const measured = [`at +1 ${spread(all)}`, `at -1 ${spread(none)}`, `at 0 ${spread(even)}`];
  if (rule.even) {
    const [least, greatest] = rule.even;
    tell(
      even,
      (value) => value < least || value > greatest,
      `at 0, not in [${formatAccuracy(least)}, ${formatAccuracy(greatest)}]`,
    );
  }
  if (rule.symmetryWithin !== undefined) {
    const within = rule.symmetryWithin;
    tell(
      asymmetry,
      (value) => value > within + slack,
      `off the point symmetry, more than ${formatAccuracy(within)}`,
    );
    measured.push(`off the point symmetry by at most ${formatAccuracy(Math.max(...asymmetry), 3)}`);
  }
  return { holds: against.length === 0, measured: measured.join(', '), why: against.join('; ') };
}

const fig2bText =
  'every head: accuracy never falls by more than .01 from one strength to the next; at +1 >= .80, at -1 <= .20, at 0 in [.42, .58]; accuracies of opposite strengths add up to 1 within .06';

export const fig2bClaims: readonly MechanismClaim<ClampedStrengths>[] = [
  {
    id: 'F2b-01',
    where: 'figure 2b',
    what: 'Looking at a label is saying it: each head alone copies the label its attention is clamped to',
    how: 'in-context accuracy on CIWL with one head of the last block left, its attention clamped, tokens ablated, clean patterns and values, at 64M',
    paper: 'at +1 .876 to .944, at -1 .061 to .117, at 0 .48 to .52',
    rules: {
      paper: {
        needs: paperEnd,
        passRule: fig2bText,
        reason: 'Set around what the figure shows, before any run was judged.',
        check: (_run, table) => checkClamped(table, fig2bRule),
      },
      quick: {
        needs: wholeRun,
        passRule: `at the end ${fig2bText}`,
        reason: sameNumbers,
        check: (_run, table) => checkClamped(table, fig2bRule),
      },
    },
  },
];
