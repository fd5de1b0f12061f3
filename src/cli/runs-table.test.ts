import { expect, test } from 'vitest';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import type { RunSummary } from '../runs/run-summary.ts';
import { runsTable } from './runs-table.ts';

const nowMs = 1e12;

const evaluation = (evaluator: string, inContextAccuracy: number) =>
  ({ kind: 'evaluation', evaluator, inContextAccuracy }) as EvaluationRecord;

const disk = { bytes: 62e6, checkpointBytes: 62e6, snapshotBytes: 0, metricsBytes: 0, leftoverBytes: 0 };

const going: RunSummary = {
  folder: 'reproduction/fig1b-quick/run',
  name: 'fig1b-quick',
  id: 'k3f9x2ab',
  state: 'running',
  sequences: 1.35e6,
  trainSequences: 6e6,
  settings: { preset: 'quick', changes: [] },
  lastEvaluation: [
    evaluation('train', 0.98),
    evaluation('icl', 0.8),
    evaluation('ciwl', 0.84),
    evaluation('flip', 0.4),
  ],
  lastSignMs: nowMs - 4000,
  disk,
};

const runs: RunSummary[] = [
  going,
  {
    ...going,
    name: 'sigma-0.3',
    id: undefined,
    state: 'stopped',
    settings: { preset: 'quick', changes: ['--seed 5', 'data.source.sigma=0.3'] },
    lastEvaluation: [],
    lastSignMs: nowMs - 7_380_000,
    disk: { ...disk, bytes: 812_000 },
  },
  {
    ...going,
    name: 'old\u001b[31m',
    state: 'damaged',
    problem: 'runs/old/config.json: not readable as JSON: damaged',
    lastSignMs: nowMs - 9 * 86_400_000,
  },
];

test('has a line per run', () => {
  expect(runsTable(runs, nowMs)).toMatchInlineSnapshot(`
    "name           id        state    sequences    train  ICL  CIWL  Flip  disk    seen        settings
    fig1b-quick    k3f9x2ab  running  1.35M of 6M  .98    .80  .84   .40   62 MB   just now    quick
    sigma-0.3                stopped  1.35M of 6M                          812 kB  2 h ago     quick --seed 5 data.source.sigma=0.3
    old\\u{1b}[31m  k3f9x2ab  damaged  1.35M of 6M  .98    .80  .84   .40   62 MB   9 days ago  quick
    "
  `);
});

test.each([100, 80, 60, 40])('fits %d columns', (width) => {
  const table = runsTable(runs, nowMs, width);
  expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
  expect(table).toMatchSnapshot();
});

test('never leaves out name and state', () => {
  expect(runsTable(runs, nowMs, 5)).toMatch(/^name +state\n/);
});
