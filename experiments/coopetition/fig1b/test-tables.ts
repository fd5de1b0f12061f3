/** Made-up runs for the tests of figure 1b and its claims: curves through given points, as a metrics table. */
import { valueAt } from '../../../src/evaluate/curve.ts';
import type { EvaluationRecord } from '../../../src/evaluate/metrics.ts';
import { paperCurves } from '../data/paper-curve.ts';
import type { RunInfo, RunScale } from '../scale.ts';

type Points = readonly (readonly [sequences: number, value: number])[];

export type Knots = Readonly<Record<string, Points>>;

const batchSize = 32;

export function evaluation(evaluator: string, sequences: number, value: number, n = 5000): EvaluationRecord {
  return {
    kind: 'evaluation',
    sequences,
    step: Math.ceil(sequences / batchSize),
    evaluator,
    n,
    loss: 1,
    accuracy: evaluator === 'iwl' ? value : value / 2,
    inContextAccuracy: evaluator === 'iwl' ? 0 : value,
    inContextProb: value,
    prob: value / 2,
    contextProb: 0.9,
    outOfContextAccuracy: 0,
    outOfContextProb: 0,
  };
}

/** A repeatable stand-in for sampling noise, uniform within one binomial standard error times sqrt(3). */
function wobble(index: number, value: number, n: number): number {
  let bits = (index + 1) * 2654435761;
  bits = (bits ^ (bits >>> 15)) * 2246822519;
  bits = (bits ^ (bits >>> 13)) >>> 0;
  return (2 * (bits / 4294967296) - 1) * Math.sqrt((3 * value * (1 - value)) / n);
}

/**
 * A run evaluated every `every` sequences up to `end`, each curve straight between its points.
 * @param noise 0 for exact curves, 1 for the noise of n sequences
 */
export function madeUpRun(knots: Knots, end: number, every: number, noise = 0, n = 5000): EvaluationRecord[] {
  const table: EvaluationRecord[] = [];
  let index = 0;
  for (let sequences = 0; sequences <= end; sequences += every) {
    for (const [evaluator, points] of Object.entries(knots)) {
      const value = valueAt(
        points.map(([at, level]) => ({ sequences: at, value: level })),
        sequences,
      );
      index++;
      if (value === undefined) continue;
      const noisy = Math.min(1, Math.max(0, value + noise * wobble(index, value, n)));
      table.push(evaluation(evaluator, sequences, Math.round(noisy * n) / n, n));
    }
  }
  return table;
}

const million = (points: Points): Points => points.map(([sequences, value]) => [sequences * 1e6, value]);

/** The shape of figure 1b within 3 million sequences. */
export const transientKnots: Knots = {
  train: million([
    [0, 0.5],
    [0.3, 0.53],
    [0.7, 0.56],
    [0.95, 0.66],
    [1.2, 0.78],
    [1.4, 0.84],
    [1.9, 0.92],
    [2.4, 0.95],
    [3, 0.97],
  ]),
  icl: million([
    [0, 0.5],
    [0.3, 0.5],
    [0.75, 0.52],
    [1, 0.68],
    [1.3, 0.79],
    [1.9, 0.86],
    [2.1, 0.85],
    [2.5, 0.76],
    [3, 0.67],
  ]),
  ciwl: million([
    [0, 0.5],
    [0.3, 0.52],
    [0.8, 0.54],
    [1.2, 0.6],
    [1.5, 0.68],
    [2, 0.8],
    [2.5, 0.88],
    [3, 0.93],
  ]),
  flip: million([
    [0, 0.5],
    [0.25, 0.46],
    [0.7, 0.47],
    [0.95, 0.6],
    [1.2, 0.7],
    [1.35, 0.72],
    [1.7, 0.6],
    [2, 0.42],
    [2.5, 0.2],
    [3, 0.12],
  ]),
  iwl: million([
    [0, 0],
    [1.5, 0.004],
    [3, 0.02],
  ]),
};

/** CIWL at once, no ICL. */
export const ciwlOnlyKnots: Knots = {
  train: million([
    [0, 0.5],
    [0.5, 0.62],
    [1.2, 0.85],
    [2, 0.93],
    [3, 0.96],
  ]),
  icl: million([
    [0, 0.5],
    [1, 0.52],
    [3, 0.51],
  ]),
  ciwl: million([
    [0, 0.5],
    [0.5, 0.6],
    [1.2, 0.83],
    [2, 0.92],
    [3, 0.95],
  ]),
  flip: million([
    [0, 0.5],
    [0.5, 0.36],
    [1.2, 0.15],
    [2, 0.08],
    [3, 0.05],
  ]),
  iwl: million([
    [0, 0],
    [1, 0.01],
    [3, 0.05],
  ]),
};

/** ICL is learnt and stays. */
export const iclStaysKnots: Knots = {
  train: million([
    [0, 0.5],
    [0.6, 0.53],
    [1, 0.9],
    [3, 0.98],
  ]),
  icl: million([
    [0, 0.5],
    [0.6, 0.52],
    [1, 0.95],
    [3, 0.96],
  ]),
  ciwl: million([
    [0, 0.5],
    [0.6, 0.52],
    [1, 0.55],
    [3, 0.6],
  ]),
  flip: million([
    [0, 0.5],
    [0.4, 0.46],
    [0.65, 0.5],
    [1, 0.94],
    [3, 0.95],
  ]),
  iwl: million([
    [0, 0],
    [3, 0.001],
  ]),
};

/** The paper's digitised curves as if they were a run, evaluated every 100,000 sequences; the end is held. */
export function paperAsRun(end = 20_000_000): EvaluationRecord[] {
  const curves = paperCurves();
  const knots: Record<string, Points> = {};
  for (const [evaluator, curve] of Object.entries(curves)) {
    const points = curve.map(({ sequences, value }) => [sequences, value] as const);
    const last = points[points.length - 1];
    knots[evaluator] = [[0, points[0][1]] as const, ...points.slice(1), [20_000_000, last[1]] as const];
  }
  return madeUpRun(knots, Math.min(end, 20_000_000), 100_000);
}

export function runInfo(scale: RunScale, trainSequences: number, overrides: Partial<RunInfo> = {}): RunInfo {
  return {
    name: 'fig1b-run',
    id: 'k3v9x0ab',
    scale,
    source: 'synthetic(12,800 classes x 20 exemplars x 512, alpha 2, sigma 0.6, seed 101)',
    seeds: { init: 101, train: 101, eval: 1, source: 101 },
    labels: 12_800,
    trainSequences,
    scaleSequences: trainSequences,
    command: `iclab reproduce fig1b --scale ${scale} --out out/fig1b`,
    config: 'seeds:\n  init: 101\n  train: 101\n  eval: 1\ntrain:\n  batchSize: 32\n',
    begun: '2026-01-01T00:00:00.000Z',
    engine: { name: 'wasm', simd: true, threads: 1 },
    machine: { 'Node.js': 'v26.10.0', Machine: 'linux x64, A CPU, 2 cores' },
    code: { version: '0.1.0', commit: '0123456789abcdef' },
    ...overrides,
  };
}

/** One of the committed tables in `fixtures/`, given its text. */
export function parseTable(ndjson: string): EvaluationRecord[] {
  return ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as EvaluationRecord);
}
