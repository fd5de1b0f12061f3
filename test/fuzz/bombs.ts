/**
 * Small inputs that ask for much: of time, of memory or of the stack. Each is made ready first, so that what the reader
 * itself takes can be measured alone, and says how it must be refused.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunWords } from '../../src/cli/run-words.ts';
import { readSafetensors } from '../../src/formats/safetensors.ts';
import { metricNames } from '../../src/evaluate/metrics.ts';
import { readCheckpoint } from '../../src/runs/checkpoints.ts';
import { loadConfig } from '../../src/runs/load-config.ts';
import { readMetrics, recordsUpTo } from '../../src/runs/metrics-log.ts';
import { ownerOf } from '../../src/runs/ownership.ts';
import { nodeProcessTable } from '../../src/runs/process-identity.ts';
import { readFolder } from '../../src/runs/run-folder.ts';
import { MemoryStorage } from '../../src/runs/storage/memory-storage.ts';
import { nodeStorage } from '../../src/runs/storage/node-storage.ts';
import { readGoldenFile } from '../../src/verify/golden-file.ts';

export interface Bomb {
  readonly name: string;
  /** A part of the one line that refuses it; '' where it is not refused but read to nothing. */
  readonly refusal: string;
  readonly prepare: () => Promise<{ readonly go: () => unknown; readonly clear?: () => Promise<void> }>;
}

const megabyte = 2 ** 20;

/** `size` is kept below one megabyte, or the size alone would refuse it. */
function config(name: string, refusal: string, makeText: (size: number) => string): Bomb {
  const prepare = () => {
    const text = makeText(megabyte - 100);
    return Promise.resolve({ go: () => loadConfig({ file: 'bomb', text }) });
  };
  return { name: `config: ${name}`, refusal, prepare };
}

function withHeader(header: string, dataBytes: number, declared?: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(declared ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function tensors(
  name: string,
  refusal: string,
  makeHeader: (size: number) => string,
  declared?: number,
): Bomb {
  const prepare = () => {
    const bytes = withHeader(makeHeader(megabyte - 100), 1, declared);
    return Promise.resolve({ go: () => readSafetensors(bytes, 'bomb') });
  };
  return { name: `tensors: ${name}`, refusal, prepare };
}

const times = (text: string, size: number) => text.repeat(Math.floor(size / text.length));
const numbered = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

const configBombs: readonly Bomb[] = [
  config(
    'aliases of aliases',
    'anchors (&name) are not supported',
    () => `a: &a [${times('x,', 20)}]\n${numbered(9, (i) => `b${i}: &b${i} [${times('*a,', 27)}]\n`)}`,
  ),
  config('100,000 deep in flow', 'nested deeper', () => '['.repeat(100_000)),
  config('100,000 deep in blocks', 'nested deeper', () => '- '.repeat(100_000)),
  config('100,000 deep in JSON', 'nested deeper', () => '{"a":'.repeat(100_000)),
  config('a scalar of 1 MB', 'a: unknown key', (size) => `a: ${times('x', size)}`),
  config('a scalar of 1 MB in words', 'a: unknown key', (size) => `a: ${times('x ', size)}`),
  config('a scalar of 1 MB in lines', 'lines a config may have', (size) => `a: |\n${times(' x\n', size)}`),
  config('a scalar of 20,000 lines', 'a: unknown key', () => `a: >\n${' x\n'.repeat(19_990)}`),
  config('a key of 1 MB', 'not valid YAML', (size) => `${times('x', size)}: 1`),
  config('a number of 1 MB', 'a: unknown key', (size) => `a: ${times('1', size)}`),
  config('a tag of 1 MB', 'not valid YAML', (size) => `a: !${times('x', size)} 1`),
  config('a preset name of 1 MB', 'preset: expected one of', (size) => `preset: ${times('x', size)}`),
  config('a million keys', 'more than the 1048576', () => 'a: 1\n'.repeat(1_000_000)),
  config('as many unknown keys as can be', 'unknown key', () =>
    numbered(1700, (i) => `k${'x'.repeat(80)}${i}: 1\n`),
  ),
  config(
    'as many parts as can be',
    'probabilities must sum to 1',
    () => `data: {mixture: [${'{probability: 0.1},'.repeat(1100)}]}`,
  ),
];

const tensorBombs: readonly Bomb[] = [
  tensors(
    '10^9 elements in 80 bytes',
    'outside the 1 bytes',
    () => '{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}',
  ),
  tensors(
    'sizes whose product overflows',
    'is not the 0 bytes',
    () => '{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}}',
  ),
  tensors('a header of 100 MB announced', 'more than the 1048576 allowed', () => '{', 100_000_000),
  tensors('a header of 2^63 bytes announced', 'more than the 1048576 allowed', () => '{', 2 ** 63),
  tensors('1 MB of nested lists', 'levels deep', (size) => `{"a":${times('[', size)}`),
  tensors('1 MB of nested objects', 'levels deep', (size) => `{"a":${times('{"a":', size)}`),
  tensors('1 MB in one list', 'nothing readable', (size) => `{"a":{"shape":[${times('0,', size)}0]}}`),
  tensors('one name 150,000 times', 'is given twice', (size) => `{${times('"a":1,', size)}"a":1}`),
  tensors('80,000 names', 'not an object', () => `{${numbered(80_000, (i) => `"${i}":0,`)}"a":1}`),
  tensors('a name of 1 MB', 'not an object', (size) => `{"${times('x', size)}":1}`),
  tensors('1 MB of spaces', '1 bytes after the last tensor', (size) => `{${times(' ', size)}}`),
  {
    name: 'golden: a site name of 1 MB',
    refusal: '__metadata__.config',
    prepare: () => {
      const place = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
      const bytes = withHeader(`{"step0.site.${'x'.repeat(1_000_000)}":${place}}`, 0);
      return Promise.resolve({ go: () => readGoldenFile(bytes, 'bomb') });
    },
  },
];

/** Metrics that end in one long line without an end to what it opens. */
function metricsLine(name: string, piece: string): Bomb {
  const prepare = async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('bomb');
    const first = '{"kind":"segment","segment":"1","follows":null}\n';
    const start = '{"kind":"evaluation","sequences":1,"step":1,"evaluator":"flip","n":1000000,';
    const means = metricNames.map((metric) => `"${metric}":0`).join(',');
    const bytes = Buffer.alloc(100_000_000, piece);
    bytes.write(`${first}${start}${means},"perSequence":`);
    bytes.write('\n', bytes.length - 1);
    await storage.create('bomb/metrics.1.ndjson', bytes);
    const held = await storage.read('bomb/metrics.1.ndjson');
    storage.read = () => Promise.resolve(held); // the file itself is no part of what reading it takes
    return { go: () => readMetrics(storage, 'bomb') };
  };
  return { name: `metrics: a line of 100 MB, ${name}`, refusal: '', prepare };
}

const metricsBombs: readonly Bomb[] = [
  metricsLine('of brackets', '['),
  metricsLine('of numbers', '0,'),
  metricsLine('of letters', 'x'),
];

const fiveGigabytes = 5_000_000_000;

/** A file of 5 GB that takes no room on the disk, in a folder of its own. */
function sparse(file: string, refusal: string, read: (folder: string) => unknown): Bomb {
  const prepare = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'iclab-bomb-'));
    const handle = await open(join(folder, file), 'w');
    await handle.truncate(fiveGigabytes);
    await handle.close();
    return { go: () => read(folder), clear: () => rm(folder, { recursive: true }) };
  };
  return { name: `5 GB: ${file}`, refusal, prepare };
}

const position = { segment: '1', bytes: 5_000_000_000, sha256: '0'.repeat(64) };
const checkpoint = { name: 'checkpoint-32.g1.safetensors', sequences: 32, generation: 1, attempt: 1 };

const sparseBombs: readonly Bomb[] = [
  sparse('config.yaml', 'more than the 1048576', (folder) =>
    readRunWords([join(folder, 'config.yaml')], 'smoke'),
  ),
  sparse('config.json', 'more than the 1048576', (folder) => readFolder(nodeStorage, folder)),
  sparse('metrics.1.ndjson', 'more than the 2147483647', (folder) => readMetrics(nodeStorage, folder)),
  sparse('metrics.1.ndjson', 'more than the 2147483647', (folder) =>
    recordsUpTo(nodeStorage, folder, position),
  ),
  sparse(checkpoint.name, 'more than the 2147483647', (folder) =>
    readCheckpoint({ storage: nodeStorage, folder }, checkpoint, 'checkpoint'),
  ),
  sparse('owner.1.json', '', (folder) =>
    ownerOf({ storage: nodeStorage, folder, processes: nodeProcessTable(), now: Date.now }, ['owner.1.json']),
  ),
];

export const bombs: readonly Bomb[] = [...configBombs, ...tensorBombs, ...metricsBombs, ...sparseBombs];
