import { describe, expect, test } from 'vitest';
import type { TrainRecord } from '../evaluate/metrics.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { MetricsWriter, readMetrics, recordsUpTo } from './metrics-log.ts';
import { parseRecord } from './records.ts';
import { segmentsAmong } from './run-files.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { StorageError } from './storage/storage.ts';

const record = (step: number): TrainRecord => ({ kind: 'train', sequences: 32 * step, step, loss: 1 / step });

async function emptyFolder() {
  const storage = new MemoryStorage();
  await storage.makeDirectory('run');
  return storage;
}

const steps = async (storage: MemoryStorage) => (await readMetrics(storage, 'run')).map(({ step }) => step);

describe('metrics', () => {
  test('of a folder without any are none', async () => {
    expect(await readMetrics(await emptyFolder(), 'run')).toEqual([]);
  });

  test('are visible at once and durable after a sync', async () => {
    const storage = await emptyFolder();
    const writer = await MetricsWriter.open(storage, 'run', 1, null);
    await writer.append([record(1), record(2)]);
    expect(await readMetrics(storage, 'run')).toEqual([record(1), record(2)]);
    expect(await steps(storage.afterPowerLoss())).toEqual([]);
    await writer.sync();
    expect(await steps(storage.afterPowerLoss())).toEqual([1, 2]);
  });

  test('of a resumed run are joined where it went on; what came after that is not read', async () => {
    const storage = await emptyFolder();
    const first = await MetricsWriter.open(storage, 'run', 1, null);
    await first.append([record(1), record(2)]);
    const position = await first.sync();
    await first.append([record(3)]);
    const second = await MetricsWriter.open(storage, 'run', 2, position);
    await second.append([record(3), record(4)]);
    await first.append([record(5)]); // a stale process does no harm
    expect(await steps(storage)).toEqual([1, 2, 3, 4]);
    expect(await recordsUpTo(storage, 'run', position)).toEqual([record(1), record(2)]);
    const third = await MetricsWriter.open(storage, 'run', 3, await second.sync());
    await third.append([record(5)]);
    expect(await steps(storage)).toEqual([1, 2, 3, 4, 5]);
  });

  test('without a whole last line are read up to it', async () => {
    const storage = await emptyFolder();
    const writer = await MetricsWriter.open(storage, 'run', 1, null);
    await writer.append([record(1)]);
    await storage.append('run/metrics.1.ndjson', new TextEncoder().encode('{"kind":"train","seq'));
    expect(await steps(storage)).toEqual([1]);
    await storage.append('run/metrics.1.ndjson', new Uint8Array([0, 0, 10]));
    expect(await steps(storage)).toEqual([1]);
  });

  test('of a start cut off before its first line was whole are those before it', async () => {
    const storage = await emptyFolder();
    const writer = await MetricsWriter.open(storage, 'run', 1, null);
    await writer.append([record(1)]);
    await storage.create('run/metrics.2.ndjson', new TextEncoder().encode('{"kind":"segm'));
    await storage.create('run/metrics.3.ndjson', new Uint8Array());
    expect(await steps(storage)).toEqual([1]);
  });

  test.each(['append', 'sync'] as const)(
    'go to a new segment after a failed %s, none lost or twice',
    async (failing) => {
      const storage = await emptyFolder();
      const writer = await MetricsWriter.open(storage, 'run', 1, null);
      await writer.append([record(1)]);
      await writer.sync();
      await writer.append([record(2)]);
      let failed = false;
      storage.intercept(async (operation, path) => {
        if (operation !== failing || failed) return;
        failed = true;
        if (failing === 'append') await storage.append(path, new TextEncoder().encode('{"kind":"tra')); // a short write
        throw new StorageError('ENOSPC', operation, path);
      });
      await writer.append([record(3)]);
      await writer.sync();
      await writer.append([record(4)]);
      const position = await writer.sync();
      expect(failed).toBe(true);
      expect(segmentsAmong(await storage.list('run'))).toEqual(['1', '1.2']);
      expect(await steps(storage)).toEqual([1, 2, 3, 4]);
      expect((await recordsUpTo(storage, 'run', position)).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    },
  );

  test('that cannot be written end in one line with exit code 73', async () => {
    const storage = await emptyFolder();
    const writer = await MetricsWriter.open(storage, 'run', 1, null);
    storage.intercept((operation, path) => {
      if (operation === 'append' || operation === 'create') throw new StorageError('ENOSPC', operation, path);
    });
    await expect(writer.append([record(1)])).rejects.toMatchObject({
      exitCode: exitCodes.cannotWrite,
      message: expect.stringContaining(
        'metrics.1.2.ndjson: cannot write: no space left on the device (ENOSPC)',
      ) as string,
    });
  });

  test('that were changed or lost before a position are refused, naming the file', async () => {
    const storage = await emptyFolder();
    const writer = await MetricsWriter.open(storage, 'run', 1, null);
    await writer.append([record(1)]);
    const position = await writer.sync();
    const wrong = { ...position, bytes: position.bytes - 1 };
    await expect(recordsUpTo(storage, 'run', wrong)).rejects.toMatchObject({
      exitCode: exitCodes.badData,
      message: expect.stringContaining('run/metrics.1.ndjson: its first') as string,
    });
    await storage.remove('run/metrics.1.ndjson');
    await expect(recordsUpTo(storage, 'run', position)).rejects.toThrow('run/metrics.1.ndjson: missing');
  });
});

test.each([
  '',
  'null',
  '3',
  '{}',
  '{"kind":"train"}',
  '{"kind":"other","sequences":1,"step":1,"loss":1}',
  '{"kind":"evaluation","sequences":1,"step":1,"loss":1}',
])('%j is no record', (line) => {
  expect(parseRecord(line)).toBeUndefined();
});
