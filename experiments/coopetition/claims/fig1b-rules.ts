/**
 * Which claim of figure 1b is judged at which scale, and by what numbers. Committed before any run was judged by it;
 * docs/claims.md says why each number is what it is. To change one is to change what "holds" means: say so there.
 *
 * Paper scale: the pass rules of `fig1b-claims.json`, number for number, times in sequences. Quick scale: the same
 * claims restated for another rate, length and feature source, times as shares of the run or by its own moments.
 */
import type { Scale } from '../scale.ts';
import { smokeReason } from './claim.ts';
import type { Criterion } from './criterion.ts';
import { type Fig1bClaimId, fig1bClaimIds } from './fig1b-words.ts';
import type { Time } from './run-view.ts';

/** Least time a run must reach before the claim is judged, and the criterion itself. */
export interface JudgedRule {
  readonly judged: true;
  readonly needs: Time;
  /** The rule in words, with every number of the criterion. */
  readonly passRule: string;
  readonly criterion: Criterion;
}

interface UnjudgedRule {
  readonly judged: false;
  readonly reason: string;
}

export type Rule = JudgedRule | UnjudgedRule;

const at = (sequences: number): Time => ({ at: 'sequences', sequences });
const share = (part: number): Time => ({ at: 'share', share: part });
const unjudged = (reason: string): UnjudgedRule => ({ judged: false, reason });

const paperRules: Readonly<Record<Fig1bClaimId, Rule>> = {
  'F1b-01': {
    judged: true,
    needs: at(2.5e6),
    passRule: 'means from 500k to 2.5M: train and CIWL in [.51, .58], ICL in [.48, .53], Flip in [.42, .50]',
    criterion: {
      kind: 'levels',
      from: at(5e5),
      to: at(2.5e6),
      ranges: { train: [0.51, 0.58], ciwl: [0.51, 0.58], icl: [0.48, 0.53], flip: [0.42, 0.5] },
    },
  },
  'F1b-02': {
    judged: true,
    // The last moment the rise may begin, and the time it may then take.
    needs: at(6.6e6),
    passRule: 'Flip rises through .5 between 2M and 6M, and from .5 to .6 in less than 600k',
    criterion: { kind: 'rise', window: [at(2e6), at(6e6)], slowestSequences: 6e5 },
  },
  'F1b-03': {
    judged: true,
    // A later peak could still be higher: the figure ends here.
    needs: at(2e7),
    passRule: 'max Flip in [.62, .88], reached between 3.5M and 7.5M',
    criterion: { kind: 'peak', evaluator: 'flip', range: [0.62, 0.88], window: [at(3.5e6), at(7.5e6)] },
  },
  'F1b-04': {
    judged: true,
    needs: at(5e6),
    passRule: 'mean ICL from 4M to 5M in [.68, .90]',
    criterion: { kind: 'levels', from: at(4e6), to: at(5e6), ranges: { icl: [0.68, 0.9] } },
  },
  'F1b-05': {
    judged: true,
    needs: at(2e7),
    passRule: 'max ICL >= .75; below .85 is remarked on',
    criterion: {
      kind: 'peak',
      evaluator: 'icl',
      range: [0.75, 1],
      remarkBelow: {
        value: 0.85,
        remark: "below .85, as with features laid out as the paper's text, not its code, has them",
      },
    },
  },
  'F1b-06': {
    judged: true,
    needs: at(1.2e7),
    passRule: 'Flip falls through .5 after its maximum, between 4.5M and 12M',
    criterion: { kind: 'fall', window: [at(4.5e6), at(1.2e7)] },
  },
  'F1b-07': {
    judged: true,
    needs: at(1.5e7),
    passRule: 'at 15M: Flip <= .15, CIWL >= .87, ICL in [.50, .82]',
    criterion: {
      kind: 'levels',
      from: at(1.5e7),
      to: at(1.5e7),
      ranges: { flip: [0, 0.15], ciwl: [0.87, 1], icl: [0.5, 0.82] },
    },
  },
  'F1b-08': {
    judged: true,
    needs: at(2e7),
    passRule: 'at 20M: train >= .96, CIWL >= .93, Flip <= .08, ICL <= .75',
    criterion: {
      kind: 'levels',
      from: at(2e7),
      to: at(2e7),
      ranges: { train: [0.96, 1], ciwl: [0.93, 1], flip: [0, 0.08], icl: [0, 0.75] },
    },
  },
  'F1b-09': {
    judged: true,
    needs: at(2e7),
    passRule: 'ICL and CIWL both > .55 for at least 5M at a stretch',
    criterion: { kind: 'coexistence', above: 0.55, lasting: at(5e6) },
  },
  'F1b-10': {
    judged: true,
    needs: at(2e7),
    passRule:
      'moments 1 to 4 in this order; train > CIWL + .10 throughout 4M to 7M; ' +
      "from ICL's highest value to the end ICL falls and CIWL rises, each by >= .05",
    criterion: {
      kind: 'ordering',
      moments: [1, 2, 3, 4],
      trainAboveCiwl: 0.1,
      window: [at(4e6), at(7e6)],
      exchange: 0.05,
    },
  },
  'F1b-11': {
    judged: true,
    needs: at(6.4e7),
    passRule: 'max ICL less ICL at 64M >= .20',
    criterion: { kind: 'transience', at: at(6.4e7), drop: 0.2 },
  },
};

/** The Flip maximum and its surroundings: the paper's 4M to 5M around its maximum at 4.28M. */
const aroundFlipPeak: readonly [Time, Time] = [
  { at: 'moment', moment: 2, times: 0.93 },
  { at: 'moment', moment: 2, times: 1.17 },
];

const momentFour: Time = { at: 'moment', moment: 4, times: 1 };

const quickRules: Readonly<Record<Fig1bClaimId, Rule>> = {
  'F1b-01': {
    judged: true,
    needs: share(0),
    passRule: 'at the first evaluation train, CIWL, ICL and Flip all in [.42, .58]',
    criterion: {
      kind: 'levels',
      from: { at: 'first evaluation' },
      to: { at: 'first evaluation' },
      ranges: { train: [0.42, 0.58], ciwl: [0.42, 0.58], icl: [0.42, 0.58], flip: [0.42, 0.58] },
    },
  },
  'F1b-02': unjudged("states a time in sequences, which belongs to the paper's rate of 1e-5"),
  'F1b-03': {
    judged: true,
    needs: share(1),
    passRule: 'max Flip >= .65, within the first 67% of the run, and later <= .20',
    criterion: {
      kind: 'peak',
      evaluator: 'flip',
      range: [0.65, 1],
      window: [share(0), share(0.67)],
      laterAtMost: 0.2,
    },
  },
  'F1b-04': {
    judged: true,
    needs: share(1),
    passRule: "mean ICL around Flip's maximum (.93 to 1.17 times its sequences) in [.68, .95]",
    criterion: {
      kind: 'levels',
      from: aroundFlipPeak[0],
      to: aroundFlipPeak[1],
      ranges: { icl: [0.68, 0.95] },
    },
  },
  'F1b-05': {
    judged: true,
    needs: share(1),
    passRule: 'max ICL >= .80',
    criterion: { kind: 'peak', evaluator: 'icl', range: [0.8, 1] },
  },
  'F1b-06': unjudged('states a time in sequences; that Flip falls, and in which order, is judged in F1b-10'),
  'F1b-07': {
    judged: true,
    needs: share(1),
    passRule: 'when CIWL first reaches .90 (moment 4): Flip <= .30 and ICL in [.50, .82]',
    criterion: {
      kind: 'levels',
      from: momentFour,
      to: momentFour,
      ranges: { flip: [0, 0.3], icl: [0.5, 0.82] },
    },
  },
  'F1b-08': {
    judged: true,
    needs: share(1),
    passRule: 'at the end train >= .90, CIWL >= .90, Flip <= .20, ICL at least .15 below its highest value',
    criterion: {
      kind: 'levels',
      from: share(1),
      to: share(1),
      ranges: { train: [0.9, 1], ciwl: [0.9, 1], flip: [0, 0.2] },
      iclBelowPeak: 0.15,
    },
  },
  'F1b-09': {
    judged: true,
    needs: share(1),
    passRule: 'an interval of at least 25% of the run in which ICL and CIWL are both > .55',
    criterion: { kind: 'coexistence', above: 0.55, lasting: share(0.25) },
  },
  'F1b-10': {
    judged: true,
    needs: share(1),
    passRule:
      "moments 1 to 4 in this order; train > CIWL + .05 around Flip's maximum " +
      "(.93 to 1.17 times its sequences); from ICL's highest value to the end ICL falls and CIWL rises, each by >= .05",
    criterion: {
      kind: 'ordering',
      moments: [1, 2, 3, 4],
      trainAboveCiwl: 0.05,
      window: aroundFlipPeak,
      exchange: 0.05,
    },
  },
  'F1b-11': unjudged(
    "needs a run of 64M sequences at the paper's rate; the fall of ICL so far is judged in F1b-08",
  ),
};

const smokeRules = Object.fromEntries(fig1bClaimIds.map((id) => [id, unjudged(smokeReason)])) as Readonly<
  Record<Fig1bClaimId, Rule>
>;

export const fig1bRules: Readonly<Record<Scale, Readonly<Record<Fig1bClaimId, Rule>>>> = {
  smoke: smokeRules,
  quick: quickRules,
  paper: paperRules,
};
