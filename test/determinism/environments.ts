/**
 * The table of ways to run the same numbers: flags that choose V8's compilers and the CPU's instructions, and what must
 * be seen of each so that a flag which does nothing cannot pass for a proof. Data only. What else may differ between two
 * machines is one more column here and one more wish to the hashing program.
 */

import { tallTilesMark } from '../../src/engine/wasm/marked-module.ts';

/** What the code that ran must have been. */
export interface Expectation {
  /** WebAssembly: Liftoff's code alone, TurboFan's alone, or some of both; `tiersUp`: TurboFan's in the end. */
  readonly kernels?: 'baseline' | 'optimised' | 'both' | 'tiersUp';
  /** JavaScript of the hottest functions: what they ended in. */
  readonly script?: 'interpreter' | 'baseline' | 'optimised';
  /** Vector instructions of the kernels, where they can be looked at (x64 Linux with AVX2). */
  readonly vectors?: 'sse' | 'avx' | 'avx2' | 'avx256';
  /** The kernels' code must be longer or shorter than that of the environment `optimised`. */
  readonly otherCode?: true;
}

export interface Environment {
  readonly name: string;
  readonly flags: readonly string[];
  readonly expects: Expectation;
  /** Where it is run: in CI too, or only in the long size. Absent: nowhere. */
  readonly node?: 'ci' | 'long';
  readonly chromium?: 'ci' | 'long';
  /** Whether it is tried on several threads too, and where. */
  readonly onThreads?: readonly ('node' | 'chromium')[];
  /** Marks on the compiled kernels (`src/engine/wasm/marked-module.ts`). */
  readonly marks?: readonly string[];
  /** Not known to every version of Node (20 to 26). */
  readonly newNodeOnly?: true;
  /** Flags of x64 processors. */
  readonly x64Only?: true;
}

/** Below AVX only SSE4.1 is left: the least on which V8 has vector instructions at all. */
const oldProcessor = [
  '--no-enable-avx',
  '--no-enable-sse4-2',
  '--no-enable-popcnt',
  '--no-enable-lzcnt',
  '--no-enable-bmi1',
  '--no-enable-bmi2',
  '--no-enable-fma3',
];

export const environments: readonly Environment[] = [
  {
    name: 'as it comes',
    flags: [],
    expects: { kernels: 'tiersUp', script: 'optimised' },
    node: 'ci',
    chromium: 'ci',
  },
  {
    name: 'baseline compiler',
    flags: ['--liftoff-only'],
    expects: { kernels: 'baseline' },
    node: 'ci',
    chromium: 'long',
    onThreads: ['node', 'chromium'],
  },
  {
    name: 'optimised',
    flags: ['--no-liftoff'],
    expects: { kernels: 'optimised', vectors: 'avx2' },
    node: 'ci',
    chromium: 'long',
    onThreads: ['node', 'chromium'],
  },
  {
    name: 'optimised before the first call',
    flags: ['--no-liftoff', '--no-wasm-lazy-compilation'],
    expects: { kernels: 'optimised' },
    node: 'long',
  },
  {
    // --no-wasm-tier-up alone changes nothing: tiering is dynamic and has a flag of its own.
    name: 'no tier-up',
    flags: ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'],
    expects: { kernels: 'baseline' },
    node: 'long',
  },
  {
    name: 'tier-up in the background from the start',
    flags: ['--no-wasm-dynamic-tiering'],
    expects: { kernels: 'tiersUp' },
    node: 'long',
    chromium: 'long',
  },
  {
    name: 'tier-up at the first call',
    flags: ['--wasm-tiering-budget=1', '--wasm-sync-tier-up'],
    expects: { kernels: 'optimised' },
    node: 'long',
    newNodeOnly: true,
  },
  {
    // Every second function is compiled by TurboFan: the mask is 0x55555555.
    name: 'half of the kernels optimised',
    flags: ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering', '--wasm-tier-mask-for-testing=1431655765'],
    expects: { kernels: 'both' },
    node: 'ci',
  },
  {
    name: 'no AVX2',
    flags: ['--no-liftoff', '--no-enable-avx2'],
    expects: { kernels: 'optimised', vectors: 'avx' },
    node: 'long',
    chromium: 'long',
    x64Only: true,
  },
  {
    name: 'old processor',
    flags: ['--no-liftoff', ...oldProcessor],
    expects: { kernels: 'optimised', vectors: 'sse' },
    node: 'ci',
    chromium: 'ci',
    x64Only: true,
  },
  {
    name: 'old processor, baseline compiler',
    flags: ['--liftoff-only', ...oldProcessor],
    expects: { kernels: 'baseline', vectors: 'sse' },
    node: 'long',
    x64Only: true,
  },
  {
    // V8 joins pairs of 128-bit operations into 256-bit ones. Chromium is built without this.
    name: '256-bit vectors',
    flags: ['--no-liftoff', '--experimental-wasm-revectorize'],
    expects: { kernels: 'optimised', vectors: 'avx256' },
    node: 'ci',
    newNodeOnly: true,
    x64Only: true,
    onThreads: ['node'],
  },
  {
    // As runs have it where tiles of 4 rows are the faster.
    name: '256-bit vectors in tall tiles',
    flags: ['--no-liftoff', '--experimental-wasm-revectorize'],
    marks: [tallTilesMark],
    expects: { kernels: 'optimised', vectors: 'avx256' },
    node: 'long',
    newNodeOnly: true,
    x64Only: true,
    onThreads: ['node'],
  },
  {
    // As runs have it: V8 packs what it compiles again. The flag is the process's, so worker threads have it too.
    name: '256-bit vectors, from the tier-up on',
    flags: ['--experimental-wasm-revectorize'],
    expects: { kernels: 'tiersUp', vectors: 'avx256' },
    node: 'long',
    newNodeOnly: true,
    x64Only: true,
  },
  {
    name: 'no loop unrolling',
    flags: ['--no-liftoff', '--no-wasm-loop-unrolling', '--no-wasm-loop-peeling'],
    expects: { kernels: 'optimised', otherCode: true },
    node: 'long',
  },
  {
    name: 'no inlining of kernels',
    flags: ['--no-liftoff', '--no-wasm-inlining'],
    expects: { kernels: 'optimised', otherCode: true },
    node: 'long',
    newNodeOnly: true,
  },
  {
    name: 'explicit bounds checks',
    flags: ['--no-liftoff', '--wasm-enforce-bounds-checks'],
    expects: { kernels: 'optimised', otherCode: true },
    node: 'long',
  },
  {
    name: 'JavaScript interpreted',
    flags: ['--max-opt=0', '--no-always-sparkplug'],
    expects: { script: 'interpreter' },
    node: 'ci',
    chromium: 'long',
  },
  {
    name: 'JavaScript by the baseline compiler',
    flags: ['--max-opt=1', '--always-sparkplug'],
    expects: { script: 'baseline' },
    node: 'long',
  },
  {
    name: 'everything unoptimised on an old processor',
    flags: ['--liftoff-only', '--max-opt=0', ...oldProcessor],
    expects: { kernels: 'baseline', script: 'interpreter', vectors: 'sse' },
    node: 'long',
    chromium: 'long',
    x64Only: true,
  },
];

/** The one whose code the others' is compared with. */
export const optimisedEnvironment = 'optimised';
