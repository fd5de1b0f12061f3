/** `iclab toy` as a newcomer types it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommandLine } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-toy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const toy = (words: string, terminal = {}) =>
  runCommandLine(['toy', ...words.split(' ').filter((word) => word !== '')], terminal);

interface ToyJson {
  readonly kind: string;
  readonly settings: Record<string, unknown>;
  readonly runs: readonly {
    readonly seed: number;
    readonly stoppedAt: number | null;
    readonly events: unknown;
  }[];
}

describe('runs', () => {
  it('tells of seed 7 where nothing is said', async () => {
    const { code, stdout, stderr } = await toy('');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'mu1 .1, alpha .1, dims 20, 20, 20, 160; stops below 1e-6, at most 16000 steps',
      expect.stringMatching(/^seed {2}what happens {2}stops at/),
      '7     M1 transient  9620      9.99e-7  .216  3.91e-12  4466          4810       8921     4628 to 4808, +.0111',
      'formed: at 10% of the untrained loss or below; lost, or still on the plateau: at 90% or above',
      '',
    ]);
  });

  it('makes blocks of it on a narrow terminal', async () => {
    const { stdout } = await toy('--seed 2,7', { isTerminal: true, columns: 60 });
    expect(stdout).toContain('\n2\n  what happens  no escape\n  stops at      never\n');
    expect(stdout).toContain('  divot of M2   4628 to 4808, +.0111\n');
  });

  it('takes ranges of seeds and prints one JSON object', async () => {
    const { stdout } = await toy('--seed 0..2,7 --json');
    const { kind, runs } = JSON.parse(stdout) as ToyJson;
    expect(kind).toBe('toy');
    expect(runs.map(({ seed, stoppedAt }) => [seed, stoppedAt])).toEqual([
      [0, 8834],
      [1, 14482],
      [2, null],
      [7, 9620],
    ]);
    expect(runs[3].events).toMatchObject({
      plateauEnd: 4466,
      mechanism1Formed: 4810,
      mechanism1Lost: 8921,
      divot: { minimum: { step: 4628 }, maximum: { step: 4808 } },
    });
  });

  it('stops at 1e-3 without mu1, and tells every setting', async () => {
    const { stdout } = await toy(
      '--mu1 0 --mu2 .01 --alpha .2 --dims 5,6,7,8 --rate .5 --steps 20 --clamp b,c:5 --json',
    );
    expect((JSON.parse(stdout) as ToyJson).settings).toEqual({
      mu1: 0,
      mu2: 0.01,
      alpha: 0.2,
      dims: [5, 6, 7, 8],
      clamp: { a: 0, b: 6, c: 5, d: 0 },
      rate: 0.5,
      stop: 0.001,
      steps: 20,
    });
  });

  it('says what is clamped and what else is not as in the paper', async () => {
    const { stdout } = await toy('--mu2 .01 --rate .5 --steps 20 --clamp b,c:5');
    expect(stdout).toContain(
      'mu1 .1, mu2 .01, alpha .1, dims 20, 20, 20, 160, rate .5, clamped: b, 5 entries of c; stops below 1e-6',
    );
  });

  it('writes trajectories as CSV', async () => {
    const { stdout } = await toy('--seed 7,0 --steps 30 --csv');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^seed,step,loss,mechanism1,mechanism2,competition1,norm_a,/);
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 2).join())).toEqual([
      '7,0',
      '7,10',
      '7,20',
      '7,29',
      '0,0',
      '0,10',
      '0,20',
      '0,29',
    ]);
    expect((await toy('--steps 30 --csv --every 1')).stdout.trimEnd().split('\n')).toHaveLength(31);
  });
});

describe('figures', () => {
  it('draws runs as SVG and PNG, and replaces only when told', async () => {
    const svg = join(folder, 'new', 'fig5a.svg');
    const { stdout } = await toy(`--figure ${svg}`);
    expect(stdout).toContain(`${svg}\n`);
    expect(readFileSync(svg, 'utf8')).toContain('Figure 5a: strategy racing in the toy model, seed 7');
    expect((await toy(`--figure ${svg}`)).stderr).toBe(
      `iclab: ${svg}: is there already; give --force to replace it, or another --figure\n`,
    );
    expect((await toy(`--figure ${svg} --force`)).code).toBe(0);
    const png = join(folder, 'fig5a.png');
    expect((await toy(`--seed 1..3 --figure ${png} --json`)).stdout).toContain(
      `"figure":${JSON.stringify(png)}`,
    );
    expect(Array.from(readFileSync(png).subarray(1, 4))).toEqual([0x50, 0x4e, 0x47]);
  });

  it('refuses what it cannot write or draw', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder.svg'));
    const below = join(folder, 'file', 'x.svg');
    expect((await toy(`--figure ${below}`)).stderr).toBe(
      `iclab: --figure "${below}": a part of the path is a file\n`,
    );
    expect((await toy(`--figure ${join(folder, 'folder.svg')}`)).stderr).toBe(
      `iclab: --figure "${join(folder, 'folder.svg')}": a folder; expected a file in it, like "${join(folder, 'folder.svg')}/toy.svg"\n`,
    );
    const device = join(folder, 'null.svg');
    symlinkSync('/dev/null', device);
    expect((await toy(`--figure ${device}`)).stderr).toBe(
      `iclab: --figure "${device}": neither a file nor free; give another --figure\n`,
    );
    const { code, stderr } = await toy('--seed 0..99 --figure x.svg');
    expect([code, stderr]).toEqual([64, 'iclab: --figure: draws at most 60 seeds; got 100\n']);
  });
});

describe('maps', () => {
  const small = '--map --cells 3 --seed 7 --dims 5,5,5,8 --steps 300 --threads 1';

  it('counts the regimes of each panel', async () => {
    const { code, stdout } = await toy(small);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cells in each regime, of 9\ndim d +seed +.*widest transience\n8 +7 +/);
  });

  it('gives every cell as CSV, and draws', async () => {
    const figure = join(folder, 'map.svg');
    const { stdout } = await toy(`${small} --mu1 .01..1 --alpha .1..10 --csv --figure ${figure}`);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('d,seed,alpha,mu1,regime');
    expect(lines[1]).toMatch(/^8,7,0\.1,0\.01,\w+$/);
    expect(readFileSync(figure, 'utf8')).toContain('Where in-context learning is transient in the toy model');
    expect((await toy(`${small} --json`)).stdout).toMatch(/^{"kind":"toyMap","settings":{"cells":3,/);
  });

  it('shows on a terminal how far it is, and wipes it out', async () => {
    const { stdout } = await toy(small, { isTerminal: true });
    const meter = '\rphase map: 1 of 3 rows\rphase map: 2 of 3 rows\r\u001b[K';
    expect(stdout.startsWith(`${meter}cells in each regime`)).toBe(true);
    expect((await toy(`${small} --csv`, { isTerminal: true })).stdout).not.toContain(meter);
  });
});

it('judges the claims', async () => {
  const { code, stdout } = await toy('--claims');
  expect(code).toBe(0);
  expect(stdout).toContain('  T-01     holds  9620\n');
  expect(stdout).toContain('claims of the toy model: 13 hold, 0 fail (docs/toy.md)\n');
  expect((await toy('--claims --json')).stdout).toMatch(/^{"kind":"toyClaims","verdicts":\[{"id":"T-01",/);
});

describe('what is wrong is said in one line', () => {
  it.each([
    ['--mu1 -.1', '--mu1: expected a number >= 0; got "-.1"'],
    ['--mu2 x', '--mu2: expected a number >= 0; got "x"'],
    ['--mu1 1e999', '--mu1: expected a number >= 0; got "1e999"'],
    ['--mu1 .1..2', '--mu1: a range is an axis of --map; give --map too, or one number'],
    [
      '--alpha 2..1',
      '--alpha: expected a range of numbers > 0, the smaller first, like .001..10; got "2..1"',
    ],
    ['--rate 0', '--rate: expected a number > 0; got "0"'],
    ['--seed 5..2', '--seed: expected seeds like 7, 0..11 or 0,4,7; got "5..2"'],
    ['--seed 0..10000', '--seed: expected at most 10,000 seeds; got "0..10000"'],
    ['--seed 1,0..3', '--seed: expected each seed once; got "1,0..3"'],
    ['--seed seven', '--seed: expected an integer from 0 to 4294967295; got "seven"'],
    [
      '--dims 20,20,160',
      '--dims: expected four integers >= 1 for a, b, c and d, like 20,20,20,160; got "20,20,160"',
    ],
    [
      '--dims 20,20,0,160',
      '--dims: expected four integers >= 1 for a, b, c and d, like 20,20,20,160; got "20,20,0,160"',
    ],
    ['--clamp b:', '--clamp: expected vectors like b,c:5 (b, and the first 5 entries of c); got "b:"'],
    ['--clamp b,b:2', '--clamp: expected each vector once; got "b,b:2"'],
    ['--clamp query', 'clamp.query: unknown vector "query"; the model has a, b, c, d'],
    ['--clamp c:21', 'clamp.c: expected an integer from 0 to its 20 entries; got 21'],
    ['--steps 0', '--steps: expected an integer from 1 to 1000000; got "0"'],
    ['--map --cells 1', '--cells: expected an integer from 2 to 200; got "1"'],
    ['--cells 5', '--cells: goes with --map; give that too'],
    ['--map --mu1 .1', '--mu1: an axis of the map; give a range like .001..10, or leave it out'],
    ['--map --clamp b', '--clamp: a map has no clamped vectors; leave it out'],
    ['--map --csv --every 5', '--every: a map has one row for each cell; leave it out'],
    ['--map --seed 0..60', '--map: draws at most 60 panels; got 183, so take fewer seeds'],
    ['--every 5', '--every: says how many steps lie between rows of --csv; give --csv too'],
    ['--csv --json', '--csv, --json: both write to stdout; keep one of the two'],
    ['--claims --alpha .2', "--alpha: the claims are judged on the paper's own runs; leave it out"],
    ['--claims --figure x.svg', '--figure: claims are told as text or --json; leave it out'],
    ['--figure plot', '--figure: expected a file that ends in .svg or .png; got "plot"'],
    ['--sed 3', '--sed: unknown flag; did you mean "--seed"? (iclab toy --help lists them)'],
  ])('%s', async (words, message) => {
    const { code, stdout, stderr } = await toy(words);
    expect(stderr).toBe(`iclab: ${message}\n`);
    expect([code, stdout.replace(/^{"kind":"end".*\n$/, '')]).toEqual([64, '']);
  });

  it('names the seed and the step of a rate that diverges', async () => {
    const { code, stderr } = await toy('--rate 500 --seed 3');
    expect(code).toBe(70);
    expect(stderr).toMatch(
      /^iclab: rate 500, seed 3: diverges, the loss is no finite number at step \d+; take a smaller rate\n$/,
    );
    expect((await toy('--rate 500 --json')).stdout).toMatch(
      /^{"kind":"end","outcome":"failed","exitCode":70,/,
    );
  });
});
