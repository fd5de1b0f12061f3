/** `iclab runs` and `iclab clean` on real folders. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from './testing.ts';

const root = mkdtempSync(join(tmpdir(), 'iclab-runs-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string) => join(root, name);
const run = (...words: string[]) => runCommandLine(words);

const tiny = ['train.trainSequences=256', 'evaluate.sequencesPerEvaluator=8', 'checkpoint.everySequences=64'];

beforeAll(async () => {
  for (const name of ['first', 'second']) {
    const { code } = await run('train', 'smoke', ...tiny, 'model.depth=1', '--out', at(name));
    expect(code).toBe(0);
  }
});

describe('iclab runs', () => {
  test('lists what is there', async () => {
    const { code, stdout, stderr } = await run('runs', root);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^name +id +state +sequences +train +ICL +CIWL +Flip +disk +seen +settings$/);
    expect(lines[1]).toMatch(/^first +\w{8} +finished +256 of 256 .* just now +smoke .*model\.depth=1/);
    expect(lines[2]).toMatch(/^second /);
    expect(lines[3]).toMatch(/^2 runs, \d+ kB on disk$/);
  });

  test('as JSON holds everything', async () => {
    const { stdout } = await run('runs', root, '--json');
    const runs = JSON.parse(stdout) as Record<string, unknown>[];
    expect(runs).toMatchObject([
      {
        name: 'first',
        folder: at('first'),
        state: 'finished',
        sequences: 256,
        config: { model: { depth: 1 } },
      },
      { name: 'second' },
    ]);
    expect(runs[0].lastEvaluation).toHaveLength(5);
  });

  test('fits a narrow terminal', async () => {
    const { stdout } = await runCommandLine(['runs', root], { isTerminal: true, columns: 50 });
    expect(stdout.split('\n').every((line) => line.length < 50)).toBe(true);
  });

  test('names a damaged run, and lists the others', async () => {
    await run('train', 'smoke', ...tiny, '--out', at('damaged'));
    writeFileSync(at('damaged/done.json'), '{');
    const { code, stdout, stderr } = await run('runs', root);
    expect(code).toBe(65);
    expect(stderr).toMatch(/^iclab: \S*damaged\/done\.json: [^\n]*\n$/);
    expect(stdout).toMatch(/^damaged +\w{8} +damaged/m);
    expect(stdout).toMatch(/^first /m);
    rmSync(at('damaged'), { recursive: true });
  });

  test('says where it looked', async () => {
    expect(await run('runs', at('nowhere'))).toEqual({
      code: 64,
      stdout: '',
      stderr: `iclab: "${at('nowhere')}": no such folder; iclab runs without one looks in runs and reproduction\n`,
    });
    const empty = mkdtempSync(join(tmpdir(), 'iclab-empty-'));
    expect(await run('runs', empty)).toMatchObject({
      code: 0,
      stdout: `no runs in ${empty}; start one: iclab train smoke\n`,
    });
    expect((await run('runs', empty, '--json')).stdout).toBe('[]\n');
    rmSync(empty, { recursive: true });
  });
});

describe('iclab clean', () => {
  const checkpoints = (name: string) =>
    readdirSync(at(name)).filter((file) => file.startsWith('checkpoint-')).length;

  test('tells what would go and touches nothing', async () => {
    const before = readdirSync(at('first'));
    const { code, stdout } = await run('clean', at('first'));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^first +2 files +\d+ kB\n\d+ kB could go; nothing was removed: give --yes to remove it\n$/,
    );
    expect(readdirSync(at('first'))).toEqual(before);
  });

  test('with --yes removes it, once', async () => {
    expect(checkpoints('first')).toBe(3);
    const { stdout } = await run('clean', at('first'), '--yes');
    expect(stdout).toMatch(/^first +2 files +\d+ kB\nremoved \d+ kB\n$/);
    expect(checkpoints('first')).toBe(1);
    expect((await run('clean', at('first'), '--yes')).stdout).toBe('nothing to remove\n');
  });

  test('--whole takes only runs that are named', async () => {
    expect(await run('clean', '--whole', '--yes')).toMatchObject({
      code: 64,
      stderr: 'iclab: --whole: removes runs entirely, so name them: iclab clean --whole RUN...\n',
    });
    await run('clean', '--whole', at('second'));
    expect(existsSync(at('second'))).toBe(true);
    const { code, stdout } = await run('clean', '--whole', at('second'), '--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ run: { name: 'second' }, outcome: 'removed' }]);
    expect(existsSync(at('second'))).toBe(false);
  });

  test('leaves a run that is running', async () => {
    const [owner] = readdirSync(at('first')).filter((name) => name.startsWith('owner.'));
    const record = { generation: 9, host: 'elsewhere', bootId: '', pid: 1, startTime: '' };
    const now = { startedMs: Date.now(), heartbeatMs: Date.now() };
    expect(owner).toBeDefined();
    writeFileSync(at('first/owner.9.json'), JSON.stringify({ ...record, ...now }));
    const { code, stdout } = await run('clean', '--whole', at('first'), '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('kept: it is running');
    expect(existsSync(at('first/config.json'))).toBe(true);
  });
});
