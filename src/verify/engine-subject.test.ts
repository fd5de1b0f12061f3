import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../engine/kernels.ts';
import { createReferenceKernels } from '../engine/reference.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import { engineSubjects } from './engine-subject.ts';
import { type CheckedReport, verifyGolden } from './verify-golden.ts';

function verified(name: string, kernels: Kernels): CheckedReport {
  const bytes = readFileSync(new URL(`../../test/golden/${name}.safetensors`, import.meta.url));
  return verifyGolden(
    bytes,
    name,
    engineSubjects(() => kernels),
  );
}

describe.each(['attention-only-learned', 'mlp-sinusoidal-17-tokens', 'rope-no-norm'])(
  'the trace %s',
  (name) => {
    let compiled: WebAssembly.Module;
    beforeAll(() => {
      compiled = new WebAssembly.Module(readFileSync(new URL('../../build/kernels.wasm', import.meta.url)));
    });

    it('is met by the fast engine', () => {
      const report = verified(name, createWasmKernels(compiled));
      expect(report.engine).toBe('wasm float32');
      expect(report.groups.filter((group) => !group.ok).map((group) => group.worst)).toEqual([]);
      expect(report.groups).toHaveLength(7);
    });

    it('is met by the reference in float64 to 1e-12', () => {
      const report = verified(name, createReferenceKernels('float64'));
      expect(report.engine).toBe('reference float64');
      for (const { worst } of report.groups) expect(worst.largestError, worst.tensor).toBeLessThan(1e-12);
    });
  },
);

describe.each([
  ['intervene-ablate-preserve', { logits: 18, losses: 1 }],
  ['intervene-patterns', { logits: 17, losses: 1 }],
  ['intervene-graft-train', { logits: 13, losses: 8, gradients: 112 }],
])('%s', (name, tensors) => {
  it('is met by the fast engine', () => {
    const module = new WebAssembly.Module(readFileSync(new URL('../../build/kernels.wasm', import.meta.url)));
    const { groups } = verified(name, createWasmKernels(module));
    expect(Object.fromEntries(groups.map(({ group, tensors: count }) => [group, count]))).toEqual(tensors);
    for (const { worst } of groups) expect(worst.largestError, worst.tensor).toBeLessThan(3e-6);
  });

  it('is met by the reference in float64 to 1e-12', () => {
    for (const { worst } of verified(name, createReferenceKernels('float64')).groups)
      expect(worst.largestError, worst.tensor).toBeLessThan(1e-12);
  });
});
