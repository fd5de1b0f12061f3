import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../engine/reference.ts';
import type { ModelShape } from '../model/config.ts';
import { composition } from './composition.ts';
import type { Probe } from './probe.ts';
import { testProbe } from './testing.ts';

type Dense = readonly (readonly number[])[];

const multiply = (a: Dense, b: Dense): Dense =>
  a.map((row) => b[0].map((_, column) => row.reduce((sum, value, i) => sum + value * b[i][column], 0)));
const flip = (a: Dense): Dense => a[0].map((_, column) => a.map((row) => row[column]));
const size = (a: Dense) => Math.hypot(...a.flat());

/** The whole matrices of a head, made the long way: `[dModel, dModel]`. */
function circuits({ shape, model }: Probe, block: number, head: number, queryAt: number, keyAt: number) {
  const { dModel, heads, norm, position, positionTime } = shape;
  const headDim = dModel / heads;
  const rows = (name: string, from: number, count: number): Dense =>
    Array.from({ length: count }, (_, r) =>
      Array.from(model.parameters.get(name).data.subarray((from + r) * dModel, (from + r + 1) * dModel)),
    );
  const gain = norm
    ? model.parameters.get(`blocks.${block}.norm1.weight`).data
    : new Float64Array(dModel).fill(1);
  const centre: Dense =
    gain === undefined
      ? []
      : Array.from({ length: dModel }, (_, i) =>
          Array.from({ length: dModel }, (__, j) => gain[i] * ((i === j ? 1 : 0) - (norm ? 1 / dModel : 0))),
        );
  const qkv = (part: number) =>
    multiply(rows(`blocks.${block}.attention.qkv.weight`, part * dModel + head * headDim, headDim), centre);
  const turn = (place: number): Dense =>
    Array.from({ length: headDim }, (_, i) =>
      Array.from({ length: headDim }, (__, j) => {
        if (position !== 'rope') return i === j ? 1 : 0;
        if (Math.floor(i / 2) !== Math.floor(j / 2)) return 0;
        const angle = place / positionTime ** ((2 * Math.floor(i / 2)) / headDim);
        return i === j ? Math.cos(angle) : (i < j ? -1 : 1) * Math.sin(angle);
      }),
    );
  const out = rows(`blocks.${block}.attention.proj.weight`, 0, dModel).map((row) =>
    row.slice(head * headDim, (head + 1) * headDim),
  );
  return {
    qk: multiply(flip(multiply(turn(queryAt), qkv(0))), multiply(turn(keyAt), qkv(1))),
    ov: multiply(out, qkv(2)),
  };
}

describe.each<[string, Partial<ModelShape>, [number, number][]]>([
  ['learned positions', {}, [[0, 0]]],
  ['no norm', { norm: false }, [[0, 0]]],
  // The query is token 4, the labels tokens 1 and 3.
  [
    'rotary positions',
    { position: 'rope' },
    [
      [4, 1],
      [4, 3],
    ],
  ],
])('composition, %s', (_name, changes, places) => {
  test('is the ratio of norms of the whole matrices', () => {
    const probe = testProbe(createReferenceKernels(), changes, 1);
    const { scores, baseline } = composition(probe.shape, probe.model.parameters);
    expect(baseline).toBeCloseTo(Math.sqrt(1 / 8), 12);
    expect(scores).toHaveLength(3 * 4);
    for (const { kind, from, to, score } of scores) {
      const writer = circuits(probe, from.block, from.head, 0, 0).ov;
      const expected = places.map(([query, key]) => {
        const { qk, ov } = circuits(probe, to.block, to.head, query, key);
        const reader = { K: qk, Q: flip(qk), V: ov }[kind];
        return size(multiply(reader, writer)) / (size(reader) * size(writer));
      });
      expect(score).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / expected.length, 10);
    }
  });
});

test('one block has nothing to compose with; three have every earlier head with every later one', () => {
  const count = (depth: number) => {
    const probe = testProbe(createReferenceKernels(), { depth }, 1);
    return composition(probe.shape, probe.model.parameters).scores.length;
  };
  expect([count(1), count(3)]).toEqual([0, 3 * 3 * 4]);
});

test('a head that reads nothing of what another writes composes at 0', () => {
  const probe = testProbe(createReferenceKernels(), {}, 1);
  probe.model.parameters.get('blocks.0.attention.proj.weight').data.fill(0);
  const { scores } = composition(probe.shape, probe.model.parameters);
  expect(scores.every(({ score }) => score === 0)).toBe(true);
});
