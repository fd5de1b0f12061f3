import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../engine/kernels.ts';
import { createReferenceKernels } from '../engine/reference.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import { engineSubjects } from './engine-subject.ts';
import { type CheckedReport, verifyGolden } from './verify-golden.ts';

function verified(name: string, kernels: Kernels): CheckedReport {
  const bytes = readFileSync(new URL(`../../test/golden/${name}.safetensors`, import.meta.url));
  const report = verifyGolden(
    bytes,
    name,
    engineSubjects(() => kernels),
  );
  if (report.status !== 'checked') throw new Error(report.reason);
  return report;
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
