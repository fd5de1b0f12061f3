/**
 * What sharper or flatter attention of one head does to the model (figures 15b, 15c): scores of a head of the last block
 * are divided by a temperature, and in-context probability on train is measured with that head alone in its block,
 * attending to labels only, and with all heads at work.
 */
import type { Intervention } from '../intervene/intervention.ts';
import type { ModelShape } from '../model/config.ts';
import type { Analysis } from './analysis.ts';
import type { Probe } from './probe.ts';

export interface HeatedHead {
  readonly head: number;
  /** Mean in-context probability on train at each of the temperatures, with no other head in the block. */
  readonly alone: readonly number[];
  /** The same with all others as they are. */
  readonly amongAll: readonly number[];
}

export interface HeadTemperatures {
  readonly block: number;
  /** 1 is the model's own. */
  readonly temperatures: readonly number[];
  /** Mean in-context probability on train of the whole model. */
  readonly whole: number;
  readonly heads: readonly HeatedHead[];
  readonly sequences: number;
}

/** The paper's grid, and 1. */
const temperatures: readonly number[] = [
  0.1, 0.25, 0.5, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98, 1, 1.02, 1.04, 1.06, 1.08, 1.1, 1.15, 1.2,
  1.25, 2, 4, 8,
];

/** One head of the last block at a temperature. */
export function heatedHead({ depth }: ModelShape, head: number, temperature: number): Intervention[] {
  return [{ kind: 'headTemperature', temperatures: { [`${depth - 1}:${head}`]: temperature } }];
}

/** The same with no other head in its block, and the query looking at labels alone. */
export function heatedHeadAlone(shape: ModelShape, head: number, temperature: number): Intervention[] {
  const block = shape.depth - 1;
  const others = Array.from({ length: shape.heads }, (_, h) => `${block}:${h}`).toSpliced(head, 1);
  return [
    ...(others.length > 0 ? [{ kind: 'ablateHeads', heads: others } as const] : []),
    { kind: 'labelsOnly', heads: [`${block}:${head}`] },
    ...heatedHead(shape, head, temperature),
  ];
}

export const headTemperaturesAnalysis: Analysis<HeadTemperatures> = Object.freeze({
  name: 'head-temperatures',
  version: 1,
  settings: { temperatures },
  *measure(probe: Probe) {
    const { shape } = probe;
    const set = probe.set('train');
    const whole = yield* probe.evaluate(set, 'inContextProb', []);
    const heads: HeatedHead[] = [];
    for (let head = 0; head < shape.heads; head++) {
      const alone: number[] = [];
      const amongAll: number[] = [];
      for (const temperature of temperatures) {
        alone.push(yield* probe.evaluate(set, 'inContextProb', heatedHeadAlone(shape, head, temperature)));
        amongAll.push(
          temperature === 1
            ? whole
            : yield* probe.evaluate(set, 'inContextProb', heatedHead(shape, head, temperature)),
        );
      }
      heads.push({ head, alone, amongAll });
    }
    return { block: shape.depth - 1, temperatures, whole, heads, sequences: set.sequences.size };
  },
});
