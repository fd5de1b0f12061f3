/**
 * Writes golden-hashes.json anew: a deliberate act, for a change that is meant to change numbers. Says which runs
 * changed, and where each first differs. `node test/determinism/write-golden-hashes.ts`
 */
import { writeFileSync } from 'node:fs';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';
import { codeVersion } from '../../src/runs/run-record.ts';
import { firstDifference, type GoldenHashes, goldenHashes, writeCommand } from './golden-hashes.ts';
import { hashRun, type RunHashes } from './run-hashes.ts';
import { shortRunSeeds, shortRuns } from './short-runs.ts';

const kernels = loadKernelModule();
const before = goldenHashes().runs;
const runs: Record<string, RunHashes> = {};
const changes: string[] = [];
for (const { name, config } of shortRuns()) {
  const run = await hashRun(config, kernels.module);
  runs[name] = run.hashes;
  const isNew = !Object.hasOwn(before, name);
  const difference = isNew ? 'all of it: it is new' : firstDifference(before[name], run);
  if (difference !== undefined) changes.push(`${name}: first differs in ${difference}`);
}
changes.push(...Object.keys(before).flatMap((name) => (name in runs ? [] : [`${name}: is no more`])));

const birth = {
  command: writeCommand,
  iclab: codeVersion().version,
  kernels: kernels.hash,
  node: process.version,
  seeds: Object.entries(shortRunSeeds)
    .map(([name, seed]) => `${name} ${seed}`)
    .join(', '),
};
if (changes.length > 0) {
  const golden: GoldenHashes = { birth, runs };
  writeFileSync(new URL('golden-hashes.json', import.meta.url), `${JSON.stringify(golden, null, 2)}\n`);
}
const lines = [...changes, `${changes.length} of ${Object.keys(runs).length} runs changed`];
process.stdout.write(`${lines.join('\n')}\n`);
