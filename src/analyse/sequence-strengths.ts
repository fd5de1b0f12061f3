/** Each head's induction strength on each sequence of one evaluator: do heads do the same on the same sequence (figure 15a)? */
import type { EvaluatorName } from '../data/evaluators.ts';
import type { Analysis } from './analysis.ts';
import { headStrengths } from './attention.ts';
import { pairSigns } from './correct-pair.ts';
import type { Probe } from './probe.ts';

export interface SequenceStrengths {
  readonly evaluator: EvaluatorName;
  readonly heads: number;
  /** The sequences that offer a choice, by their number in the set. */
  readonly sequences: readonly number[];
  /** `[depth * heads][sequences]`: block by block, head by head. */
  readonly strengths: readonly (readonly number[])[];
}

export function sequenceStrengthsAnalysis(evaluator: EvaluatorName): Analysis<SequenceStrengths> {
  return {
    name: 'sequence-strengths',
    version: 1,
    settings: { evaluator },
    *measure(probe: Probe) {
      const { depth, heads } = probe.shape;
      const set = probe.set(evaluator);
      const sequences: number[] = [];
      const strengths: number[][] = Array.from({ length: depth * heads }, () => []);
      for (const { first, count } of probe.passes(set)) {
        for (let lane = 0; lane < count; lane++) {
          const signs = pairSigns(set.sequences, first + lane);
          if (!signs) continue;
          sequences.push(first + lane);
          headStrengths(probe.model, signs, lane).forEach((value, head) => strengths[head].push(value));
        }
        yield undefined;
      }
      return { evaluator, heads, sequences, strengths };
    },
  };
}
