import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { kernelBytes } from './kernel-module.ts';
import { probeVectors, type VectorProbe } from './vector-probe.ts';
import { grantedWidth, obstacleTo256, packingFlag, tryVectors, type VectorMachine } from './vector-width.ts';

const able: VectorMachine = {
  arch: 'x64',
  platform: 'linux',
  node: '26.10.0',
  v8: '14.6.202.34-node.34',
  isBuiltIn: true,
  execArgv: [],
};

describe('whether V8 can pack', () => {
  test.each<[string, Partial<VectorMachine>, string | undefined]>([
    ['x64 Linux', {}, undefined],
    ['x64 Windows', { platform: 'win32' }, undefined],
    ['the first Node with it', { node: '24.0.0' }, undefined],
    ['arm64', { arch: 'arm64' }, 'V8 has them on x64 alone, this is arm64'],
    ['macOS', { platform: 'darwin' }, 'V8 has them on Linux and Windows alone, this is darwin'],
    ['old Node', { node: '22.9.1' }, 'Node 22.9.1 has none, 24 or newer does'],
    ['another build', { isBuiltIn: false }, 'this build of Node 26.10.0 has V8 without them'],
    ['no optimising', { execArgv: ['--liftoff-only'] }, 'Node was started with --liftoff-only'],
  ])('%s', (_, changes, obstacle) => expect(obstacleTo256({ ...able, ...changes })).toBe(obstacle));

  test.each<[string, string]>([
    ['13.6.233.10-node.28', '--experimental-wasm-revectorize'],
    ['15.3.1', '--experimental-wasm-revectorize'],
    ['15.4.0', '--wasm-revectorize'],
    ['16.0.5', '--wasm-revectorize'],
  ])('the flag of V8 %s', (v8, flag) => {
    expect(packingFlag(v8, true)).toBe(flag);
    expect(packingFlag(v8, false)).toBe(flag.replace('--', '--no-'));
  });
});

describe('what a wish gets', () => {
  const on = '--experimental-wasm-revectorize';
  const off = '--no-experimental-wasm-revectorize';

  /** Tries on a machine that does not exist, and keeps what V8 was told. */
  function tryOn(
    wish: 'auto' | 128 | 256,
    probed: VectorProbe | Error,
    machine: Partial<VectorMachine> = {},
  ) {
    const flags: string[] = [];
    const probe = vi.fn((startPacking: () => void) => {
      startPacking();
      if (probed instanceof Error) throw probed;
      return probed;
    });
    const attempt = () =>
      tryVectors(wish, { machine: { ...able, ...machine }, setFlag: (flag) => void flags.push(flag), probe });
    return { flags, probe, attempt };
  }

  test('256 bits where they are seen at work', () => {
    const { attempt, flags } = tryOn('auto', { isPacked: true, isTall: true });
    expect(attempt()).toEqual({ bits: 256, isTall: true });
    expect(flags).toEqual([off, on]);
  });

  test('128, and V8 as it was, where nothing gets faster', () => {
    const { attempt, flags } = tryOn('auto', { isPacked: false, isTall: false });
    expect(attempt()).toEqual({ bits: 128, reason: 'tried, and the kernels were no faster' });
    expect(flags.at(-1)).toBe(off);
  });

  test('128 without trying, where it is asked for, also if Node was started with the flag', () => {
    const { attempt, flags, probe } = tryOn(128, { isPacked: true, isTall: true });
    expect(attempt()).toEqual({ bits: 128, reason: 'asked for' });
    expect(flags).toEqual([off]);
    expect(probe).not.toHaveBeenCalled();
  });

  test('128 without a word to V8, where it does not know the flag', () => {
    const { attempt, flags } = tryOn('auto', { isPacked: true, isTall: true }, { arch: 'arm64' });
    expect(attempt()).toEqual({ bits: 128, reason: 'V8 has them on x64 alone, this is arm64' });
    expect(flags).toEqual([]);
  });

  test.each([new RangeError('could not allocate memory'), new WebAssembly.CompileError('no SIMD')])(
    '128 where WebAssembly refuses: %s',
    (refusal) => {
      const { attempt, flags } = tryOn('auto', refusal);
      expect(attempt()).toEqual({
        bits: 128,
        reason: 'the kernels could not be tried: too little memory, or they do not run here',
      });
      expect(flags.at(-1)).toBe(off);
    },
  );

  test('no mistake of ours is taken for a refusal', () => {
    expect(tryOn('auto', new TypeError('a mistake')).attempt).toThrow('a mistake');
  });

  test('an error where a kernel gives other bytes', () => {
    const { attempt, flags } = tryOn('auto', { otherBytes: 'adam', isPacked: false, isTall: false });
    expect(attempt).toThrow(
      new LabError(
        'engine: kernel adam gives other bytes in 256-bit vectors than in 128; train with --vectors 128 (vectors: 128 in a program)',
        exitCodes.crash,
      ),
    );
    expect(attempt).toThrow(expect.objectContaining({ exitCode: exitCodes.crash }) as Error);
    expect(flags.at(-1)).toBe(off);
  });

  test('an error where 256 are asked for and not to be had', () => {
    const width = { bits: 128, reason: 'V8 has them on x64 alone, this is arm64' } as const;
    const message =
      'vectors = 256: not to be had: V8 has them on x64 alone, this is arm64; leave it out: the numbers are the same';
    for (const isFirst of [true, false])
      expect(() => grantedWidth(256, width, isFirst)).toThrow(new LabError(message));
    for (const wish of ['auto', 128] as const) expect(grantedWidth(wish, width, true)).toBe(width);
  });

  test.each<[128 | 256, 128 | 256]>([
    [128, 256],
    [256, 128],
  ])('an error where %i are asked for in a process that has begun with %i', (wish, bits) => {
    const width =
      bits === 256 ? ({ bits: 256, isTall: false } as const) : ({ bits: 128, reason: 'asked for' } as const);
    expect(() => grantedWidth(wish, width, false)).toThrow(
      new LabError(
        `vectors = ${wish}: this process has begun with ${bits}, and its first run decides; start another process, or leave it out: the numbers are the same`,
      ),
    );
    expect(grantedWidth('auto', width, false)).toBe(width);
    expect(grantedWidth(bits, width, false)).toBe(width);
  });
});

describe('the probe', () => {
  const idle = () => undefined;

  test('finds the same bytes in all kernels', () => {
    expect(probeVectors(kernelBytes(), idle, 250)).not.toHaveProperty('otherBytes');
  });

  test('names a kernel that leaves other bytes', () => {
    // Adam with another decay in the second module that is made: as if the compiler were wrong.
    const right = kernelBytes();
    const { Module } = WebAssembly;
    let made = 0;
    vi.stubGlobal('WebAssembly', {
      ...WebAssembly,
      Memory: WebAssembly.Memory,
      Instance: class {
        readonly exports: WebAssembly.Exports;
        constructor(module: WebAssembly.Module, imports: WebAssembly.Imports) {
          const { exports } = new globalInstance(module, imports);
          made++;
          const adam = exports.adam as (...values: number[]) => number;
          this.exports =
            made === 2 ? { ...exports, adam: (...v: number[]) => adam(...v.with(5, v[5] * 2)) } : exports;
        }
      },
      Module,
    });
    try {
      expect(probeVectors(right, idle, 250)).toEqual({ otherBytes: 'adam', isPacked: false, isTall: false });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

const globalInstance = WebAssembly.Instance;
const folder = mkdtempSync(join(tmpdir(), 'iclab-vectors-'));
afterAll(() => rmSync(folder, { recursive: true }));
const program = fileURLToPath(new URL('../../bin/iclab.js', import.meta.url));

describe('the real program', () => {
  const tiny = ['train.trainSequences=1600', 'evaluate.sequencesPerEvaluator=8'];

  function train(name: string, words: readonly string[], flags: readonly string[] = []) {
    const out = join(folder, name);
    const { status, stderr } = spawnSync(
      process.execPath,
      [...flags, program, 'train', 'smoke', ...tiny, '--out', out, ...words],
      { encoding: 'utf8' },
    );
    if (status !== 0) return { status, stderr };
    const { engine } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
      engine: Record<string, unknown>;
    };
    const newest = readdirSync(out)
      .filter((file) => file.startsWith('checkpoint-1600.'))
      .map((file) => readFileSync(join(out, file)));
    return { status, stderr, engine, newest };
  }

  test('leaves the same checkpoint in every width, and says which it had', () => {
    const [plain, auto] = [train('plain', ['--vectors', '128']), train('auto', [])];
    expect(plain).toMatchObject({ status: 0, engine: { vectors: 128 } });
    expect(auto.status).toBe(0);
    expect(auto.newest).toHaveLength(1);
    expect(auto.newest).toEqual(plain.newest);
    const { vectors, vectorsReason } = auto.engine ?? {};
    expect(vectors === 256 ? vectorsReason : typeof vectorsReason).toBe(
      vectors === 256 ? undefined : 'string',
    );
    const wide = train('wide', ['--vectors', '256']);
    if (vectors === 256) expect(wide).toMatchObject({ status: 0, engine: { vectors: 256 } });
    else expect(wide.stderr).toMatch(/^iclab: vectors = 256: not to be had: .*\n$/);
    if (vectors === 256) expect(wide.newest).toEqual(plain.newest);
  }, 60_000);

  test('says why 256 bits are not to be had', () => {
    const { status, stderr } = train('refused', ['--vectors', '256'], ['--liftoff-only']);
    expect(status).toBe(exitCodes.badInput);
    expect(stderr).toMatch(
      /^iclab: vectors = 256: not to be had: .*; leave it out: the numbers are the same\n$/,
    );
  }, 60_000);
});
