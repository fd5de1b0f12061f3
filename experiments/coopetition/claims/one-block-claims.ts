/** The claims of figure 13: a model of one block learns CIWL, and never ICL. */
import type { ClampedStrengths } from '../../../src/analyse/clamped-strengths.ts';
import { type Curve, firstAtLeast, valueAt } from '../../../src/evaluate/curve.ts';
import { formatAccuracy, formatSequences } from '../../../src/report/format.ts';
import type { AttentionMoment } from '../mechanism/attention-tables.ts';
import { checkClamped, fig13dRule } from './clamped-strength-claims.ts';
import type { Finding } from './criterion.ts';
import { joined, type MechanismClaim } from './mechanism-claim.ts';
import { checkShares, labelShares, type ShareRanges } from './query-attention-checks.ts';
import { paperEnd, sameNumbers, wholeRun } from './query-attention-claims.ts';
import type { RunView, Time } from './run-view.ts';

export interface OneBlockTables {
  readonly moment: AttentionMoment;
  readonly clamped: ClampedStrengths;
  /** CIWL of figure 1b's run, which has two blocks; undefined where that was not trained. */
  readonly twoBlocksCiwl: Curve | undefined;
}

/** The highest value up to a time, from another on. */
function highest(curve: Curve, from: number, to: number): number {
  return Math.max(
    0,
    ...curve.filter((p) => p.sequences > from && p.sequences <= to).map(({ value }) => value),
  );
}

const inTime = 1.01;

function checkNoIcl(run: RunView, end: number): Finding {
  if (run.curves.icl.length === 0) return { holds: undefined, measured: '', why: 'ICL was not evaluated' };
  const most = highest(run.curves.icl, -1, inTime * end);
  const holds = most <= 0.55;
  return {
    holds,
    measured: `max ICL ${formatAccuracy(most, 3)}`,
    why: holds ? '' : 'that is above .55',
  };
}

/** CIWL's level at times, and that it gets to .9 before a model of two blocks does. */
function checkCiwl(
  run: RunView,
  tables: OneBlockTables,
  levels: readonly { at: number; least: number }[],
): Finding {
  const { ciwl } = run.curves;
  const reached = firstAtLeast(ciwl, 0.9);
  const others = tables.twoBlocksCiwl && firstAtLeast(tables.twoBlocksCiwl, 0.9);
  const parts = levels.map(({ at, least }) => {
    const value = valueAt(ciwl, Math.min(at, ciwl.at(-1)?.sequences ?? 0)) ?? Number.NaN;
    return {
      measured: `CIWL ${formatAccuracy(value, 3)} at ${formatSequences(at)}`,
      against: value >= least ? [] : [`CIWL is below ${formatAccuracy(least)} at ${formatSequences(at)}`],
    };
  });
  const time = (sequences: number | undefined) =>
    sequences === undefined ? 'never' : `at ${formatSequences(sequences)}`;
  const isEarlier = reached !== undefined && (others === undefined || reached < others);
  const found = joined([
    ...parts,
    {
      measured: `.9 ${time(reached)}, with two blocks ${tables.twoBlocksCiwl ? time(others) : 'not known'}`,
      against: isEarlier ? [] : ['CIWL does not come before that of two blocks'],
    },
  ]);
  if (tables.twoBlocksCiwl || found.holds === false) return found;
  return {
    ...found,
    holds: undefined,
    why: 'needs the run of two blocks too: iclab reproduce fig1b with the same settings',
  };
}

function checkFlip(run: RunView, from: number, end: number, most: number, last: number): Finding {
  const { flip } = run.curves;
  if (flip.length === 0) return { holds: undefined, measured: '', why: 'Flip was not evaluated' };
  const peak = highest(flip, from, inTime * end);
  const ending = valueAt(flip, Math.min(end, flip.at(-1)?.sequences ?? 0)) ?? Number.NaN;
  const against: string[] = [];
  if (peak > most) against.push(`Flip is above ${formatAccuracy(most)} after ${formatSequences(from)}`);
  if (!(ending <= last)) against.push(`Flip is above ${formatAccuracy(last)} at the end`);
  return {
    holds: against.length === 0,
    measured: `after ${formatSequences(from)} max Flip ${formatAccuracy(peak, 3)}, at ${formatSequences(end)} ${formatAccuracy(ending, 3)}`,
    why: against.join('; '),
  };
}

const correctOnly: ShareRanges = { correct: [0.65, 1] };

/** Wherever the correct label stands. */
function checkAttention({ moment: { table } }: OneBlockTables): Finding {
  const findings = ([0, 1] as const).map((pair) =>
    checkShares(labelShares(table, table.depth - 1, pair), correctOnly),
  );
  const missing = findings.find(({ holds }) => holds === undefined);
  if (missing) return missing;
  return joined(
    findings.map(({ measured, why }, pair) => ({
      measured: `${pair === 0 ? 'first' : 'second'}: ${measured}`,
      against: why === '' ? [] : [why],
    })),
  );
}

const at = (sequences: number): Time => ({ at: 'sequences', sequences });

export const fig13Claims: readonly MechanismClaim<OneBlockTables>[] = [
  {
    id: 'F13-01',
    where: 'figure 13a',
    what: 'With one block ICL never emerges',
    how: 'ICL, over the whole run',
    paper: '.495 to .510 throughout',
    rules: {
      paper: {
        needs: at(2e7),
        passRule: 'max ICL <= .55 up to 20M',
        reason: 'Seven standard errors of 5,000 sequences above chance.',
        check: (run) => checkNoIcl(run, 2e7),
      },
      quick: {
        needs: wholeRun,
        passRule: 'max ICL <= .55',
        reason: 'Three standard errors of 1,000 sequences above chance.',
        check: (run) => checkNoIcl(run, run.length),
      },
    },
  },
  {
    id: 'F13-02',
    where: 'figure 13a',
    what: 'CIWL comes all the same, and earlier than with two blocks',
    how: 'CIWL over the run',
    paper: '.725 at 3.5M, .904 at 5M, .968 at 10M, .984 at 20M; before that a plateau of .55 to .56',
    rules: {
      paper: {
        needs: at(2e7),
        passRule: 'CIWL >= .93 at 10M and >= .96 at 20M; .9 before the run of two blocks',
        reason: 'Set around what the figure shows, before any run was judged.',
        check: (run, tables) =>
          checkCiwl(run, tables, [
            { at: 1e7, least: 0.93 },
            { at: 2e7, least: 0.96 },
          ]),
      },
      quick: {
        needs: wholeRun,
        passRule: 'CIWL >= .90 at the end; .9 before the run of two blocks',
        reason: "The quick scale's bound of CIWL (F1b-08).",
        check: (run, tables) => checkCiwl(run, tables, [{ at: run.length, least: 0.9 }]),
      },
    },
  },
  {
    id: 'F13-03',
    where: 'figure 13a',
    what: 'Flip never rises: the model follows its weights from the start',
    how: 'Flip over the run',
    paper: '.42 to .44 at 1M to 2M, .092 at 5M, .022 at 20M; never above .5 after 300k',
    rules: {
      paper: {
        needs: at(2e7),
        passRule: 'Flip <= .50 after 300k, <= .05 at 20M',
        reason: 'What the figure shows, and more than twice its end.',
        check: (run) => checkFlip(run, 3e5, 2e7, 0.5, 0.05),
      },
      quick: {
        needs: wholeRun,
        passRule: 'Flip <= .55 after 1.5% of the run, <= .20 at the end',
        reason:
          "The paper scale's time as a share; .55 is chance and three standard errors of 1,000 sequences, .20 the quick scale's bound of Flip (F1b-08).",
        check: (run) => checkFlip(run, 0.015 * run.length, run.length, 0.55, 0.2),
      },
    },
  },
  {
    id: 'F13-04',
    where: 'figure 13b, c',
    what: 'Its heads look at the correct label, wherever that stands',
    how: 'mean attention of the only block over CIWL, by the place of the correct label, at 64M',
    paper: 'first: .767 to .827, mean .801, against .168 on the other; second: mean .802 against .168',
    rules: {
      paper: {
        needs: paperEnd,
        passRule: 'every head: on the correct label >= .65, wherever it stands',
        reason: 'The bound of F2a-01.',
        check: (_run, tables) => checkAttention(tables),
      },
      quick: {
        needs: wholeRun,
        passRule: 'at the end every head: on the correct label >= .65, wherever it stands',
        reason: sameNumbers,
        check: (_run, tables) => checkAttention(tables),
      },
    },
  },
  {
    id: 'F13-05',
    where: 'figure 13d',
    what: 'Each of its heads, too, says the label it is told to look at',
    how: 'as F2b-01, in the only block',
    paper: 'at +1 .924 to .958, at -1 .038 to .087',
    rules: {
      paper: {
        needs: paperEnd,
        passRule: 'every head: accuracy never falls by more than .01; at +1 >= .85, at -1 <= .15',
        reason: 'Set around what the figure shows, before any run was judged.',
        check: (_run, { clamped }) => checkClamped(clamped, fig13dRule),
      },
      quick: {
        needs: wholeRun,
        passRule: 'at the end every head: accuracy never falls by more than .01; at +1 >= .85, at -1 <= .15',
        reason: sameNumbers,
        check: (_run, { clamped }) => checkClamped(clamped, fig13dRule),
      },
    },
  },
];
