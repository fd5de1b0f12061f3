/**
 * One hash: every short run under every environment of the table, in processes of this Node, of other versions found on
 * the PATH (long size), and in Chromium, each held to the golden file; and what was seen of the code that ran.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../scripts/find-chromium.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import { bundleProgram } from './bundle.ts';
import { hashInChromium } from './chromium-process.ts';
import { canSeeInstructions, type Elsewhere, newFolder } from './elsewhere.ts';
import { type Environment, environments, optimisedEnvironment } from './environments.ts';
import { unmetExpectations } from './environment-proof.ts';
import { goldenHashes } from './golden-hashes.ts';
import { hashInNode, otherNodes } from './node-process.ts';
import { shortRuns } from './short-runs.ts';

const isLong = campaignSize({ ci: 0, long: 1 }) === 1;
/** In CI every second one: each kind of model under Adam, and half of the kinds of optimizer. */
const runNames = shortRuns()
  .map(({ name }) => name)
  .filter((_, index) => isLong || index % 2 === 0);

const isHere = ({ x64Only }: Environment) => !x64Only || process.arch === 'x64';
const chosen = (place: 'node' | 'chromium') =>
  environments.filter(
    (environment) =>
      isHere(environment) && (environment[place] === 'ci' || (environment[place] === 'long' && isLong)),
  );

describe('one hash', () => {
  let folder: string;
  let nodeProgram: string;
  /** Bytes of code in the environment that the others' is compared with, by engine. */
  const optimisedBytes = new Map<string, number>();
  beforeAll(async () => {
    folder = newFolder();
    nodeProgram = await bundleProgram('node-program', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Holds what came back to the golden file and to what the environment claims to be. */
  function expectOneHash(engine: string, { name, expects }: Environment, elsewhere: Elsewhere): void {
    const { hashed, kernelCode } = elsewhere;
    const golden = goldenHashes().runs;
    expect(Object.keys(hashed.runs)).toEqual(runNames);
    const different = runNames.filter((run) => hashed.runs[run].end.state !== golden[run].end.state);
    expect(different, `${engine}, ${name}: other final states`).toEqual([]);
    const expected = Object.fromEntries(runNames.map((run) => [run, golden[run]]));
    expect(hashed.runs, `${engine}, ${name}`).toEqual(expected);
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
      runs: runNames.length,
      kernels: JSON.stringify(hashed.code.kernels),
      script: JSON.stringify(hashed.code.script),
      code: JSON.stringify(kernelCode ?? 'not seen'),
    });
  }

  describe('in Node', () => {
    test.each(chosen('node'))(
      '$name',
      async (environment) => {
        const { flags } = environment;
        const node = process.execPath;
        const elsewhere = await hashInNode({ node, flags, program: nodeProgram, runNames });
        expectOneHash(`Node ${process.version}`, environment, elsewhere);
      },
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
          const elsewhere = await hashInNode({ node, flags, program: nodeProgram, runNames });
          expectOneHash(`Node ${version}`, environment, elsewhere);
        }
      }
      expect(new Set(others.map(({ path }) => path)).size).toBe(others.length);
    },
    campaignTimeoutMs,
  );

  test(
    'in Chromium, where there is one',
    async () => {
      const executablePath = findChromium();
      if (executablePath === undefined) return;
      const program = await bundleProgram('page-program', folder);
      for (const environment of chosen('chromium')) {
        const { flags } = environment;
        const elsewhere = await hashInChromium({ executablePath, flags, program, runNames });
        expectOneHash(`Chromium ${elsewhere.version}`, environment, elsewhere);
      }
    },
    campaignTimeoutMs,
  );
});
