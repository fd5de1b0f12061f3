/** Made-up tables of attention for the tests of mechanism figures and their claims. */
import type { AblationTable } from '../../../src/analyse/ablations.ts';
import type { AttentionGroup, AttentionTable, HeadStrength } from '../../../src/analyse/attention.ts';
import type { ClampedStrengths } from '../../../src/analyse/clamped-strengths.ts';
import type { HeadTemperatures } from '../../../src/analyse/head-temperatures.ts';
import type { EvaluatorName } from '../../../src/data/evaluators.ts';
import type { AttentionMoment } from './attention-tables.ts';
import type { GraftedTraining } from './graft-tables.ts';

const evaluators = ['train', 'icl', 'ciwl', 'flip'] as const;

export interface MadeUpHeads {
  /** Of each head of the last block: what the query has on the correct label, and on the other; the rest is even. */
  readonly query: readonly (readonly [correct: number, other: number])[];
  /** Of each head of block 0: what labels have on the exemplar before; the rest is on themselves. */
  readonly previous: (evaluator: EvaluatorName) => readonly number[];
  /** Of each head of the last block: induction strength. */
  readonly strength: (evaluator: EvaluatorName) => readonly number[];
  readonly depth?: number;
}

/** Two pairs, as many heads as there are queries. */
export function madeUpAttention({ query, previous, strength, depth = 2 }: MadeUpHeads): AttentionTable {
  const heads = query.length;
  const tokens = 5;
  const groups: AttentionGroup[] = [];
  for (const evaluator of evaluators) {
    const back = previous(evaluator);
    for (const correctPair of [0, 1]) {
      const mean: number[] = [];
      for (let block = 0; block < depth; block++) {
        for (let head = 0; head < heads; head++) {
          const rows = Array.from({ length: tokens }, () => Array.from({ length: tokens }, () => 0));
          for (const label of [1, 3]) {
            rows[label][label - 1] = block === 0 ? back[head] : 0.5;
            rows[label][label] = 1 - rows[label][label - 1];
          }
          if (block === depth - 1) {
            const [correct, other] = query[head];
            const rest = (1 - correct - other) / 3;
            rows[4] =
              correctPair === 0 ? [rest, correct, rest, other, rest] : [rest, other, rest, correct, rest];
          }
          mean.push(...rows.flat());
        }
      }
      groups.push({ evaluator, correctPair, sequences: 50 + correctPair, mean });
    }
  }
  const strengths = evaluators.flatMap((evaluator): HeadStrength[] =>
    strength(evaluator).map((mean, head) => ({
      evaluator,
      block: depth - 1,
      head,
      sequences: 101,
      mean,
      deviation: 0.1,
    })),
  );
  return { depth, heads, tokens, groups, strengths };
}

/** A moment whose heads do what the paper's do in the end. */
export const paperLikeEnd: MadeUpHeads = {
  query: [
    [0.81, 0.16],
    [0.83, 0.15],
  ],
  previous: () => [0.11, 0.02],
  strength: (evaluator) => (evaluator === 'flip' ? [-0.52, -0.54] : [0.9, 0.88]),
};

export function momentOf(sequences: number, heads: MadeUpHeads): AttentionMoment {
  return { sequences, table: madeUpAttention(heads) };
}

/** Two heads that copy what they look at, as the paper's do; `change` is applied to each accuracy. */
export function clampedLikePaper(
  block: number,
  change: (accuracy: number, strength: number) => number = (accuracy) => accuracy,
): ClampedStrengths {
  const strengths = Array.from({ length: 11 }, (_, i) => i / 10);
  const heads = [0.92, 0.9].map((top, head) => ({
    head,
    accuracies: strengths.map((s) => change(1 - top + (2 * top - 1) * s, s)),
  }));
  return { block, strengths, heads, sequences: 1000 };
}

/** The numbers that the authors' notebook prints; without a number of its own, a model that guesses. */
export function ablatedLikePaper(changes: Partial<AblationTable['accuracies']> = {}): AblationTable {
  const row = (train: number, ciwl: number, flip: number) => ({ train, ciwl, flip, iwl: 0 });
  const accuracies = {
    whole: row(0.9862, 0.9874, 0.0146),
    outputs: row(0.9852, 0.9848, 0.0178),
    outputsAndQueries: row(0.9574, 0.954, 0.046),
    outputsAndKeys: row(0.5706, 0.5748, 0.4466),
    outputsAndValues: row(0.5928, 0.5864, 0.4),
    earlierHeads: row(0.55, 0.553, 0.45),
    allHeads: row(0.6268, 0.6242, 0.3752),
    directPath: row(0.9674, 0.9672, 0.034),
  };
  return { accuracies: { ...accuracies, ...changes }, sequences: 5000 };
}

/** Eight heads as figures 15b and 15c have them; `among` is each head's at T = .1. */
export function heatedLikePaper(
  among: readonly number[] = [0.9823, 0.9812, 0.9819, 0.9822, 0.9835, 0.9822, 0.981, 0.9824],
  alone: readonly [sharp: number, own: number, flat: number] = [0.8, 0.76, 0.65],
): HeadTemperatures {
  const temperatures = [0.1, 0.5, 1, 8];
  const [sharp, own, flat] = alone;
  const whole = 0.98345;
  const heads = among.map((value, head) => ({
    head,
    alone: [sharp + head / 1000, (sharp + own) / 2, own + head / 1000, flat + head / 1000],
    amongAll: [value, 0.9835, whole, 0.9828],
  }));
  return { block: 1, temperatures, whole, heads, sequences: 5000 };
}

/** Every `every` sequences from the donor's own on, or from 0 where it is late, what `accuracies` says. */
export function graftedLike(
  donor: number,
  [start, end, every]: readonly [start: number, end: number, every: number],
  accuracies: (sequences: number) => GraftedTraining['moments'][number]['table'],
): GraftedTraining {
  const moments = Array.from({ length: Math.floor((end - start) / every) + 1 }, (_, i) => {
    const sequences = start + i * every;
    return { sequences, table: accuracies(sequences) };
  });
  return { what: 'at some moment', donor, moments };
}
