/** Golden files from anywhere, fuzzed: what is read has the sizes its config says, or is refused in one line. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { campaignTimeoutMs } from '../../test/campaign.ts';
import { expectFuzzed } from '../../test/fuzz/fuzz-campaign.ts';
import { donors } from '../../test/fuzz/json-tree.ts';
import type { FuzzRandom } from '../../test/fuzz/random.ts';
import { joinParts, lyingSafetensors, partsOf } from '../../test/fuzz/safetensors-lies.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors.ts';
import { parameterCount } from '../model/parameters.ts';
import { type GoldenFile, readGoldenFile } from './golden-file.ts';
import { verifyDraws } from './verify-draws.ts';

const bytesOf = (name: string) =>
  readFileSync(new URL(`../../test/golden/${name}.safetensors`, import.meta.url));

/** A trace of one block, small enough to be read a hundred thousand times. */
function smallTrace(): Uint8Array {
  const config = {
    depth: 1,
    dModel: 2,
    heads: 1,
    norm: false,
    position: 'sinusoidal',
    classes: 3,
    exampleDim: 2,
  };
  const shape = { ...config, pairs: 2, batch: 1, lr: 0.01 };
  const { tensors } = readSafetensors(bytesOf('attention-only-learned'), 'f');
  const ones = (...sizes: number[]): Tensor => ({
    shape: sizes,
    data: new Float32Array(sizes.reduce((product, dim) => product * dim, 1)).fill(0.5),
  });
  const small = [...tensors].flatMap(([name, tensor]): [string, Tensor][] => {
    if (/norm|position|blocks\.1/.test(name) || /^after(?:5|20)\./.test(name)) return [];
    if (name === 'batch.examples') return [[name, ones(2, 1, 3, 2)]];
    if (name === 'batch.labels') return [[name, { shape: [2, 1, 3], data: Int32Array.of(0, 1, 0, 2, 1, 2) }]];
    if (name === 'losses') return [[name, ones(2)]];
    const sizes: Readonly<Record<number, number>> = { 48: 6, 16: 2, 40: 3, 24: 2, 8: 1, 4: 1 };
    return [[name, ones(...tensor.shape.map((dim) => sizes[dim] ?? dim))]];
  });
  return writeSafetensors(small, [['config', JSON.stringify(shape)]]);
}

function expectSound(golden: GoldenFile): void {
  if (golden.kind === 'interventions') {
    expect(golden.settings.length).toBeGreaterThan(0);
    return;
  }
  const isFinite = (values: ArrayLike<number>) => Array.from(values).every(Number.isFinite);
  if (golden.kind === 'draws') {
    expect([...golden.draws.values()].every(({ values }) => isFinite(values))).toBe(true);
    expect(golden.seed).toBeLessThan(2 ** 32);
    expect(Array.isArray(verifyDraws(golden))).toBe(true); // compares whatever is in it
    return;
  }
  const { shape, batchSize, parameters, batches, queryLogits, losses } = golden;
  const total = [...parameters.values()].reduce((sum, values) => sum + values.length, 0);
  expect(total).toBe(parameterCount(shape));
  for (const { examples, labels } of batches) {
    expect(examples).toHaveLength(batchSize * (shape.contextPairs + 1) * shape.exampleDim);
    expect(labels).toHaveLength(batchSize * (shape.contextPairs + 1));
    expect(labels.every((label) => label >= 0 && label < shape.labels)).toBe(true);
  }
  expect(queryLogits?.length ?? batchSize * shape.labels).toBe(batchSize * shape.labels);
  expect(losses?.length ?? batches.length).toBe(batches.length);
  expect(
    [...parameters.values(), ...golden.sites.values(), ...golden.gradients.values()].every(isFinite),
  ).toBe(true);
}

test('a golden file', { timeout: campaignTimeoutMs }, async () => {
  const draws = partsOf(bytesOf('jax-init-seed5'));
  const bases = [
    partsOf(smallTrace()),
    partsOf(smallTrace()),
    draws,
    partsOf(bytesOf('intervene-ablate-preserve')),
  ];
  for (const base of bases) expectSound(readGoldenFile(joinParts(base), 'f'));
  const spare = donors(51);
  const makeCase = (random: FuzzRandom) => {
    const bytes = lyingSafetensors(random.pick(bases), random, spare);
    return {
      read: () => readGoldenFile(bytes, 'g.safetensors'),
      names: 'g.safetensors: ',
      check: expectSound,
      input: () => Buffer.from(bytes).toString('latin1'),
    };
  };
  await expectFuzzed(
    { name: 'golden', seed: 10, exitCode: exitCodes.badData, makeCase },
    { ci: 2000, long: 100_000 },
  );
});
