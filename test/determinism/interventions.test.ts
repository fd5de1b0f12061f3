/** Learning and evaluating under interventions gives the same bits on any number of threads. */
import { afterEach, describe, expect, test } from 'vitest';
import { resolveData } from '../../src/data/resolved-data.ts';
import type { Threads } from '../../src/engine/threads/start-crew.ts';
import { parseIntervention } from '../../src/intervene/intervention.ts';
import { initialiseParameters } from '../../src/model/initialise.ts';
import { assembleRun, modelShape } from '../../src/runs/assemble.ts';
import { completeRunConfig, runConfigSchema } from '../../src/runs/config.ts';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';
import { hashState } from '../../src/runs/state-hash.ts';
import { startThreads } from '../../src/runs/threads/start-threads.ts';
import { shortRun } from './short-runs.ts';

const { module: kernelModule } = loadKernelModule();
const running: Threads[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((threads) => threads.stop()));
});

const { config: plain } = shortRun('paper/adam');

function configWith(lines: readonly string[]) {
  const { train, ...rest } = structuredClone(plain);
  const interventions = lines.length > 0 ? { interventions: lines.map(parseIntervention) } : {};
  return completeRunConfig(runConfigSchema.parse({ ...rest, train: { ...train, ...interventions } }));
}

/** State after some steps, and what the evaluators say then. */
async function bits(lines: readonly string[], threads: number, steps = 12): Promise<string> {
  const config = configWith(lines);
  const shape = modelShape(config, resolveData(config.data, config.data.source));
  const donors = new Map([['donor:0', initialiseParameters(shape, 99)]]);
  const { kernels, trainer, evaluator } = assembleRun(config, kernelModule, donors);
  const settings = { leastOperations: 0 };
  running.push(await startThreads({ kernels, kernelModule, shape, train: config.train, threads, settings }));
  for (let i = 0; i < steps; i++) trainer.trainStep();
  const evaluations = [...evaluator.evaluate(0, 0)].flatMap((each) => (each ? [each.record] : []));
  return JSON.stringify([await hashState(trainer.stateTensors()), evaluations]);
}

describe.each([
  [['forbidPreviousToken=0:*,labels', 'ablateHeads=1:4']],
  [['preserve=queries,values', 'ablateHeads=0:1', 'previousTokenHeads=0:2@0.7']],
  [['headTemperature=1:3@0.5', 'labelsOnly=1:*']],
  [['inductionHeads=1:3@0.9', 'matchHeads=1:2@0.1']],
  [['outputFromHead=1:3']],
  [['graftOut=0@donor:0', 'ablateHeads=0:3']],
  [['graftIn=0@donor:0']],
  [['clamp={"site":"blocks.0.attention.z","mask":{"heads":[0]},"value":{"run":"donor","sequences":0}}']],
  [['clamp={"site":"logits","mask":{"features":[0,100]},"value":-1}', 'ablateEmbedding=token']],
])('%j', (lines) => {
  test('the same on 1, 2, 3 and 4 threads', { timeout: 90_000 }, async () => {
    const alone = await bits(lines, 1);
    for (const threads of [2, 3, 4]) expect(await bits(lines, threads), `${threads} threads`).toBe(alone);
  });
});

test('an intervention that sets what was there already changes no evaluation', async () => {
  const lines = ['clamp={"site":"blocks.*.attention.pattern","value":"clean"}'];
  expect(await bits(lines, 1, 0)).toBe(await bits([], 1, 0));
});
