/** A verification that cannot fail proves nothing: here each of a few deliberately broken engines must fail it. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createWasmKernels } from '../engine/wasm.ts';
import { markedModule, tallTilesMark } from '../engine/wasm/marked-module.ts';
import { engineSubjects } from './engine-subject.ts';
import { verifyGolden } from './verify-golden.ts';

const kernels = await readFile(new URL('../../build/kernels.wasm', import.meta.url));
const traces = await Promise.all(
  ['attention-only-learned', 'mlp-sinusoidal-17-tokens', 'rope-no-norm'].map(
    async (name) =>
      new Uint8Array(await readFile(new URL(`../../test/golden/${name}.safetensors`, import.meta.url))),
  ),
);

/** Little-endian bytes of a float32. */
function floatBytes(value: number): Buffer {
  return Buffer.from(new Float32Array([value]).buffer);
}

/** A copy of the kernels with the bytes at a place replaced. */
function patched(at: number, replace: Uint8Array): Uint8Array<ArrayBuffer> {
  expect(at, 'the bytes to break are there').toBeGreaterThan(0);
  const bytes = new Uint8Array(kernels);
  bytes.set(replace, at);
  return bytes;
}

/** Names of the groups that fail in any of the traces. */
function failures(bytes: Uint8Array<ArrayBuffer>): Set<string> {
  // In tiles of 2 rows and of 4.
  const modules = [bytes, markedModule(bytes, tallTilesMark)].map((each) => new WebAssembly.Module(each));
  const failed = new Set<string>();
  for (const [module, trace] of modules.flatMap((each) => traces.map((trace) => [each, trace] as const))) {
    const report = verifyGolden(
      trace,
      'trace',
      engineSubjects(() => createWasmKernels(module)),
    );
    if (report.status !== 'checked') throw new Error('the trace is not checked at all');
    for (const { group, ok } of report.groups) if (!ok) failed.add(group);
  }
  return failed;
}

test('the engine as built passes', () => {
  expect(failures(new Uint8Array(kernels))).toEqual(new Set());
});

test('one constant of exp off by a fiftieth fails', () => {
  const at = kernels.indexOf(floatBytes(1.6666665459e-1));
  expect(failures(patched(at, floatBytes(1.7e-1))).size).toBeGreaterThan(2);
});

test('small moments flushed far too early fail after the first step, not before', () => {
  // The last occurrence is the constant in memory, which the vector loop reads.
  const at = kernels.lastIndexOf(floatBytes(7.888609052210118e-31));
  const failed = [...failures(patched(at, floatBytes(1e-4)))];
  expect(failed.length).toBeGreaterThan(0);
  expect(failed).not.toContain('logits');
  expect(failed).not.toContain('gradients');
});

test('a vector multiplication turned into an addition is noticed wherever a trace uses it', {
  timeout: 60_000,
}, () => {
  const multiply = Uint8Array.of(0xfd, 0xe6, 0x01);
  const places: number[] = [];
  for (let at = kernels.indexOf(multiply); at >= 0; at = kernels.indexOf(multiply, at + 1)) places.push(at);
  // Every seventh of some 600. Not in these traces, whose batches have 8 lanes: SGD and weight decay, the embedded source,
  // 16 lanes at a time. The mutants of test/determinism meet all of them.
  const tried = places.filter((_, i) => i % 7 === 0);
  const noticed = tried.filter((at) => failures(patched(at, Uint8Array.of(0xfd, 0xe4, 0x01))).size > 0);
  expect(tried.length).toBeGreaterThan(40);
  expect(noticed.length).toBeGreaterThan(tried.length / 2);
});
