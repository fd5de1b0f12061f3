/**
 * Where heads look: mean attention per block, head, query and key, split by where the correct label stands (figures 2a,
 * 12, 13b, 13c, 14), and each head's induction strength (figure 3a).
 *
 * Induction strength of a sequence: the query's attention to labels that are the correct one, less its attention to the
 * context's other labels; 1 = all on the correct ones, -1 = all on the others. On Flip positive is ICL, negative CIWL.
 */
import type { EvaluatorName } from '../data/evaluators.ts';
import type { Transformer } from '../model/transformer.ts';
import type { Analysis } from './analysis.ts';
import { correctPair, labelToken, pairSigns } from './correct-pair.ts';
import type { Pass, Probe } from './probe.ts';

/** The sequences of one evaluator whose correct label first stands in one pair. */
export interface AttentionGroup {
  readonly evaluator: EvaluatorName;
  /** 0 = the first pair; null where the correct label is not in the context. */
  readonly correctPair: number | null;
  readonly sequences: number;
  /** Mean attention `[depth, heads, tokens, tokens]`, row-major: query, then key. */
  readonly mean: readonly number[];
}

/** One head's induction strength over an evaluator's sequences that offer a choice. */
export interface HeadStrength {
  readonly evaluator: EvaluatorName;
  readonly block: number;
  readonly head: number;
  readonly sequences: number;
  readonly mean: number;
  /** Standard deviation over the sequences. */
  readonly deviation: number;
}

export interface AttentionTable {
  readonly depth: number;
  readonly heads: number;
  readonly tokens: number;
  readonly groups: readonly AttentionGroup[];
  readonly strengths: readonly HeadStrength[];
}

/** Attention on the sets of every evaluator of the data. */
export const attentionAnalysis: Analysis<AttentionTable> = Object.freeze({
  name: 'attention',
  version: 1,
  settings: null,
  *measure(probe: Probe) {
    const { depth, heads, contextPairs } = probe.shape;
    const tokens = 2 * contextPairs + 1;
    const groups: AttentionGroup[] = [];
    const strengths: HeadStrength[] = [];
    for (const set of probe.sets) {
      const evaluator = set.definition.name;
      const means = new GroupSums(contextPairs + 1, depth * heads * tokens * tokens);
      const moments = new StrengthSums(depth * heads);
      for (const pass of probe.passes(set)) {
        means.add(probe.model, pass);
        moments.add(probe.model, pass);
        yield undefined;
      }
      groups.push(...means.groups(evaluator));
      strengths.push(...moments.strengths(evaluator, heads));
    }
    return { depth, heads, tokens, groups, strengths };
  },
});

/** Sums of attention, one per place of the correct label. */
class GroupSums {
  readonly #sums: readonly Float64Array[];
  readonly #counts: number[];

  constructor(groups: number, size: number) {
    this.#sums = Array.from({ length: groups }, () => new Float64Array(size));
    this.#counts = Array.from({ length: groups }, () => 0);
  }

  add(model: Transformer, { set, first, count }: Pass): void {
    const { lanes } = model.layout;
    // The last group is of the sequences whose context lacks the correct label.
    const last = this.#sums.length - 1;
    const groupOf = Array.from(
      { length: count },
      (_, lane) => correctPair(set.sequences, first + lane) ?? last,
    );
    for (const group of groupOf) this.#counts[group]++;
    for (const [l, { attention }] of model.blocks.entries()) {
      const { pattern } = attention;
      const entries = pattern.length / lanes;
      for (let entry = 0; entry < entries; entry++) {
        for (let lane = 0; lane < count; lane++) {
          this.#sums[groupOf[lane]][l * entries + entry] += pattern[entry * lanes + lane];
        }
      }
    }
  }

  groups(evaluator: EvaluatorName): AttentionGroup[] {
    const last = this.#sums.length - 1;
    return this.#sums.flatMap((sums, group) => {
      const sequences = this.#counts[group];
      if (sequences === 0) return [];
      const mean = Array.from(sums, (sum) => sum / sequences);
      return [{ evaluator, correctPair: group === last ? null : group, sequences, mean }];
    });
  }
}

/** Sums of induction strength and of its square. */
class StrengthSums {
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(heads: number) {
    this.#sums = new Float64Array(heads);
    this.#squares = new Float64Array(heads);
  }

  add(model: Transformer, { set, first, count }: Pass): void {
    for (let lane = 0; lane < count; lane++) {
      const signs = pairSigns(set.sequences, first + lane);
      if (!signs) continue;
      this.#count++;
      headStrengths(model, signs, lane).forEach((strength, head) => {
        this.#sums[head] += strength;
        this.#squares[head] += strength * strength;
      });
    }
  }

  strengths(evaluator: EvaluatorName, heads: number): HeadStrength[] {
    const sequences = this.#count;
    if (sequences === 0) return [];
    return Array.from(this.#sums, (sum, i) => {
      const mean = sum / sequences;
      const deviation = Math.sqrt(Math.max(0, this.#squares[i] / sequences - mean * mean));
      return { evaluator, block: Math.floor(i / heads), head: i % heads, sequences, mean, deviation };
    });
  }
}

/**
 * Induction strength of every head in one lane after a forward pass, block by block.
 * @param signs of the lane's sequence (`pairSigns`)
 */
export function headStrengths(model: Transformer, signs: readonly number[], lane: number): number[] {
  const { tokens, lanes } = model.layout;
  return model.blocks.flatMap(({ attention: { pattern, shape } }) => {
    const queries = tokens - shape.firstQuery;
    return Array.from({ length: shape.heads }, (_, head) => {
      const row = (head * queries + queries - 1) * tokens;
      return signs.reduce(
        (sum, sign, pair) => sum + sign * pattern[(row + labelToken(pair)) * lanes + lane],
        0,
      );
    });
  });
}
