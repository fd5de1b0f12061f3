/** Several runs of one command: the bits of each are those it has alone, however it was stopped; one that fails ends no other. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/testing.ts';
import { newestOwner } from './newest-owner.ts';
import { type ProgramEvent, type Running, startIclab } from './program.ts';
import { shortRun, traceOfRun } from './short-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-several-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface OfOne extends ProgramEvent {
  readonly run?: string;
  readonly message?: string;
}

const several = (out: string) => startIclab(['train', ...shortRun, '--seeds', '1,2', '--out', out, '--json']);
const foldersIn = (out: string) => readdirSync(out).map((name) => join(out, name));

/** Does something once both runs have saved after they began. */
function onceBothSaved({ onEvent }: Running, then: () => void): void {
  const saved = new Set<string | undefined>();
  onEvent((event: OfOne) => {
    if (event.kind !== 'saved' || event.sequences === 0 || saved.size === 2) return;
    saved.add(event.run);
    if (saved.size === 2) then();
  });
}

/** Each of the two by itself, in this process. */
async function tracesAlone() {
  const traces = [];
  for (const seed of ['1', '2']) {
    const out = join(folder, `alone-${seed}`);
    await runCommandLine(['train', ...shortRun, '--seed', seed, '--out', out, '--threads', '1']);
    traces.push(await traceOfRun(out));
  }
  return traces;
}

const sorted = (traces: readonly unknown[]) => traces.map((trace) => JSON.stringify(trace)).toSorted();

test('stopped, killed and going on, each has the bits that it has alone', { timeout: 120_000 }, async () => {
  const out = join(folder, 'several');
  const stopped = several(out);
  onceBothSaved(stopped, () => stopped.child.kill('SIGINT'));
  const first = await stopped.ended;
  expect([first.code, first.errors]).toEqual([75, '']);
  expect(first.events.filter(({ kind }) => kind === 'end').map(({ outcome }) => outcome)).toEqual([
    'stopped',
    'stopped',
  ]);

  // Its runs hear that the command is gone: they save and leave in good order.
  const killed = several(out);
  onceBothSaved(killed, () => killed.child.kill('SIGKILL'));
  expect((await killed.ended).signal).toBe('SIGKILL');
  await expect
    .poll(() => foldersIn(out).map((run) => typeof newestOwner(run).endedMs), { timeout: 20_000 })
    .toEqual(['number', 'number']);

  const last = await several(out).ended;
  expect([last.code, last.errors]).toEqual([0, '']);
  const traces = [];
  for (const run of foldersIn(out)) traces.push(await traceOfRun(run));
  expect(sorted(traces)).toEqual(sorted(await tracesAlone()));

  const again = await several(out).ended;
  expect(again.events.map(({ kind, outcome }) => outcome ?? kind)).toEqual([
    'alreadyFinished',
    'alreadyFinished',
    'runs',
  ]);
});

test('one that fails ends no other; the exit code is the worst', { timeout: 60_000 }, async () => {
  const file = (name: string, rate: string) => {
    const path = join(folder, name);
    writeFileSync(path, `preset: smoke\ntrain: { trainSequences: 640, optimizer: { rate: ${rate} } }\n`);
    return path;
  };
  const out = join(folder, 'one-fails');
  const words = ['train', file('bad.yaml', '1e38'), file('good.yaml', '1e-3'), '--out', out];
  const { code, stdout, stderr } = await runCommandLine([...words, 'evaluate.sequencesPerEvaluator=8']);
  expect(code).toBe(70);
  expect(stderr).toMatch(/^iclab: bad: train: step \d+ \(sequence \d+\): .*\n$/);
  expect(stdout).toMatch(/^good: finished 640 sequences in /m);
  const table = stdout.slice(stdout.indexOf('\nrun '));
  expect(table).toMatch(/^good +good-[0-9a-f]+ +\w+ +finished +640 of 640 /m);
  expect(table).toMatch(/^bad +bad-[0-9a-f]+ +\w+ +stopped +0 of 640 /m);
  const record = JSON.parse(readFileSync(join(foldersIn(out)[0], 'run.json'), 'utf8')) as object;
  expect(record).toMatchObject({ engine: { threads: 1 }, command: ['iclab', ...words, expect.anything()] });
});

test('a run whose process is killed: the others go on, and so does it with the same command', {
  timeout: 60_000,
}, async () => {
  const out = join(folder, 'one-killed');
  const running = several(out);
  onceBothSaved(running, () => process.kill(newestOwner(foldersIn(out)[0]).pid, 'SIGKILL'));
  const { code, errors, events } = await running.ended;
  expect(code).toBe(70);
  expect(errors).toMatch(
    /^iclab: seed \d: .*: the process of this run ended without a word \(SIGKILL\); .*\n$/,
  );
  const outcomes = events.filter(({ kind }) => kind === 'end').map(({ outcome }) => outcome);
  expect(new Set(outcomes)).toEqual(new Set(['failed', 'finished']));
  expect((await several(out).ended).code).toBe(0);
});
