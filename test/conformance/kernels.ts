/**
 * Every kernel of the fast engine against the reference in float64, and what must hold of NaN, infinities and memory.
 * A kernel is timed only after it passes here.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Numbers } from '../../src/engine/kernels.ts';
import { createReferenceKernels } from '../../src/engine/reference.ts';
import { createWasmKernels } from '../../src/engine/wasm.ts';
import { adamStep, cases, drawsFor } from './kernel-cases.ts';
import type { Platform } from './platform.ts';

function expectClose(actual: unknown, wanted: unknown, tolerance: number, what: string): void {
  if (typeof wanted === 'boolean') return expect(actual, what).toBe(wanted);
  const [a, b] =
    typeof wanted === 'number' ? [[actual as number], [wanted]] : [actual as Numbers, wanted as Numbers];
  expect(a.length, `${what} length`).toBe(b.length);
  let scale = 1e-30;
  for (const value of b) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  for (let i = 0; i < b.length; i++) {
    const same = Number.isFinite(b[i]) ? Math.abs(a[i] - b[i]) <= tolerance * scale : Object.is(a[i], b[i]);
    if (!same) expect.fail(`${what}[${i}]: expected ${b[i]}, got ${a[i]} (scale ${scale})`);
  }
}

export function kernelsSuite(platform: Platform): void {
  describe('kernels: wasm against the reference', () => {
    let module: WebAssembly.Module;
    beforeAll(async () => {
      module = await WebAssembly.compile(await platform.kernelBytes());
    });

    test.each(Object.keys(cases))('%s', (name) => {
      const [reference, fast] = [createReferenceKernels('float64'), createWasmKernels(module)];
      const wanted = cases[name](reference, drawsFor(reference, 7));
      const actual = cases[name](fast, drawsFor(fast, 7));
      for (const key of Object.keys(wanted)) expectClose(actual[key], wanted[key], 2e-6, `${name}: ${key}`);
    });

    test('exp is accurate over its whole range, and clamped at -87', () => {
      const k = createWasmKernels(module);
      const n = 17496;
      const [x, zero, one, out] = [k.allocate(n), k.allocate(n), k.allocate(n), k.allocate(n)];
      one.fill(1);
      for (let i = 0; i < n; i++) x[i] = -87 + i * 0.01;
      k.scaledExp(out, 0, x, 0, zero, 0, one, 0, n);
      for (let i = 0; i < n; i++) expect(Math.abs(out[i] / Math.exp(x[i]) - 1)).toBeLessThan(3e-7);
      x.fill(-1e30);
      k.scaledExp(out, 0, x, 0, zero, 0, one, 0, 8);
      expect(out[0]).toBeGreaterThan(1e-38);
      expect(out[0]).toBeLessThan(2e-38);
    });

    test('NaN is never lost: products, norms, softmax, Adam', () => {
      for (const k of [createReferenceKernels('float64'), createWasmKernels(module)]) {
        const draw = drawsFor(k, 3);
        const lanes = 8;
        const x = draw(4 * lanes);
        x[2 * lanes + 5] = Number.NaN;
        const c = k.allocate(16);
        k.matmul(c, 0, lanes, draw(8), 0, 4, 1, x, 0, lanes, 2, lanes, 4, false);
        expect([Number.isNaN(c[5]), Number.isNaN(c[4])], `${k.name} matmul`).toEqual([true, false]);
        const [max, sum, rescale] = [k.allocate(lanes), k.allocate(lanes), k.allocate(lanes)];
        max.fill(-Infinity);
        k.softmaxTile(Object.assign(k.allocate(4 * lanes), x), 0, 4, lanes, max, 0, sum, 0, rescale, 0);
        expect([Number.isNaN(sum[5]), Number.isNaN(sum[4])], `${k.name} softmaxTile`).toEqual([true, false]);
        const [out, mean, inverse] = [k.allocate(4 * lanes), k.allocate(lanes), k.allocate(lanes)];
        k.layerNorm(out, 0, lanes, x, 0, lanes, draw(4), 0, draw(4), 0, mean, 0, inverse, 0, 4, lanes, 1e-5);
        expect([Number.isNaN(out[5]), Number.isNaN(out[4])], `${k.name} layerNorm`).toEqual([true, false]);
        const [w, m, v, g] = [draw(9), draw(9), draw(9, 0, 1), draw(9)];
        g[0] = Number.NaN;
        g[8] = Number.NaN;
        k.adam(w, 0, m, 0, v, 0, g, 0, 9, 0, adamStep);
        expect(
          [0, 1, 8].map((i) => Number.isNaN(w[i])),
          `${k.name} adam`,
        ).toEqual([true, false, true]);
        expect(Number.isNaN(k.sumSquares(g, 0, 9)), `${k.name} sumSquares`).toBe(true);
      }
    });

    test('infinite logits become NaN, not a wrong number', () => {
      const k = createWasmKernels(module);
      const lanes = 8;
      const x = k.allocate(2 * lanes);
      x[3] = Infinity;
      const [max, sum, rescale] = [k.allocate(lanes), k.allocate(lanes), k.allocate(lanes)];
      max.fill(-Infinity);
      k.softmaxTile(x, 0, 2, lanes, max, 0, sum, 0, rescale, 0);
      expect(sum[3]).toBeNaN();
      expect(sum[2]).toBe(2);
    });

    test('an update tells of anything it leaves that is not finite, wherever it stands', () => {
      for (const k of [createReferenceKernels('float32'), createWasmKernels(module)]) {
        const draw = drawsFor(k, 4);
        const fresh = () => [draw(29), draw(29), draw(29, 0, 1), draw(29)] as const;
        const updates = {
          adam: ([w, m, v, g]: ReturnType<typeof fresh>) => k.adam(w, 0, m, 0, v, 0, g, 0, 29, 0, adamStep),
          adamZeroGradient: ([w, m, v]: ReturnType<typeof fresh>) =>
            k.adamZeroGradient(w, 0, m, 0, v, 0, 29, 0, adamStep),
          sgd: ([w, , , g]: ReturnType<typeof fresh>) => k.sgd(w, 0, g, 0, 29, 0, 0.01),
          unsoundness: ([w]: ReturnType<typeof fresh>) => k.unsoundness(w, 0, 29),
        };
        const read = { adam: [0, 1, 2, 3], adamZeroGradient: [0, 1, 2], sgd: [0, 3], unsoundness: [0] };
        for (const name of ['adam', 'adamZeroGradient', 'sgd', 'unsoundness'] as const) {
          expect(updates[name](fresh()), `${k.name} ${name}`).toBe(0);
          for (const which of read[name]) {
            for (let at = 0; at < 29; at++) {
              for (const value of [Number.NaN, Infinity, -Infinity]) {
                const arrays = fresh();
                arrays[which][at] = value;
                expect(updates[name](arrays), `${k.name} ${name} ${which}[${at}] = ${value}`).toBeNaN();
              }
            }
          }
        }
      }
    });

    test("Adam's moments become 0 below 2^-100", () => {
      for (const k of [createReferenceKernels('float32'), createWasmKernels(module)]) {
        const [w, m, v] = [k.allocate(9), k.allocate(9), k.allocate(9)];
        m.fill(8e-31);
        v.fill(7.89e-31);
        k.adamZeroGradient(w, 0, m, 0, v, 0, 9, 0, adamStep);
        expect(
          [...m, ...v].every((value) => value === 0),
          k.name,
        ).toBe(true);
      }
    });

    test('memory grows without detaching what was handed out', () => {
      const k = createWasmKernels(module);
      const first = k.allocate(100);
      first.fill(3);
      const big = k.allocate(2 ** 20);
      big[2 ** 20 - 1] = 1;
      expect(first[99]).toBe(3);
      expect(big.byteOffset % 64).toBe(0);
    });
  });
}
