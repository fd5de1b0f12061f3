/**
 * The claims T-* of the toy model (Coopetition, section 6 and appendix D), judged on its own runs: nothing is trained,
 * the runs take a second. `data/toy-claims.json` has them as they were first noted down; `docs/toy.md` shows the verdicts.
 */
import { formatAccuracy } from '../../../src/report/format.ts';
import { ToyDescent } from '../../../src/toy/descent.ts';
import { lostShare } from '../../../src/toy/events.ts';
import { racingModel } from '../../../src/toy/toy-model.ts';
import type { ToyRun } from '../../../src/toy/toy-run.ts';
import { drawStarts } from '../../../src/toy/toy-start.ts';
import { traceColumn } from '../../../src/toy/toy-trace.ts';
import { recordedRaces } from '../toy/paper-figures.ts';
import { firstBelow } from '../toy/race-figure.ts';
import { traced } from '../toy/race-series.ts';
import { fig5aSeed, paperRace, paperSeeds, raceWithoutMu } from '../toy/race-settings.ts';
import type { JudgedClaim } from './claim.ts';

/** The runs that the claims speak of, by seed: 0 to 11. */
export interface ToyEvidence {
  /** mu1 .1, as in figures 5a and 16. */
  readonly withMu: readonly ToyRun[];
  /** mu1 0, as in figure 17. */
  readonly withoutMu: readonly ToyRun[];
}

/** Runs all of them, recorded at every step. */
export function gatherToyEvidence(): ToyEvidence {
  return {
    withMu: recordedRaces(paperRace, paperSeeds),
    withoutMu: recordedRaces(raceWithoutMu, paperSeeds),
  };
}

/** What a check found: `against` is empty where the claim holds. */
interface Found {
  readonly measured: string;
  readonly against: string;
}

interface ToyClaim
  extends Pick<JudgedClaim, 'where' | 'what' | 'how' | 'paper' | 'passRule' | 'passRuleReason'> {
  readonly check: (evidence: ToyEvidence) => Found;
}

const stepText = (step: number | null): string => (step === null ? 'none within 16,000' : String(step));

const exactReason = 'Start and float64 arithmetic are those of the notebook, so the very step is expected.';
const orderReason =
  'The same as text; with mu1 = 0 the order of floating-point sums decides the step by a few in a thousand, so 2% are allowed.';

/** A run stops at a step that the notebook prints, or never. */
function stopClaim(
  where: string,
  runs: 'withMu' | 'withoutMu',
  seed: number,
  step: number | null,
  tolerance = 0,
): ToyClaim {
  const allowed = tolerance === 0 ? 'at that very step' : `within ${100 * tolerance}% of it`;
  return {
    where,
    what: `Seed ${seed} with mu1 ${runs === 'withMu' ? '.1' : '0'} ${step === null ? 'never reaches its stop' : 'stops where it does in the notebook'}`,
    how: `first step with a loss below ${runs === 'withMu' ? '1e-6' : '1e-3'}, at most 16,000`,
    paper: stepText(step),
    passRule: step === null ? 'no stop within 16,000 steps' : `it stops ${allowed}`,
    passRuleReason: tolerance === 0 ? exactReason : orderReason,
    check: (evidence) => {
      const { stoppedAt } = evidence[runs][seed];
      const fits =
        step === null || stoppedAt === null
          ? stoppedAt === step
          : Math.abs(stoppedAt - step) <= tolerance * step;
      return { measured: stepText(stoppedAt), against: fits ? '' : `expected ${stepText(step)}` };
    },
  };
}

const escaping = (runs: readonly ToyRun[]) => runs.filter(({ plateauEnd }) => plateauEnd !== null);
const decimals = (value: number): string => formatAccuracy(value, 4);

/** Mechanism 1 of figure 5a: the middle of its plateau, its minimum and its end, each within .002. */
function checkFirstMechanism({ withMu }: ToyEvidence): Found {
  const run = withMu[fig5aSeed];
  const plateau = traceColumn(traced(run), 'mechanism1')[2000];
  const { minimum } = run.mechanisms[0];
  const [end] = run.final.mechanisms;
  const fits = [
    [plateau, 0.226],
    [minimum.value, 0.0026],
    [end, 0.216],
  ].every(([value, wanted]) => Math.abs(value - wanted) <= 0.002);
  const measured = `plateau ${decimals(plateau)}, minimum ${decimals(minimum.value)} at ${minimum.step}, end ${decimals(end)}`;
  return { measured, against: fits ? '' : 'one of them is further off than .002' };
}

function checkDivot({ withMu }: ToyEvidence): Found {
  const run = withMu[fig5aSeed];
  const divot = run.divots[0];
  const { steepest } = run.mechanisms[0];
  if (!divot || steepest === null) return { measured: 'no divot', against: 'mechanism 2 never turns up' };
  const { minimum, maximum, rise } = divot;
  const apart = Math.abs(maximum.step - steepest);
  const fits = rise > 0.005 && apart <= 300;
  const measured =
    `${decimals(minimum.value)} at ${minimum.step} to ${decimals(maximum.value)} at ${maximum.step} ` +
    `(+${decimals(rise)}), mechanism 1 steepest at ${steepest}`;
  return { measured, against: fits ? '' : `rise ${decimals(rise)}, ${apart} steps from the steepest` };
}

function checkTransience({ withMu }: ToyEvidence): Found {
  const stuck = withMu.filter(({ plateauEnd }) => plateauEnd === null).map(({ seed }) => seed);
  const others = escaping(withMu);
  const odd = others.filter(
    ({ mechanisms: [first], final, untrained }) =>
      first.minimum.value >= 0.01 || final.mechanisms[0] <= lostShare * untrained[0],
  );
  const minima = others.map(({ mechanisms: [first] }) => first.minimum.value);
  const shares = others.map(({ final, untrained }) => final.mechanisms[0] / untrained[0]);
  const measured =
    `stuck: seeds ${stuck.join(', ') || 'none'}; others: minimum at most ${decimals(Math.max(...minima))}, ` +
    `end at least ${Math.floor(100 * Math.min(...shares))}% of the plateau`;
  const against = [
    ...(stuck.join() === '2,9' ? [] : ['other seeds than 2 and 9 are stuck']),
    ...(odd.length === 0 ? [] : [`not transient: seeds ${odd.map(({ seed }) => seed).join(', ')}`]),
  ];
  return { measured, against: against.join('; ') };
}

function checkDivots({ withMu }: ToyEvidence): Found {
  const rises = escaping(withMu).flatMap(({ seed, divots: [divot] }) =>
    divot ? [{ seed, rise: divot.rise }] : [],
  );
  const measured = rises.map(({ seed, rise }) => `${seed}: ${formatAccuracy(rise, 3)}`).join(', ');
  return { measured, against: rises.length >= 9 ? '' : `only ${rises.length} seeds have a divot` };
}

function checkWithoutMu({ withoutMu }: ToyEvidence): Found {
  const found = escaping(withoutMu).map((run) => {
    const row = firstBelow(run, 3e-3);
    const at = (name: string) => (row === undefined ? NaN : traceColumn(traced(run), name)[row]);
    return {
      seed: run.seed,
      first: at('mechanism1'),
      growth: at('mechanism2') / run.untrained[1],
      second: at('mechanism2'),
    };
  });
  const odd = found.filter(({ first, growth }) => !(first < 1e-3 && growth > 1.5));
  const seconds = found.map(({ second }) => second);
  const measured =
    `${found.length} seeds; M1 at most ${Math.max(...found.map(({ first }) => first)).toExponential(1)}, M2 ` +
    `${formatAccuracy(Math.min(...seconds))} to ${formatAccuracy(Math.max(...seconds))}, at least ` +
    `${Math.min(...found.map(({ growth }) => growth)).toFixed(1)} times its plateau`;
  const against = [
    ...(found.length === 10 ? [] : [`${found.length} seeds leave the plateau, expected 10`]),
    ...(odd.length === 0 ? [] : [`seeds ${odd.map(({ seed }) => seed).join(', ')} do not`]),
  ];
  return { measured, against: against.join('; ') };
}

/** The gradient where a = 0 and the others are at their targets, for the paper's sizes and seed 7's targets. */
function checkMinimum(): Found {
  const model = racingModel(paperRace.racing);
  const starts = drawStarts(model, fig5aSeed).map(({ target }, i) => ({
    target,
    start: i === 0 ? new Float64Array(target.length) : target,
  }));
  const descent = new ToyDescent(model, starts);
  descent.evaluate();
  const gradient = Math.max(...model.vectors.map((_, i) => descent.gradientNorm(i)));
  const fits = descent.loss < 1e-24 && gradient < 1e-12;
  const measured = `loss ${descent.loss.toExponential(0)}, gradient ${gradient.toExponential(0)}`;
  return { measured, against: fits ? '' : 'not zero to rounding' };
}

const reRun = 'Read off a re-run of the notebook in float64, with room for its reading.';

export const toyClaims = {
  'T-01': stopClaim('figure 5a', 'withMu', 7, 9620),
  'T-02': {
    where: 'figure 5a',
    what: 'Mechanism 1 waits on a plateau, forms, and is lost again',
    how: 'M1 of seed 7, without mu1, on its plateau (step 2000), at its minimum and at the end',
    paper: 'plateau .226, minimum .0026 at 5658, end .216 at 9620',
    passRule: 'each within .002',
    passRuleReason: reRun,
    check: checkFirstMechanism,
  },
  'T-03': {
    where: 'figure 5a, text',
    what: 'While mechanism 1 forms, mechanism 2 gets worse for a moment: the divot',
    how: 'local minimum and maximum of M2, seed 7',
    paper: '.3092 at 4628 to .3203 at 4808, a rise of .011; then to 0 by about 7500',
    passRule: 'a rise above .005 whose top is within 300 steps of the steepest fall of M1',
    passRuleReason: reRun,
    check: checkDivot,
  },
  'T-04': {
    where: 'appendix D, figure 16',
    what: 'Wherever mechanism 1 forms it is transient, and it forms in ten seeds of twelve',
    how: 'minimum of M1 and its value at the end, seeds 0 to 11',
    paper: 'all but seeds 2 and 9, which stay on the plateau',
    passRule: 'exactly 2 and 9 are stuck; in the others M1 falls below .01 and ends above 90% of its plateau',
    passRuleReason: reRun,
    check: checkTransience,
  },
  'T-05': {
    where: 'appendix D, figure 16',
    what: 'The divot is there in nearly every seed',
    how: 'rise of M2 while mechanism 1 forms, seeds 0 to 11',
    paper:
      '0: .037, 1: .108, 3: .087, 4: .010, 6: .032, 7: .011, 8: .283, 10: .243, 11: .267; seed 5 before step 200',
    passRule: 'above 0 in at least 9 of the 10 seeds that leave the plateau',
    passRuleReason: reRun,
    check: checkDivots,
  },
  'T-06': {
    where: 'figure 17',
    what: 'Without a last cost of mechanism 1 there is no race: it stays, and mechanism 2 grows worse',
    how: 'where the loss is first below 3e-3, mu1 = 0, seeds 0 to 11',
    paper: 'M1 at most 6e-5; M2 .74 to 3.7, its plateau .25 to 1.0',
    passRule: 'M1 below .001 and M2 above 1.5 times its plateau in all ten seeds that leave it',
    passRuleReason: reRun,
    check: checkWithoutMu,
  },
  'T-07': {
    where: 'equations 1 to 3',
    what: 'The global minimum is mechanism 2 alone: a = 0, the others at their targets',
    how: 'loss and gradient there, mu1 and alpha .1',
    paper: 'stated',
    passRule: 'both zero, to rounding',
    passRuleReason: 'An identity of the equations.',
    check: checkMinimum,
  },
  'T-16.00': stopClaim('figure 16', 'withMu', 0, 8834),
  'T-16.02': stopClaim('figure 16', 'withMu', 2, null),
  'T-16.04': stopClaim('figure 16', 'withMu', 4, 9306),
  'T-16.07': stopClaim('figure 16', 'withMu', 7, 9620),
  'T-17.00': stopClaim('figure 17', 'withoutMu', 0, 8661, 0.02),
  'T-17.04': stopClaim('figure 17', 'withoutMu', 4, 9931, 0.02),
} as const satisfies Readonly<Record<string, ToyClaim>>;

/** One verdict per claim T-*, in order. */
export function judgeToyClaims(evidence: ToyEvidence): JudgedClaim[] {
  return Object.entries<ToyClaim>(toyClaims).map(([id, { check, ...words }]) => {
    const { measured, against } = check(evidence);
    return { id, ...words, measured, verdict: against === '' ? 'holds' : 'fails', why: against };
  });
}
