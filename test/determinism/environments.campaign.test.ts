/**
 * One hash: every short run under every environment of the table, in processes of this Node, of other versions found on
 * the PATH (long size), and in Chromium, each held to the golden file; and what was seen of the code that ran.
 */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../scripts/find-chromium.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import { bundleNodeProgram, bundlePage } from './bundle.ts';
import { hashInChromium } from './chromium-process.ts';
import { canSeeInstructions, type Elsewhere, newFolder } from './elsewhere.ts';
import { type Environment, environments, optimisedEnvironment } from './environments.ts';
import { unmetExpectations } from './environment-proof.ts';
import { goldenHashes } from './golden-hashes.ts';
import type { HashWish } from './hash-short-runs.ts';
import { hashInNode, otherNodes } from './node-process.ts';
import { shortRuns } from './short-runs.ts';

const isLong = campaignSize({ ci: 0, long: 1 }) === 1;
/** In CI every second one: each kind of model under Adam, and half of the kinds of optimizer. */
const runNames = shortRuns()
  .map(({ name }) => name)
  .filter((_, index) => isLong || index % 2 === 0);

const alone = [1];
/** In CI of two runs. */
const threadCounts = [1, 2, 3, 4, 7, 8];
const threadRunNames = isLong ? runNames : ['paper/adam', 'oddEverything/adam'];

const isHere = ({ x64Only }: Environment) => !x64Only || process.arch === 'x64';
const chosen = (place: 'node' | 'chromium') =>
  environments.filter(
    (environment) =>
      isHere(environment) && (environment[place] === 'ci' || (environment[place] === 'long' && isLong)),
  );

const wishOf = (
  { marks = [] }: Environment,
  names: readonly string[],
  threads: readonly number[],
): HashWish => ({ names, threads, marks });

describe('one hash', () => {
  let folder: string;
  let nodeProgram: string;
  /** Bytes of code in the environment that the others' is compared with, by engine. */
  const optimisedBytes = new Map<string, number>();
  beforeAll(async () => {
    folder = newFolder();
    nodeProgram = await bundleNodeProgram(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Holds what came back to the golden file and to what the environment claims to be. */
  function expectOneHash(
    engine: string,
    { name, expects }: Environment,
    { names, threads }: HashWish,
    elsewhere: Elsewhere,
  ): void {
    const { hashed, kernelCode } = elsewhere;
    const golden = goldenHashes().runs;
    expect(Object.keys(hashed.runs).map(Number)).toEqual(threads);
    for (const count of threads) {
      const runs = hashed.runs[count];
      const where = `${engine}, ${name}, ${count} threads`;
      expect(Object.keys(runs)).toEqual(names);
      const different = names.filter((run) => runs[run].end.state !== golden[run].end.state);
      expect(different, `${where}: other final states`).toEqual([]);
      expect(runs, where).toEqual(Object.fromEntries(names.map((run) => [run, golden[run]])));
    }
    expect(kernelCode !== undefined, 'machine code seen where it can be').toBe(canSeeInstructions());
    if (name === optimisedEnvironment && kernelCode) optimisedBytes.set(engine, kernelCode.bytes);
    const seen = { code: hashed.code, ...(kernelCode ? { kernelCode } : {}) };
    const bytes = optimisedBytes.get(engine);
    const unmet = unmetExpectations(expects, {
      ...seen,
      ...(bytes === undefined ? {} : { optimisedBytes: bytes }),
    });
    expect(unmet, `${engine}, ${name}: its flags did not do what the table says`).toEqual([]);
    tellFigures(`determinism, ${engine}, ${name}`, {
      runs: names.length,
      threads: threads.join(' '),
      kernels: JSON.stringify(hashed.code.kernels),
      script: JSON.stringify(hashed.code.script),
      code: JSON.stringify(kernelCode ?? 'not seen'),
    });
  }

  /** @param program bundled or, for threads, as it lies here */
  async function expectInThisNode(environment: Environment, program: string, wish: HashWish): Promise<void> {
    const { flags } = environment;
    const elsewhere = await hashInNode({ node: process.execPath, flags, program, wish });
    expectOneHash(`Node ${process.version}`, environment, wish, elsewhere);
  }

  async function expectInChromium(
    tried: readonly Environment[],
    names: readonly string[],
    threads: readonly number[],
  ): Promise<void> {
    const executablePath = findChromium();
    if (executablePath === undefined) return;
    const program = await bundlePage(folder);
    for (const environment of tried) {
      const { flags } = environment;
      const wish = wishOf(environment, names, threads);
      const elsewhere = await hashInChromium({ executablePath, flags, program }, wish, threads !== alone);
      expectOneHash(`Chromium ${elsewhere.version}`, environment, wish, elsewhere);
    }
  }

  describe('in Node', () => {
    test.each(chosen('node'))(
      '$name',
      (environment) => expectInThisNode(environment, nodeProgram, wishOf(environment, runNames, alone)),
      campaignTimeoutMs,
    );
  });

  test(
    'under other versions of Node, where there are any',
    async () => {
      const others = isLong ? otherNodes() : [];
      if (others.length === 0) tellFigures('determinism, other Node', { skipped: 'none on the PATH' });
      for (const { path: node, version } of others) {
        for (const environment of chosen('node').filter(({ newNodeOnly }) => !newNodeOnly)) {
          const { flags } = environment;
          const wish = wishOf(environment, runNames, alone);
          const elsewhere = await hashInNode({ node, flags, program: nodeProgram, wish });
          expectOneHash(`Node ${version}`, environment, wish, elsewhere);
        }
      }
      expect(new Set(others.map(({ path }) => path)).size).toBe(others.length);
    },
    campaignTimeoutMs,
  );

  test(
    'in Chromium, where there is one',
    () => expectInChromium(chosen('chromium'), runNames, alone),
    campaignTimeoutMs,
  );

  describe('on any number of threads', () => {
    const crossed = environments.filter(isHere).filter(({ onThreads = [] }) => onThreads.length > 0);

    test.each(crossed)(
      'in Node: $name',
      (environment) =>
        expectInThisNode(
          environment,
          fileURLToPath(new URL('node-program.ts', import.meta.url)),
          wishOf(environment, threadRunNames, threadCounts),
        ),
      campaignTimeoutMs,
    );

    test(
      'in Chromium, where there is one',
      () =>
        expectInChromium(
          crossed.filter(({ onThreads }) => onThreads?.includes('chromium')),
          threadRunNames,
          threadCounts,
        ),
      campaignTimeoutMs,
    );
  });
});
