/** The proofs can fail: code that is not what an environment claims is told, and machine code is read as it is. */
import { describe, expect, test } from 'vitest';
import { type Seen, unmetExpectations } from './environment-proof.ts';
import type { Expectation } from './environments.ts';
import { type KernelCode, readKernelCode } from './jit-dump.ts';

const seen = (changes: {
  kernels?: [none: number, baseline: number, optimised: number];
  script?: [interpreter: number, baseline: number, optimised: number];
  kernelCode?: Partial<KernelCode>;
  optimisedBytes?: number;
}): Seen => {
  const [none, baseline, optimised] = changes.kernels ?? [1, 6, 26];
  const [interpreter, low, high] = changes.script ?? [0, 0, 2];
  const nothing = { bytes: 4000, sse: 0, avx128: 0, avx256: 0, avx2: 0, fused: 0 };
  return {
    code: { kernels: { none, baseline, optimised }, script: { interpreter, baseline: low, optimised: high } },
    ...(changes.kernelCode ? { kernelCode: { ...nothing, ...changes.kernelCode } } : {}),
    ...(changes.optimisedBytes === undefined ? {} : { optimisedBytes: changes.optimisedBytes }),
  };
};

describe('what was seen against what was expected', () => {
  const met: [Expectation, Seen][] = [
    [{ kernels: 'both' }, seen({})],
    [{ kernels: 'tiersUp' }, seen({})],
    [{ kernels: 'baseline' }, seen({ kernels: [1, 32, 0] })],
    [{ kernels: 'optimised' }, seen({ kernels: [1, 0, 32] })],
    [{ script: 'optimised' }, seen({})],
    [{ script: 'interpreter' }, seen({ script: [2, 0, 0] })],
    [{ vectors: 'sse' }, seen({ kernelCode: { sse: 911, avx256: 8 } })],
    [{ vectors: 'avx' }, seen({ kernelCode: { avx128: 911 } })],
    [{ vectors: 'avx2' }, seen({ kernelCode: { avx128: 911, avx2: 22 } })],
    [{ vectors: 'avx256' }, seen({ kernelCode: { avx128: 299, avx256: 346 } })],
    [{ vectors: 'avx256' }, seen({})], // nothing to look at here
    [{ otherCode: true }, seen({ kernelCode: {}, optimisedBytes: 5000 })],
  ];
  test.each(met)('is met: %j', (expects, found) => {
    expect(unmetExpectations(expects, found)).toEqual([]);
  });

  const unmet: [Expectation, Seen, string][] = [
    [{ kernels: 'both' }, seen({ kernels: [1, 0, 32] }), 'expected kernels: both; got {"none":1,'],
    [{ kernels: 'tiersUp' }, seen({ kernels: [1, 32, 0] }), 'expected kernels: tiersUp'],
    [{ kernels: 'baseline' }, seen({}), 'expected kernels: baseline'],
    [{ kernels: 'baseline' }, seen({ kernels: [33, 0, 0] }), 'expected kernels: baseline'],
    [{ kernels: 'optimised' }, seen({}), 'expected kernels: optimised'],
    [{ script: 'interpreter' }, seen({ script: [1, 1, 0] }), 'expected script: interpreter'],
    [{ script: 'baseline' }, seen({ script: [0, 0, 0] }), 'expected script: baseline'],
    [{ vectors: 'sse' }, seen({ kernelCode: { avx128: 911 } }), 'expected vectors: sse'],
    [{ vectors: 'avx' }, seen({ kernelCode: { avx128: 911, avx2: 1 } }), 'expected vectors: avx;'],
    [{ vectors: 'avx256' }, seen({ kernelCode: { avx128: 911, avx256: 8 } }), 'expected vectors: avx256'],
    [{}, seen({ kernelCode: { fused: 1 } }), 'expected no fused multiply-add'],
    [
      { otherCode: true },
      seen({ kernelCode: {}, optimisedBytes: 4000 }),
      'expected other code than 4000 bytes',
    ],
  ];
  test.each(unmet)('is not met: %j', (expects, found, words) => {
    expect(unmetExpectations(expects, found)).toEqual([expect.stringContaining(words)]);
  });
});

/** A dump of functions as V8 writes it: header, then one record a function. */
function dumpOf(functions: readonly (readonly [name: string, code: readonly number[]])[]): Uint8Array {
  const records = functions.map(([name, code]) => {
    const body = [...new TextEncoder().encode(name), 0, ...code];
    const record = new Uint8Array(56 + body.length);
    new DataView(record.buffer).setUint32(4, record.length, true);
    record.set(body, 56);
    return [...record];
  });
  const header = new Uint8Array(40);
  new DataView(header.buffer).setUint32(8, header.length, true);
  return Uint8Array.from([...header, ...records.flat(), ...new Uint8Array(64)]);
}

test('machine code: each kind of instruction counted, in functions of WebAssembly only', () => {
  const end = [0x90, 0x90, 0x90, 0x90];
  const addps = [0x0f, 0x58, 0xc1];
  const vmulps = [0xc5, 0xf8, 0x59, 0xc1];
  const wideVaddps = [0xc5, 0xfc, 0x58, 0xc1];
  const farVmulps = [0xc4, 0xc1, 0x78, 0x59, 0xc1];
  const wideFarVmulps = [0xc4, 0xc1, 0x7c, 0x59, 0xc1];
  const vbroadcastss = [0xc4, 0xe2, 0x79, 0x18, 0xc1];
  const broadcastFromMemory = [0xc4, 0xe2, 0x79, 0x18, 0x01];
  const vfmadd231ps = [0xc4, 0xe2, 0x71, 0xb8, 0xc2];
  const one = [...addps, ...vmulps, ...wideVaddps, ...farVmulps, ...wideFarVmulps, ...end];
  const two = [...vbroadcastss, ...broadcastFromMemory, ...vfmadd231ps, ...addps, ...end];
  const dump = dumpOf([
    ['JS:wasm-function[7]-7-turbofan', one],
    ['JS:~threefry2x32', one],
    ['JS:wasm-function[8]-8-liftoff', two],
  ]);
  expect(readKernelCode(dump)).toEqual({
    bytes: one.length + two.length,
    sse: 2,
    avx128: 2,
    avx256: 2,
    avx2: 1,
    fused: 1,
  });
});
