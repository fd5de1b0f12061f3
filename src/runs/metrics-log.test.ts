import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { metricNames, type TrainRecord } from '../evaluate/metrics.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { MetricsWriter, readMetrics, recordsUpTo } from './metrics-log.ts';
import { parseRecord } from './parse-record.ts';
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

describe('metrics whose checksum was made to fit', () => {
  const first = (follows: unknown = null) => JSON.stringify({ kind: 'segment', segment: '3', follows });
  const good = JSON.stringify(record(1));
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  async function readClosed(text: string) {
    const storage = await emptyFolder();
    const bytes = new TextEncoder().encode(text);
    await storage.create('run/metrics.3.ndjson', bytes);
    return recordsUpTo(storage, 'run', { segment: '3', bytes: bytes.length, sha256: sha256(text) });
  }

  test('are read where every line is whole', async () => {
    expect(await readClosed(`${first()}\n${good}\n`)).toEqual([record(1)]);
  });

  test.each([
    ['no first line', `${good}\n`, 'line 1: not the first line of this segment: damaged'],
    ['nothing in it', '', 'line 1: not the first line'],
    ['a first line that is too long', `${first()}${' '.repeat(1024)}\n`, 'line 1: not the first line'],
    ['a name given twice', `${first().replace('{', '{"kind":"segment",')}\n`, 'line 1: not the first line'],
    ['a line cut off', `${first()}\n${good}`, 'line 2: not a whole record of metrics: damaged'],
    [
      'a line that is no record',
      `${first()}\n${good}\n{}\n`,
      'line 3: not a whole record of metrics: damaged',
    ],
    ['an empty line', `${first()}\n\n`, 'line 2: not a whole record of metrics: damaged'],
  ])('and have %s are refused, naming the line', async (_what, text, problem) => {
    await expect(readClosed(text)).rejects.toMatchObject({
      exitCode: exitCodes.badData,
      message: expect.stringContaining(`run/metrics.3.ndjson: ${problem}`) as string,
    });
  });

  const position = { segment: '2', bytes: 10, sha256: '0'.repeat(64) };
  test.each([
    { ...position, segment: '3' }, // itself
    { ...position, segment: '4' },
    { ...position, segment: '../2' },
    { ...position, segment: '2e0' },
    { ...position, segment: ' 2' },
    { ...position, bytes: -10 },
    { ...position, bytes: 1.5 },
    { ...position, bytes: 2 ** 53 },
    { ...position, sha256: 'ab' },
    { ...position, more: 1 },
    [],
    'x',
  ])('and follow %j are refused', async (follows) => {
    await expect(readClosed(`${first(follows)}\n`)).rejects.toThrow(
      'line 1: not the first line of this segment',
    );
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
  '{"kind":"train","sequences":32,"step":1,"loss":null}',
  '{"kind":"train","sequences":32,"step":1,"loss":1e999}',
  '{"kind":"train","sequences":-32,"step":1,"loss":1}',
  '{"kind":"train","sequences":9007199254740992,"step":1,"loss":1}',
  '{"kind":"train","sequences":32,"step":1,"loss":1,"loss":1}',
  '{"kind":"train","sequences":32,"step":1,"loss":1,"more":1}',
  '{"kind":"train","sequences":32,"step":1,"loss":1,"__proto__":{}}',
  ' {"kind":"train","sequences":32,"step":1,"loss":1}',
])('%j is no record', (line) => {
  expect(parseRecord(Buffer.from(line))).toBeUndefined();
});

describe('a record of an evaluation', () => {
  const metrics = Object.fromEntries(metricNames.map((name, index) => [name, index / 10]));
  const plain = { kind: 'evaluation', sequences: 64, step: 2, evaluator: 'flip', n: 3, ...metrics };
  const lists = (length: number) =>
    Object.fromEntries(metricNames.map((name) => [name, Array.from({ length }, (_, i) => i / 7)]));
  const parsed = (value: object) => parseRecord(Buffer.from(JSON.stringify(value)));

  test('comes back as it was, with the numbers of its sequences or without', () => {
    for (const value of [plain, { ...plain, perSequence: lists(3) }]) expect(parsed(value)).toEqual(value);
    const many = { ...plain, n: 5000, perSequence: lists(5000) };
    expect(parsed(many)).toEqual(many);
  });

  test('has NaN where a metric that is no number was written as null', () => {
    expect(parsed({ ...plain, inContextProb: null })).toEqual({ ...plain, inContextProb: Number.NaN });
    const list = { ...lists(3), prob: [1, null, 0] };
    expect(parsed({ ...plain, perSequence: list })).toMatchObject({
      perSequence: { prob: [1, Number.NaN, 0] },
    });
  });

  test.each([
    { loss: null },
    { inContextAccuracy: 'x' },
    { inContextAccuracy: undefined },
    { prob: [1] },
    { more: 1 },
    { evaluator: '' },
    { evaluator: 'a b' },
    { evaluator: 'a'.repeat(65) },
    { n: 0 },
    { n: 2.5 },
    { n: 1_000_001 },
    { sequences: -1 },
    { step: 2 ** 53 },
    { perSequence: null },
    { perSequence: [] },
    { perSequence: {} },
    { perSequence: lists(2) },
    { perSequence: lists(4) },
    { perSequence: { ...lists(3), prob: 'abc' } },
    { perSequence: { ...lists(3), prob: [0, 1, '2'] } },
    { perSequence: { ...lists(3), more: [0, 1, 2] } },
  ])('with %j is none', (change) => {
    expect(parsed({ ...plain, ...change })).toBeUndefined();
  });

  test('that is long has no more numbers and brackets than its n allows', () => {
    const start = JSON.stringify({ ...plain, n: 1000 }).slice(0, -1);
    for (const filling of ['['.repeat(10_000), '0,'.repeat(9000), '"'.repeat(10_000), '{"a":'.repeat(5000)]) {
      expect(parseRecord(Buffer.from(`${start},"perSequence":${filling}`))).toBeUndefined();
    }
    expect(parseRecord(Buffer.from(`${start},"x":"${'x'.repeat(1_000_000)}"}`))).toBeUndefined();
  });
});
