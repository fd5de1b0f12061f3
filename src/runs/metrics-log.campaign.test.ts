/**
 * Metrics in several segments, damaged, or changed with checksums made to fit. Up to a place that a checkpoint names they
 * are given back to the last line or refused; what comes after it is read as far as it is whole.
 */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { campaignTimeoutMs } from '../../test/campaign.ts';
import { damaged, noise } from '../../test/fuzz/damage-bytes.ts';
import { expectFuzzed, type FuzzCase } from '../../test/fuzz/fuzz-campaign.ts';
import { changeTree, donors, jsonText, type JsonTree, treeOf } from '../../test/fuzz/json-tree.ts';
import type { FuzzRandom } from '../../test/fuzz/random.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { metricNames } from '../evaluate/metrics.ts';
import { readMetrics, recordsUpTo } from './metrics-log.ts';
import type { MetricsPosition } from './metrics-position.ts';
import type { StoredRecord } from './records.ts';
import { MemoryStorage } from './storage/memory-storage.ts';

const segments = ['1', '2', '2.2', '3'] as const;

function record(index: number): object {
  const [sequences, step] = [32 * index, index];
  if (index % 3 === 0) return { kind: 'train', sequences, step, loss: 1 / (1 + index) };
  const metrics = Object.fromEntries(metricNames.map((name, i) => [name, i === 4 ? null : i / (7 + index)]));
  const plain = { kind: 'evaluation', sequences, step, evaluator: 'flip', n: 2, ...metrics };
  const perSequence = Object.fromEntries(metricNames.map((name) => [name, [index, null]]));
  return index % 3 === 1 ? plain : { ...plain, perSequence };
}

/** A line, or what is to stand in its place. */
type Lines = Uint8Array[];

const bytesOf = (text: string) => new TextEncoder().encode(text);

function changedLine(line: object, random: FuzzRandom, spare: readonly JsonTree[]): Uint8Array {
  const how = random.next();
  if (how < 0.1) return noise(random, random.size(300));
  if (how < 0.25) return damaged(bytesOf(JSON.stringify(line)), random);
  let tree = treeOf(line);
  for (let times = random.pick([1, 1, 2]); times > 0; times--) tree = changeTree(tree, random, spare);
  return bytesOf(jsonText(tree, random.chance(0.05) ? ' ' : ''));
}

function changeLines(lines: Lines, random: FuzzRandom, spare: readonly JsonTree[]): void {
  const at = random.below(lines.length);
  const how = random.next();
  if (how < 0.1) lines.splice(at, 1);
  else if (how < 0.2) lines.splice(at, 0, lines[random.below(lines.length)]);
  else if (how < 0.25) lines.splice(at, 0, new Uint8Array());
  else lines[at] = changedLine(JSON.parse(new TextDecoder().decode(lines[at])) as object, random, spare);
}

interface Folder {
  readonly storage: MemoryStorage;
  readonly position: MetricsPosition;
  /** Of each segment, as they are in the folder. */
  readonly texts: readonly string[];
}

/** Segment after segment, each naming what it follows; a change is signed for by the next one, or not. */
async function changedFolder(random: FuzzRandom, spare: readonly JsonTree[]): Promise<Folder> {
  const storage = new MemoryStorage();
  await storage.makeDirectory('run');
  const changed = random.chance(0.9) ? random.below(segments.length) : -1;
  const isSigned = random.chance(0.7);
  const removed = random.chance(0.02) ? random.below(segments.length) : -1;
  let follows: MetricsPosition | null = null;
  const texts: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const lines = [
      bytesOf(JSON.stringify({ kind: 'segment', segment, follows })),
      ...Array.from({ length: 3 }, (_, i) => bytesOf(JSON.stringify(record(3 * index + i)))),
    ];
    const good = joinLines(lines);
    if (index === changed) changeLines(lines, random, spare);
    let bytes = joinLines(lines);
    if (index === changed && random.chance(0.2)) bytes = damaged(bytes, random);
    if (index !== removed) await storage.create(`run/metrics.${segment}.ndjson`, bytes);
    texts.push(new TextDecoder('latin1').decode(bytes));
    const vouched = isSigned ? bytes : good;
    const part = random.chance(0.03) ? vouched.subarray(0, random.below(vouched.length + 1)) : vouched;
    follows = { segment, bytes: part.length, sha256: createHash('sha256').update(part).digest('hex') };
  }
  return { storage, position: follows ?? { segment: '1', bytes: 1, sha256: '' }, texts };
}

function joinLines(lines: Lines): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(lines.flatMap((line) => [line, bytesOf('\n')])));
}

const finiteOrNaN = (value: unknown) =>
  typeof value === 'number' && Math.abs(value) !== Number.POSITIVE_INFINITY;

function expectRecords(records: readonly StoredRecord[]): void {
  for (const one of records) {
    expect(Number.isSafeInteger(one.sequences) && one.sequences >= 0).toBe(true);
    expect(Number.isSafeInteger(one.step) && one.step >= 0 && Number.isFinite(one.loss)).toBe(true);
    if (one.kind === 'train') {
      expect(Object.keys(one)).toHaveLength(4);
      continue;
    }
    expect(one.kind).toBe('evaluation');
    expect(one.evaluator).toMatch(/^[\w.-]{1,64}$/);
    expect(one.n).toBeGreaterThan(0);
    expect(metricNames.every((name) => finiteOrNaN(one[name]))).toBe(true);
    const { perSequence } = one;
    expect(Object.keys(one)).toHaveLength(13 + (perSequence ? 1 : 0));
    if (!perSequence) continue;
    expect(Object.keys(perSequence)).toHaveLength(metricNames.length);
    for (const name of metricNames) {
      expect(perSequence[name]).toHaveLength(one.n);
      expect(perSequence[name].every(finiteOrNaN)).toBe(true);
    }
  }
}

/** The line that a record came from, given back: JSON has null for what is no number. */
const lineOf = (one: StoredRecord) => JSON.stringify(one);

test('metrics up to a place', { timeout: campaignTimeoutMs }, async () => {
  const spare = donors(31);
  const makeCase = async (random: FuzzRandom): Promise<FuzzCase<StoredRecord[]>> => {
    const { storage, position, texts } = await changedFolder(random, spare);
    return {
      read: () => recordsUpTo(storage, 'run', position),
      names: 'run/metrics.',
      check: (records) => {
        expectRecords(records);
        // Nothing is left out: every record is a line, and the last one is the last before the place.
        const lines = new Set(texts.flatMap((text) => text.split('\n')));
        for (const one of records) expect(lines).toContain(lineOf(one));
        const last = texts[texts.length - 1].slice(0, position.bytes).split('\n').slice(1, -1);
        expect(records.slice(records.length - last.length).map(lineOf)).toEqual(last);
      },
      input: () => texts.join('\n=====\n'),
    };
  };
  await expectFuzzed(
    { name: 'metrics up to a place', seed: 5, exitCode: exitCodes.badData, makeCase },
    { ci: 2000, long: 100_000 },
  );
});

test('metrics to their end', { timeout: campaignTimeoutMs }, async () => {
  const spare = donors(32);
  const makeCase = async (random: FuzzRandom): Promise<FuzzCase<StoredRecord[]>> => {
    const { storage, texts } = await changedFolder(random, spare);
    return {
      read: () => readMetrics(storage, 'run'),
      names: 'run/metrics.',
      check: (records) => {
        expectRecords(records);
        expect(records.length).toBeLessThanOrEqual(texts.join('').split('\n').length);
      },
      input: () => texts.join('\n=====\n'),
    };
  };
  await expectFuzzed(
    { name: 'metrics to their end', seed: 6, exitCode: exitCodes.badData, makeCase },
    { ci: 2000, long: 100_000 },
  );
});
