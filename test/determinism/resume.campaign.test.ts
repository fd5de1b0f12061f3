/**
 * A run stopped and gone on with is the run that was never stopped: every short run, stopped at 50 and more of its
 * moments and once more later on, ends in the golden hashes, metrics and snapshots included.
 */
import { expect, test } from 'vitest';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';
import type { SessionTrainer } from '../../src/runs/session-parts.ts';
import { MemoryStorage } from '../../src/runs/storage/memory-storage.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import { goldenHashes } from './golden-hashes.ts';
import { hashFolder, runRealSession, type SessionHashes, type Stop } from './real-session.ts';
import { type ShortRun, shortRun, shortRuns } from './short-runs.ts';

const { module } = loadKernelModule();

/** The moments a run is stopped at: after a spread of steps, in its evaluations, and pairs of both. */
function stopsOf({ config }: ShortRun, index: number): Stop[][] {
  const { batchSize, trainSequences } = config.train;
  const steps = trainSequences / batchSize;
  const count = campaignSize({ ci: 3, long: steps });
  const spread = Array.from(
    { length: count },
    (_, i) => 1 + ((Math.floor((i * steps) / count) + index) % steps),
  );
  const evaluationEvery = config.evaluate.everySequences / batchSize;
  const evaluated = [0, evaluationEvery, 2 * evaluationEvery, 3 * evaluationEvery, steps];
  const inEvaluations = evaluated
    .map((inEvaluationAtStep, i) => ({ inEvaluationAtStep, batches: (i + index) % 8 }))
    .slice(0, campaignSize({ ci: 1, long: evaluated.length }));
  const pairs = spread
    .filter((step, i) => step < steps && i % campaignSize({ ci: 3, long: 4 }) === 0)
    .map((step) => [{ afterStep: step }, { afterStep: Math.min(steps, step + 1 + ((7 * step) % 13)) }]);
  const mixed = inEvaluations
    .filter(({ inEvaluationAtStep }) => inEvaluationAtStep < steps)
    .map((stop) => [stop, { afterStep: Math.min(steps, stop.inEvaluationAtStep + 1 + (index % 5)) }]);
  return [
    ...spread.map((afterStep) => [{ afterStep }]),
    ...inEvaluations.map((stop) => [stop]),
    ...pairs,
    ...mixed,
  ];
}

/** Sessions until the end, each but the last stopped as planned. */
async function runWithStops(
  { config }: ShortRun,
  stops: readonly Stop[],
  spoil?: (trainer: SessionTrainer) => void,
): Promise<SessionHashes> {
  const storage = new MemoryStorage();
  const outcomes: string[] = [];
  for (const stop of [...stops, undefined]) {
    const run = { storage, config, module, ...(spoil ? { spoil } : {}) };
    outcomes.push((await runRealSession(run, stop)).outcome);
  }
  expect(outcomes, `stopped ${JSON.stringify(stops)}`).toEqual([...stops.map(() => 'stopped'), 'finished']);
  return hashFolder(storage);
}

test.each(shortRuns().map((run, index) => ({ ...run, index })))(
  '$name',
  async ({ index, ...run }) => {
    const golden = goldenHashes().runs[run.name];
    const whole = await runWithStops(run, []);
    // The session in a folder and the run in memory of the golden file are one.
    expect([whole.end, whole.metrics]).toEqual([golden.end, golden.metrics]);
    const plans = stopsOf(run, index);
    for (const stops of plans) {
      const resumed = await runWithStops(run, stops);
      expect(resumed, `${run.name}, stopped ${JSON.stringify(stops)}`).toEqual(whole);
    }
    tellFigures(`determinism, resume, ${run.name}`, { plans: plans.length, stops: plans.flat().length });
  },
  campaignTimeoutMs,
);

/** The live numbers of one tensor. */
function numbersOf(trainer: SessionTrainer, name: string) {
  const data = trainer.stateTensors().get(name)?.data;
  if (data === undefined) throw new Error(`no tensor is called ${name}`);
  return data;
}

test.each<[string, (trainer: SessionTrainer) => void]>([
  [
    'has one bit of one weight wrong',
    (trainer) => {
      const { buffer, byteOffset } = numbersOf(trainer, 'unembed.bias');
      new Int32Array(buffer, byteOffset, 1)[0] ^= 1;
    },
  ],
  ['forgets first moments', (trainer) => numbersOf(trainer, 'adam.m.unembed.bias').fill(0)],
  ['forgets second moments', (trainer) => numbersOf(trainer, 'adam.v.labelEmbed.weight').fill(0)],
])('a resume that %s is noticed', async (_, spoil) => {
  const run = shortRun('paper/adam');
  const whole = await runWithStops(run, []);
  const resumed = await runWithStops(run, [{ afterStep: 50 }], spoil);
  expect(resumed.end.state).not.toBe(whole.end.state);
  expect(resumed.metrics).not.toBe(whole.metrics);
});
