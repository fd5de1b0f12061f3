/**
 * What one head of the last block does alone when told where to look (figures 2b, 13d): its query's attention is clamped
 * to a strength, every other head of the model is ablated and so is the token embedding, while patterns and values stay
 * those of a clean pass. In-context accuracy on CIWL over the strength tells whether looking at a label is saying it.
 */
import type { Intervention } from '../intervene/intervention.ts';
import type { ModelShape } from '../model/config.ts';
import type { Analysis } from './analysis.ts';
import type { Probe } from './probe.ts';

export interface ClampedHead {
  readonly head: number;
  /** In-context accuracy on CIWL at each of the strengths. */
  readonly accuracies: readonly number[];
}

export interface ClampedStrengths {
  readonly block: number;
  /** Share of the attention that the correct label gets; the other label gets the rest. */
  readonly strengths: readonly number[];
  readonly heads: readonly ClampedHead[];
  readonly sequences: number;
}

const strengths: readonly number[] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** One head of the last block alone, at one strength. */
export function clampedHead({ depth, heads }: ModelShape, head: number, strength: number): Intervention[] {
  const block = depth - 1;
  const others = Array.from({ length: depth }, (_, b) =>
    Array.from({ length: heads }, (__, h) => (b === block && h === head ? [] : [`${b}:${h}`])),
  ).flat(2);
  return [
    ...(others.length > 0 ? [{ kind: 'ablateHeads', heads: others } as const] : []),
    { kind: 'inductionHeads', heads: [`${block}:${head}`], strength },
    { kind: 'ablateEmbedding', part: 'token' },
    { kind: 'preserve', sites: ['patterns', 'values'] },
  ];
}

export const clampedStrengthsAnalysis: Analysis<ClampedStrengths> = Object.freeze({
  name: 'clamped-strengths',
  version: 1,
  settings: { strengths },
  *measure(probe: Probe) {
    const { shape } = probe;
    const set = probe.set('ciwl');
    const heads: ClampedHead[] = [];
    for (let head = 0; head < shape.heads; head++) {
      const accuracies: number[] = [];
      for (const strength of strengths) {
        const specs = clampedHead(shape, head, strength);
        accuracies.push(yield* probe.evaluate(set, 'inContextAccuracy', specs));
      }
      heads.push({ head, accuracies });
    }
    return { block: shape.depth - 1, strengths, heads, sequences: set.sequences.size };
  },
});
