/**
 * What must not reach the weights (how often a run is evaluated, saved, recorded; how long it will be), what must
 * (every seed), and that the hashes see the smallest change there is.
 */
import { exemplarSourceSchema } from '../../src/data/config.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';
import { assembleRun } from '../../src/runs/assemble.ts';
import { completeRunConfig, type RunConfig } from '../../src/runs/config.ts';
import { MemoryStorage } from '../../src/runs/storage/memory-storage.ts';
import { hashState, type NamedTensor } from '../../src/runs/state-hash.ts';
import { goldenHashes } from './golden-hashes.ts';
import { hashFolder, runRealSession, type SessionHashes } from './real-session.ts';
import { hashRun } from './run-hashes.ts';
import { shortRun } from './short-runs.ts';

const { module } = loadKernelModule();
const { name, config } = shortRun('mixedNoisyData/adam');
const golden = goldenHashes().runs[name];
const { batchSize, trainSequences } = config.train;

type Changes = { [Part in keyof RunConfig]?: Partial<RunConfig[Part]> };

/** The run with some of its settings changed. */
function changed(changes: Changes): RunConfig {
  const parts = Object.keys(config) as (keyof RunConfig)[];
  const merged = parts.map((part) => [part, { ...config[part], ...changes[part] }]);
  return completeRunConfig(Object.fromEntries(merged) as Parameters<typeof completeRunConfig>[0]);
}

async function session(changes: Changes): Promise<SessionHashes> {
  const storage = new MemoryStorage();
  const run = { storage, config: changed(changes), module };
  expect((await runRealSession(run)).outcome).toBe('finished');
  return hashFolder(storage);
}

describe('the weights do not depend on', () => {
  const never = 1e9;
  test.each<[string, Changes]>([
    ['evaluating at every step', { evaluate: { everySequences: 1 } }],
    ['evaluating at the ends only', { evaluate: { everySequences: never } }],
    ['the size of the evaluator sets', { evaluate: { sequencesPerEvaluator: 3 } }],
    ['recording every sequence', { evaluate: { perSequence: true } }],
    ['the evaluation seed', { seeds: { ...config.seeds, eval: 99 } }],
    ['saving at every step', { checkpoint: { everySequences: 1 } }],
    ['saving at the ends only', { checkpoint: { everySequences: never } }],
    ['how many checkpoints are kept', { checkpoint: { everySequences: batchSize, keep: 9 } }],
    ['a snapshot at every step', { checkpoint: { snapshotEverySequences: 1 } }],
    ['having no snapshots', { checkpoint: { snapshotEverySequences: null } }],
    ['recording every loss', { train: { recordEverySequences: 1 } }],
    ['recording no loss', { train: { recordEverySequences: never } }],
    [
      'all of it at once',
      {
        evaluate: { everySequences: 1, sequencesPerEvaluator: 70 },
        checkpoint: { everySequences: 1, snapshotEverySequences: 1 },
        train: { recordEverySequences: 1 },
      },
    ],
  ])('%s', async (_, changes) => {
    const { end } = await session(changes);
    expect(end).toEqual(golden.end);
  });

  test('the length that the run will have', async () => {
    const snapshotEverySequences = trainSequences;
    const [usual, longer] = [
      await session({ checkpoint: { snapshotEverySequences } }),
      await session({
        train: { trainSequences: trainSequences + 5 * batchSize },
        checkpoint: { snapshotEverySequences },
      }),
    ];
    expect(longer.end.state).not.toBe(usual.end.state);
    expect(Object.keys(longer.snapshots)).toEqual(['0', String(trainSequences)]);
    expect(longer.snapshots).toEqual(usual.snapshots);
  });
});

describe('the hashes see', () => {
  const otherSource = exemplarSourceSchema.parse({ ...config.data.source, seed: 8 });

  test.each<[string, Changes, 'start' | 'firstStep' | 'inputs']>([
    ['the seed of the starting weights', { seeds: { ...config.seeds, init: 12 } }, 'start'],
    ['the seed of the training sequences', { seeds: { ...config.seeds, train: 11 } }, 'firstStep'],
    ['the seed of the source', { data: { source: otherSource } }, 'inputs'],
    ['the seed of the evaluators', { seeds: { ...config.seeds, eval: 14 } }, 'inputs'],
  ])('%s', async (_, changes, first) => {
    const { hashes } = await hashRun(changed(changes), module);
    expect(hashes.metrics).not.toBe(golden.metrics);
    expect(hashes[first]).not.toEqual(golden[first]);
    if (first === 'firstStep') expect(hashes.start).toEqual(golden.start);
  });

  describe('in a state', () => {
    let tensors: Map<string, NamedTensor>;
    beforeAll(() => {
      tensors = assembleRun(config, module).trainer.stateTensors();
    });

    test('the lowest bit of one number, in any tensor, and say which tensor', async () => {
      const before = await hashState(tensors);
      const names = [...tensors.keys()];
      for (const [index, { data }] of [...tensors.values()].entries()) {
        const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
        bits[bits.length - 1] ^= 1;
        const after = await hashState(tensors);
        bits[bits.length - 1] ^= 1;
        expect(after.state, names[index]).not.toBe(before.state);
        const other = after.tensors.split(' ').map((hash, i) => hash !== before.tensors.split(' ')[i]);
        expect(names.filter((_, i) => other[i])).toEqual([names[index]]);
      }
      expect(await hashState(tensors)).toEqual(before);
    });

    test('a name, a shape, the order, a zero without its sign', async () => {
      const data = Float32Array.of(0, 1, 2, 3);
      const state = async (...list: [string, NamedTensor][]) => (await hashState(new Map(list))).state;
      const [a, b]: [string, NamedTensor][] = [
        ['a', { shape: [4], data }],
        ['b', { shape: [4], data }],
      ];
      const others = [
        await state(a, b),
        await state(b, a),
        await state(a),
        await state(b),
        await state(['a', { shape: [2, 2], data }]),
        await state(['a', { shape: [4], data: Float32Array.of(-0, 1, 2, 3) }]),
        await state(['a', { shape: [4], data: Float64Array.from(data) }]),
      ];
      expect(new Set(others).size).toBe(others.length);
    });
  });
});
