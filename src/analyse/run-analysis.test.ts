import { expect, test } from 'vitest';
import { saveCheckpoint } from '../runs/checkpoints.ts';
import { assembleRun } from '../runs/assemble.ts';
import { configHash } from '../runs/config-hash.ts';
import { loadKernelModule } from '../runs/kernel-module.ts';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed } from '../runs/presets/index.ts';
import { MemoryStorage } from '../runs/storage/memory-storage.ts';
import { StorageError } from '../runs/storage/storage.ts';
import type { Analysis } from './analysis.ts';
import { attentionAnalysis } from './attention.ts';
import { compositionAnalysis } from './composition.ts';
import { openProbe } from './open-probe.ts';
import { RunAnalysis } from './run-analysis.ts';
import { sequenceStrengthsAnalysis } from './sequence-strengths.ts';

const config = loadConfig({ preset: presetNamed('smoke') }, [
  'evaluate.sequencesPerEvaluator=80',
  'data.source.classes=16',
]);

/** A run with the weights of its first steps. */
async function runOf(steps: number, storage = new MemoryStorage()): Promise<MemoryStorage> {
  const { trainer } = assembleRun(config, loadKernelModule().module);
  await storage.makeDirectory('lab/run');
  for (let step = 0; step < steps; step++) {
    const tensors = new Map([...trainer.stateTensors()].filter(([name]) => !name.startsWith('adam.')));
    await saveCheckpoint(
      { storage, folder: 'lab/run' },
      {
        kind: 'snapshot',
        sequences: trainer.sequencesSeen,
        step: trainer.step,
        generation: 1,
        configHash: configHash(config),
        engineVersion: 'test-1',
        tensors,
      },
    );
    trainer.trainStep();
  }
  return storage;
}

async function analysed<Table>(
  storage: MemoryStorage,
  analysis: Analysis<Table>,
  options: { threads?: number; cacheFolder?: string | null } = {},
) {
  const run = await RunAnalysis.open({ storage, folder: 'lab/run', config, threads: 1, ...options });
  try {
    let measured = 0;
    const tables = await run.over(analysis, run.kept, (progress) => (measured = progress.measured));
    return { tables, measured };
  } finally {
    await run.close();
  }
}

test('an analysis gives a table for every moment that is kept, in order, and measures each once', async () => {
  const storage = await runOf(3);
  const first = await analysed(storage, attentionAnalysis);
  expect(first.tables.map(({ sequences }) => sequences)).toEqual([0, 32, 64]);
  expect(first.measured).toBe(3);
  expect(first.tables[0].table).not.toEqual(first.tables[1].table);
  const second = await analysed(storage, attentionAnalysis);
  expect(second).toEqual({ tables: first.tables, measured: 0 });
  expect(await storage.list('lab/run')).toHaveLength(3);
  expect(await storage.list('lab/.analyses')).toHaveLength(3);
});

test('other settings or another version are another table', async () => {
  const storage = await runOf(1);
  await analysed(storage, sequenceStrengthsAnalysis('train'));
  expect((await analysed(storage, sequenceStrengthsAnalysis('flip'))).measured).toBe(1);
  expect((await analysed(storage, { ...sequenceStrengthsAnalysis('flip'), version: 2 })).measured).toBe(1);
  expect((await analysed(storage, sequenceStrengthsAnalysis('flip'))).measured).toBe(0);
});

test('a kept table that is damaged, cut off or of something else is measured again', async () => {
  const storage = await runOf(1);
  const { tables } = await analysed(storage, compositionAnalysis);
  const [name] = await storage.list('lab/.analyses');
  const path = `lab/.analyses/${name}`;
  const good = await storage.read(path);
  const text = new TextDecoder().decode(good);
  const at = text.indexOf('"score":0.') + '"score":0.'.length;
  const flipped = good.slice();
  flipped[at] = flipped[at] === 49 ? 50 : 49;
  const damages = [
    flipped,
    good.slice(0, good.length / 2),
    new Uint8Array(0),
    new TextEncoder().encode('null'),
    new TextEncoder().encode(text.replace(/,"sha256":"[0-9a-f]+"/, '')),
  ];
  for (const bytes of damages) {
    await storage.remove(path);
    await storage.create(path, bytes);
    expect(await analysed(storage, compositionAnalysis)).toEqual({ tables, measured: 1 });
    expect(await storage.read(path)).toEqual(good);
  }
});

test('a table that cannot be kept is measured all the same, and each time', async () => {
  const storage = await runOf(
    1,
    new MemoryStorage({
      intercept: (operation, path) => {
        if (path.includes('.analyses') && operation === 'create')
          throw new StorageError('ENOSPC', operation, path);
      },
    }),
  );
  expect((await analysed(storage, compositionAnalysis)).measured).toBe(1);
  expect((await analysed(storage, compositionAnalysis)).measured).toBe(1);
  expect((await analysed(await runOf(1), compositionAnalysis, { cacheFolder: null })).measured).toBe(1);
});

test('the number of threads changes no bit', async () => {
  const storage = await runOf(2);
  const tables = await Promise.all(
    [1, 2].map(
      async (threads) => (await analysed(storage, attentionAnalysis, { threads, cacheFolder: null })).tables,
    ),
  );
  expect(tables[1]).toEqual(tables[0]);
});

test('a damaged file of weights is named', async () => {
  const storage = await runOf(1);
  const path = 'lab/run/snapshot-0.g1.safetensors';
  const bytes = (await storage.read(path)).slice();
  bytes[bytes.length - 3] ^= 8;
  await storage.remove(path);
  await storage.create(path, bytes);
  await expect(analysed(storage, compositionAnalysis)).rejects.toThrow(
    'snapshot-0.g1.safetensors: its checksum does not match: damaged',
  );
});

test('a run that was trained with interventions is not looked at without them', async () => {
  const trained = loadConfig({ preset: presetNamed('smoke') }, [
    'train.interventions=[{"kind":"ablateHeads","heads":["0:1"]}]',
  ]);
  await expect(openProbe(trained, 1)).rejects.toThrow(
    'train.interventions: the run was trained with 1 of them, and clean passes say nothing of it; iclab evaluate has them at work',
  );
});
