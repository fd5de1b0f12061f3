import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sourceSeed } from '../data/config.ts';
import { readRunList } from './run-list.ts';
import { runCommandLine } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-list-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function list(words: readonly string[], flags: Parameters<typeof readRunList>[1] = {}) {
  return (await readRunList(words, flags)).map(({ name, folder: where, config: { seeds, data } }) => ({
    name,
    folder: where.replace(/-[0-9a-f]{12}$/, ''),
    seeds: [seeds.init, seeds.train, sourceSeed(data.source)],
  }));
}

test('one run, as ever', async () => {
  expect(await list([])).toEqual([{ name: 'quick', folder: 'runs/quick', seeds: [102, 102, 102] }]);
  expect(await list(['smoke'], { seed: 7, out: 'x' })).toEqual([
    { name: 'smoke', folder: 'x', seeds: [7, 7, 7] },
  ]);
});

test('a run has the folder that it would have alone', async () => {
  const [, second] = await readRunList(['smoke'], { seeds: [101, 102] });
  const [alone] = await readRunList(['smoke'], { seed: 102 });
  expect(second.folder).toBe(alone.folder);
  expect(second.config).toEqual(alone.config);
});

test('seeds are named, or count up', async () => {
  const named = await list(['smoke'], { seeds: [3, 9], out: 'x' });
  expect(named.map(({ name, folder: where, seeds }) => [name, where, seeds])).toEqual([
    ['seed 3', 'x/smoke', [3, 3, 3]],
    ['seed 9', 'x/smoke', [9, 9, 9]],
  ]);
  expect((await list(['smoke'], { seed: 3, runs: 2 })).map(({ seeds }) => seeds)).toEqual([
    [3, 3, 3],
    [4, 4, 4],
  ]);
  const [own, next] = await list(['smoke', 'seeds.train=50'], { runs: 2 });
  expect(next.seeds).toEqual(own.seeds.map((seed) => Number(seed) + 1));
});

test('presets and files, each with every seed', async () => {
  writeFileSync(join(folder, 'mine.yaml'), 'preset: smoke\nmodel: { depth: 1 }\n');
  const words = ['smoke', join(folder, 'mine.yaml'), 'train.batchSize=64'];
  const runs = await readRunList(words, { seeds: [1, 2] });
  expect(runs.map(({ name, config }) => [name, config.model.depth, config.train.batchSize])).toEqual([
    ['smoke seed 1', 2, 64],
    ['smoke seed 2', 2, 64],
    ['mine seed 1', 1, 64],
    ['mine seed 2', 1, 64],
  ]);
});

test('files of one name are told apart by their folders', async () => {
  for (const depth of [1, 2]) {
    mkdirSync(join(folder, `${depth}`));
    writeFileSync(join(folder, `${depth}/mine.yaml`), `preset: smoke\nmodel: { depth: ${depth} }\n`);
  }
  const runs = await readRunList([join(folder, '1/mine.yaml'), join(folder, '2/mine.yaml')], {});
  expect(runs.map(({ name, folder: where }) => name === where.replace('runs/', ''))).toEqual([true, true]);
});

const seeds = 'expected several seeds, like 101..105 or 101,103 (--runs 5 makes five runs, --seed 5 one)';

test.each<[string[], string]>([
  [['--seeds', '5'], `--seeds: ${seeds}; got "5"`],
  [['--seeds', '5..1'], `--seeds: ${seeds}; got "5..1"`],
  [['--seeds', '1;2'], `--seeds: ${seeds}; got "1;2"`],
  [['--seeds', '1..4294967295'], '--seeds: expected at most 1000 seeds; got "1..4294967295"'],
  [['--seeds', '1,4294967296'], '--seeds: expected an integer from 0 to 4294967295; got "1,4294967296"'],
  [['--runs', '0'], '--runs: expected an integer from 1 to 1000; got "0"'],
  [['--jobs', '1.5'], '--jobs: expected an integer from 1 to 1000; got "1.5"'],
  [['--seed', '1', '--seeds', '1,2'], '--seed, --seeds: both say which seeds to take; keep one'],
  [['--runs', '2', '--seeds', '1,2'], '--runs, --seeds: both say which seeds to take; keep one'],
  [['--runs', '2', '--seed', '4294967295'], '--runs: a seed would pass 4294967295; give a smaller --seed'],
  [['model.depth=1', 'smoke'], '"smoke": presets and files come first, then settings as key=value'],
  [
    ['smoke', 'qick'],
    '"qick": neither a preset nor a file; did you mean "quick"? (presets: paper, quick, smoke; iclab presets)',
  ],
])('%j', async (words, line) => {
  const { code, stdout, stderr } = await runCommandLine(['train', ...words, '--dry-run']);
  expect([code, stdout, stderr]).toEqual([64, '', `iclab: ${line}\n`]);
});

test('two runs that are one', async () => {
  const { code, stderr } = await runCommandLine(['train', 'smoke', 'smoke', '--out', 'x', '--dry-run']);
  expect(code).toBe(64);
  expect(stderr.replace(/-[0-9a-f]{12}/, '')).toBe(
    'iclab: x/smoke: of two runs of this command (smoke, smoke), which are the same but perhaps in length; give each once\n',
  );
});
