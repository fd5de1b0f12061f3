/** Checkpoints and snapshots that are damaged, or lie and carry a checksum that fits: refused in one line, or whole. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { campaignTimeoutMs } from '../../test/campaign.ts';
import { expectFuzzed } from '../../test/fuzz/fuzz-campaign.ts';
import { donors } from '../../test/fuzz/json-tree.ts';
import type { FuzzRandom } from '../../test/fuzz/random.ts';
import { lyingSafetensors, partsOf } from '../../test/fuzz/safetensors-lies.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { type CheckpointContent, decodeCheckpoint, encodeCheckpoint } from './checkpoint-file.ts';
import { segmentsAmong } from './run-files.ts';

const content: Omit<CheckpointContent, 'kind'> = {
  sequences: 6400,
  step: 200,
  generation: 2,
  configHash: '0123456789ab',
  engineVersion: '0.1.0+kernels.0123456789ab',
  metrics: { segment: '2', bytes: 1234, sha256: 'ab'.repeat(32) },
  progress: {
    lossSum: 0.1 + 0.2,
    lossCount: 3,
    lastEvaluated: 6400,
    lastSnapshot: -1,
    sinceEvaluation: { lossSum: 1.5, lossCount: 2 },
  },
  tensors: new Map([
    ['blocks.0.weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3, 4, 5, 6) }],
    ['adam.m.blocks.0.weight', { shape: [2, 3], data: new Float32Array(6).fill(0.1) }],
    ['adam.v.blocks.0.weight', { shape: [6, 1], data: new Float32Array(6).fill(0.2) }],
    ['scalar', { shape: [], data: Float64Array.of(Math.PI) }],
    ['nothing', { shape: [0, 4], data: new Float32Array(0) }],
  ]),
};

/** The checksum as the file's own description of it says, made here once more. */
function resign(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('"sha256":"');
  if (at < 0 || at + 74 > bytes.length) return bytes;
  const digits = bytes.subarray(at + 10, at + 74).fill(0x30);
  digits.set(new TextEncoder().encode(createHash('sha256').update(bytes).digest('hex')));
  return bytes;
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

async function expectSound(read: CheckpointContent): Promise<void> {
  for (const count of [read.sequences, read.step, read.generation]) expect(isCount(count)).toBe(true);
  for (const text of [read.configHash, read.engineVersion]) expect(text).toMatch(/^[!-~]{1,100}$/);
  for (const [name, { shape, data }] of read.tensors) {
    expect(name).not.toBe('__proto__');
    expect(data).toHaveLength(shape.reduce((product, dim) => product * dim, 1));
    expect(shape.every(isCount)).toBe(true);
  }
  if (read.kind === 'checkpoint') {
    const { metrics, progress } = read;
    expect(segmentsAmong([`metrics.${metrics?.segment}.ndjson`])).toHaveLength(1);
    expect(isCount((metrics?.bytes ?? 0) - 1)).toBe(true);
    expect(Number.isFinite(progress?.lossSum) && isCount(progress?.lossCount ?? -1)).toBe(true);
  }
  // What was read is written and read again as the same: nothing is held by it that the format does not hold.
  expect(decodeCheckpoint(await encodeCheckpoint(read), 'again', read.kind)).toEqual(read);
}

test.each(['checkpoint', 'snapshot'] as const)('a %s', { timeout: campaignTimeoutMs }, async (kind) => {
  const parts = partsOf(await encodeCheckpoint({ ...content, kind }));
  const spare = donors(21);
  const makeCase = (random: FuzzRandom) => {
    const bytes = lyingSafetensors(parts, random, spare, resign);
    return {
      read: () => decodeCheckpoint(bytes, 'c.safetensors', kind),
      names: 'c.safetensors: ',
      check: async (read: CheckpointContent) => {
        await expectSound(read);
        // No byte of the data belongs to no tensor, or to two.
        const sizes = [...read.tensors.values()].map(({ data }) => data.byteLength);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(partsOf(bytes).data.length);
      },
      input: () => Buffer.from(bytes).toString('latin1'),
    };
  };
  await expectFuzzed(
    { name: kind, seed: 4, exitCode: exitCodes.badData, makeCase },
    { ci: 2000, long: 100_000 },
  );
});
