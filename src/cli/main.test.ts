import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { presets } from '../runs/presets/index.ts';
import { runCommandLine } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const golden = fileURLToPath(new URL('../../test/golden', import.meta.url));
const at = (name: string) => join(folder, name);

const run = (...words: string[]) => runCommandLine(words);

/** Overrides that make a run of the smallest size. */
const tiny = ['train.trainSequences=96', 'evaluate.sequencesPerEvaluator=8', 'evaluate.everySequences=64'];

describe('mistakes on the command line end with exit code 64 and one line', () => {
  test.each<[string[], string]>([
    [['tran'], 'iclab: "tran": unknown command; did you mean "train"? (commands: train, reproduce, '],
    [
      ['train', 'smok'],
      'iclab: "smok": neither a preset nor a file; did you mean "smoke"? (presets: paper, quick, smoke',
    ],
    [
      ['train', '--hlep'],
      'iclab: --hlep: unknown flag; did you mean "--help"? (iclab train --help lists them)',
    ],
    [['train', '--dryrun'], 'iclab: --dryrun: unknown flag; did you mean "--dry-run"?'],
    [['sites', '--count', '3'], 'iclab: --count: unknown flag (iclab sites --help lists them)'],
    [['--verison'], 'iclab: --verison: unknown flag; did you mean "--version"? (iclab --help lists them)'],
    [['help'], 'iclab: "help": unknown command; did you mean "iclab --help"?'],
    [['version'], 'iclab: "version": unknown command; did you mean "iclab --version"?'],
    [['train', '--seed', '1', '--seed', '2'], 'iclab: --seed: given twice; keep one'],
    [['train', '--out', ''], 'iclab: --out: expected a folder; got ""'],
    [['reproduce', 'smoke'], 'iclab: "smoke": a scale, not a figure; did you mean --scale smoke?'],
    [['train', 'smoke', 'model.depth'], 'iclab: "model.depth": expected key=value'],
    [['train', 'model.depth=1', 'smoke'], 'iclab: "smoke": presets and files come first'],
    [['sites', 'smoke', 'quick'], 'iclab: "quick": one preset or file only, and first'],
    [
      ['train', 'smoke', '--dry-run', 'model.depth=64', 'model.dModel=4096'],
      'iclab: model.dModel = 4096, model.depth = 64, train.batchSize = 32: the engine would need about',
    ],
    [
      ['train', 'smoke', 'train.batchSize=65536', 'model.dModel=1024', '--out', at('huge')],
      'iclab: model.dModel = 1024, model.depth = 2, train.batchSize = 65536: the engine would need about',
    ],
    [
      ['train', 'smoke', '--dry-run', 'data.source.classes=4', 'data.contextPairs=8', 'data.burstiness=3'],
      'iclab: data.classes: evaluator CIWL cannot be drawn',
    ],
    [['train', '--sed', '3'], 'iclab: --sed: unknown flag; did you mean "--seed"?'],
    [['train', '-x'], 'iclab: -x: unknown flag'],
    [['train', '--seed', '1.5'], 'iclab: --seed: expected an integer from 0 to 4294967295; got "1.5"'],
    [
      ['train', '--seed', '4294967296'],
      'iclab: --seed: expected an integer from 0 to 4294967295; got "4294967296"',
    ],
    [['train', '--out'], 'iclab: --out: a value is missing after it'],
    [['train', 'smoke', '--seed', '3', 'seeds.init=4'], 'iclab: seeds.init: set twice on the command line'],
    [
      ['train', 'smoke', 'train.optimzer.rate=1'],
      'iclab: train.optimzer: unknown key; did you mean "optimizer"?',
    ],
    [
      ['train', 'smoke', 'data.burstiness=2'],
      'iclab: data.burstiness: 2 * burstiness must fit in contextPairs = 2',
    ],
    [['train', 'smoke', 'model.heads=5'], 'iclab: model.heads: must divide model.dModel = 32; got 5'],
    [['train', 'smoke', 'data.labels=65'], 'iclab: data.labels: more labels than classes'],
    [['train', folder], `iclab: ${folder}: a directory; expected a preset or a config file`],
    [
      ['reproduce', 'fig1c'],
      'iclab: "fig1c": unknown figure; did you mean "fig1b"? (figures: fig1b, fig2a, fig2b, fig3a, fig3b, fig3c, fig12, fig13, fig14, fig15, sec4, appc1; all)',
    ],
    [
      ['reproduce', '--scale', 'qick'],
      'iclab: --scale: expected one of smoke, quick, paper; got "qick"; did you mean "quick"?',
    ],
    [['train', '--threads', '65'], 'iclab: --threads: expected an integer from 1 to 64; got "65"'],
    [['sequences', '--count', '0'], 'iclab: --count: expected an integer from 1 to 1000; got "0"'],
    [['presets', 'papr'], 'iclab: "papr": neither a preset nor a file; did you mean "paper"?'],
    [['verify', 'a', 'b'], 'iclab: "b": one word too many (at most 1 here)'],
    [['verify', ''], 'iclab: "": no such file or folder'],
    [['runs', ''], 'iclab: "": no such folder'],
    [['verify', '/nowhere/at/all'], 'iclab: "/nowhere/at/all": no such file or folder'],
    [['verify', folder], `iclab: ${folder}: no .safetensors file in it`],
    [['train', '\u001b[2J'], 'iclab: "\\u{1b}[2J": neither a preset nor a file'],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await run(...words);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([64, '']);
  });

  test('also those in a file, with line and column', async () => {
    writeFileSync(at('bad.yaml'), 'train:\n  batchSize: 32\n  optimzer:\n    rate: 1e-5\n');
    const { code, stderr } = await run('train', at('bad.yaml'));
    expect(stderr).toContain(
      `iclab: ${at('bad.yaml')}:3:3: train.optimzer: unknown key; did you mean "optimizer"?`,
    );
    expect(code).toBe(64);
  });

  test('and files that are no text, or too long', async () => {
    writeFileSync(at('binary.yaml'), new Uint8Array([0xff, 0xfe, 0x00]));
    expect((await run('train', at('binary.yaml'))).stderr).toContain('not a text file in UTF-8');
    writeFileSync(at('long.yaml'), '#'.repeat(2 ** 20 + 1));
    expect((await run('train', at('long.yaml'))).stderr).toContain(
      'more than the 1048576 bytes a config may have',
    );
  });
});

describe('help', () => {
  test('of the program names every command, exit codes and examples', async () => {
    for (const words of [[], ['--help'], ['-h']]) {
      const { code, stdout } = await run(...words);
      expect(code).toBe(0);
      for (const part of [
        'train',
        'reproduce',
        'verify',
        'sequences',
        'sites',
        'presets',
        'EXAMPLES',
        '75 stopped',
      ]) {
        expect(stdout).toContain(part);
      }
    }
  });

  test.each(['train', 'reproduce', 'verify', 'sequences', 'sites', 'presets'])(
    'of %s has examples',
    async (command) => {
      const { code, stdout, stderr } = await run(command, '--help');
      expect(stdout).toMatch(new RegExp(`EXAMPLES\n  iclab ${command}`));
      expect([code, stderr]).toEqual([0, '']);
    },
  );

  test('and the version', async () => {
    const { code, stdout } = await run('--version');
    expect(stdout).toMatch(/^\d+\.\d+\.\d+( \(commit [0-9a-f]{8}(, with changes)?\))?\n$/);
    expect(code).toBe(0);
  });
});

describe('presets', () => {
  test('are listed with what they are and cost', async () => {
    const { stdout } = await run('presets');
    for (const { name, description, cost } of presets) {
      expect(stdout).toContain(`${name.padEnd(5)}  ${description}\n       ${cost}\n`);
    }
  });

  test.each(presets)('in full are a file that can be trained: $name', async ({ name }) => {
    writeFileSync(at('mine.yaml'), (await run('presets', name)).stdout);
    const { code, stderr } = await run('train', at('mine.yaml'), '--dry-run', '--out', at('mine'));
    expect([code, stderr]).toEqual([0, '']);
  });

  test('as JSON have every setting', async () => {
    const [paper] = JSON.parse((await run('presets', 'paper', '--json')).stdout) as [{ config: object }];
    expect(paper.config).toMatchObject({ train: { optimizer: { kind: 'adam', rate: 1e-5, epsilon: 1e-8 } } });
  });
});

test('sites are those of the model asked for', async () => {
  const { stdout } = await run('sites', 'model.depth=1', 'model.mlpRatio=4');
  expect(stdout).toMatch(/^blocks\.0\.attention\.pattern +batch, heads, tokens, tokens +\[32, 8, 5, 5\] /m);
  expect(stdout).toMatch(/^blocks\.0\.mlp\.post /m);
  expect(stdout).not.toContain('blocks.1.');
  const sites = JSON.parse((await run('sites', '--json')).stdout) as { name: string; sizes: number[] }[];
  expect(sites.at(-1)).toMatchObject({ name: 'logits', sizes: [32, 12800] });
});

test('sequences are shown of the training data, every distribution and every evaluator', async () => {
  const { stdout } = await run('sequences', 'smoke', '--count', '2');
  for (const title of ['training data:', 'CIWL-only (distribution)', 'Flip (evaluator)', 'IWL (evaluator)']) {
    expect(stdout).toContain(title);
  }
  const groups = JSON.parse((await run('sequences', 'smoke', '--json', '--count', '2')).stdout) as {
    sequences: unknown[];
  }[];
  expect(groups.every(({ sequences }) => sequences.length === 2)).toBe(true);
});

describe('train', () => {
  test('leaves a finished run, says so, and has nothing to do the second time', async () => {
    const first = await run('train', 'smoke', ...tiny, '--out', at('run'), '--seed', '7');
    expect(first.stdout).toContain(`run in ${at('run')}: 96 sequences\n`);
    expect(first.stdout).toMatch(new RegExp(`finished 96 sequences in 0:0\\d: ${at('run')}\n$`));
    const record = JSON.parse(readFileSync(at('run/run.json'), 'utf8')) as object;
    expect(record).toMatchObject({
      command: ['iclab', 'train', 'smoke', ...tiny, '--out', at('run'), '--seed', '7'],
      seeds: { init: 7, train: 7, source: 7, eval: 1 },
      source: 'synthetic(alpha 2, sigma 0.8, offset 0, scale 0.6, seed 7)',
      engine: { name: 'wasm', threads: 1 },
    });
    const again = await run('train', 'smoke', ...tiny, '--out', at('run'), '--seed', '7');
    expect(again.stdout).toBe(`already finished, after 96 sequences: ${at('run')}\n`);
    expect([first.code, again.code, first.stderr, again.stderr]).toEqual([0, 0, '', '']);
  });

  test('refuses another config in a folder that has one', async () => {
    await run('train', 'smoke', ...tiny, '--out', at('taken'));
    const { code, stderr } = await run('train', 'smoke', ...tiny, '--out', at('taken'), 'model.depth=1');
    expect(stderr).toBe(
      `iclab: ${at('taken')}: holds a run of another config: model.depth is 2 there, 1 here; ` +
        'give another --out, or the same settings to go on\n',
    );
    expect(code).toBe(64);
  });

  test('ends with 73 where it cannot write', async () => {
    writeFileSync(at('file'), '');
    const { code, stderr } = await run('train', 'smoke', ...tiny, '--out', at('file/run'));
    expect(stderr).toMatch(/^iclab: .*: cannot write: a part of the path is a file \(ENOTDIR\); .*\n$/);
    expect(code).toBe(73);
  });

  test('ends with 70, naming the step, where numbers are no longer finite', async () => {
    const { code, stderr } = await run(
      'train',
      'smoke',
      ...tiny,
      'train.optimizer.rate=1e38',
      '--out',
      at('nan'),
    );
    expect(stderr).toMatch(/^iclab: train: step \d+ \(sequence \d+\): .* (NaN|-?Infinity)\b.*; .*\n$/);
    expect(code).toBe(70);
  });

  test('tells a program in JSON', async () => {
    const { stdout } = await run('train', 'smoke', ...tiny, '--json', '--out', at('json'));
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    expect(events[0]).toMatchObject({ kind: 'started', sequences: 0, trainSequences: 96 });
    expect(events.at(-1)).toEqual({
      kind: 'end',
      outcome: 'finished',
      folder: at('json'),
      sequences: 96,
      step: 3,
    });
  });

  test('tells a program of a failure last', async () => {
    const config = await run('train', 'smoke', 'model.heads=5', '--json');
    expect(JSON.parse(config.stdout)).toEqual({
      kind: 'end',
      outcome: 'failed',
      exitCode: 64,
      message: 'model.heads: must divide model.dModel = 32; got 5 (override)',
    });
    const run70 = await run(
      'train',
      'smoke',
      ...tiny,
      'train.optimizer.rate=1e38',
      '--json',
      '--out',
      at('nan'),
    );
    const last: unknown = JSON.parse(run70.stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ kind: 'end', outcome: 'failed', exitCode: 70 });
    expect(run70.stderr).toContain('in another --out');
  });

  test('--dry-run ends with 73 where the folder could not be made', async () => {
    writeFileSync(at('file'), '');
    const { code, stderr } = await run('train', 'smoke', '--dry-run', '--out', at('file/run'));
    expect(stderr).toMatch(/^iclab: .*: cannot write: a part of the path is a file \(ENOTDIR\); .*\n$/);
    expect(code).toBe(73);
  });

  test('--dry-run tells the plan, writes nothing, and knows what is there', async () => {
    const { code, stdout } = await run('train', 'smoke', '--dry-run', '--out', at('dry'));
    expect(stdout).toContain(`${at('dry')} (would start there)`);
    expect(stdout).toMatch(/^model +14,624 parameters, 64 labels, 5 tokens$/m);
    expect(stdout).toMatch(/^training +32,000 sequences in 1,000 steps$/m);
    expect(code).toBe(0);
    expect(readdirSync(folder)).not.toContain('dry');
    await run('train', 'smoke', ...tiny, '--out', at('dry'));
    const there = await run('train', 'smoke', ...tiny, '--dry-run', '--out', at('dry'));
    expect(there.stdout).toContain('(finished there already)');
    const longer = [
      'train',
      'smoke',
      ...tiny.slice(1),
      'train.trainSequences=320',
      '--dry-run',
      '--out',
      at('dry'),
    ];
    expect((await run(...longer)).stdout).toContain('(would go on from 96 sequences)');
    expect((await run(...longer, 'seeds.eval=3')).code).toBe(64);
  });

  test('--dry-run as JSON has the plan and every setting', async () => {
    const { stdout } = await run('train', 'smoke', '--dry-run', '--json', '--out', at('dry-json'));
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'new',
      plan: { parameters: 14_624, steps: 1000 },
      config: { train: { batchSize: 32 } },
    });
  });
});

describe('reproduce', () => {
  test('leaves figure, data, report and run, and judges no claim on a run of seconds', async () => {
    const { code, stdout, stderr } = await run(
      'reproduce',
      'fig1b',
      '--scale',
      'smoke',
      ...tiny,
      '--out',
      at('fig1b'),
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('claims of fig1b: 0 hold, 0 fail, 11 not applicable (features: synthetic(');
    expect(readdirSync(at('fig1b'))).toEqual(['fig1b.csv', 'fig1b.png', 'fig1b.svg', 'report.html', 'run']);
    expect(stdout).toContain(`${at('fig1b')}/report.html\n`);
    expect(readFileSync(at('fig1b/report.html'), 'utf8')).toContain('iclab reproduce fig1b --scale smoke');
    expect(code).toBe(0);
  });

  test('--dry-run says where the run would be', async () => {
    const plain = await run('reproduce', '--scale', 'smoke', '--dry-run');
    expect(plain.stdout).toContain('folder       reproduction/fig1b-smoke/run (would start there)');
    const changed = await run('reproduce', '--scale', 'smoke', '--dry-run', '--seed', '102');
    expect(changed.stdout).toMatch(/^folder +reproduction\/fig1b-smoke-[0-9a-f]{12}\/run /);
  });
});

describe('verify', () => {
  test('prints which engine ran and the largest error of each group', async () => {
    const { code, stdout } = await run('verify', join(golden, 'rope-no-norm.safetensors'));
    expect(stdout).toContain('rope-no-norm.safetensors: engine wasm float32\n');
    expect(stdout).toMatch(/^ {2}ok +gradients +\d+ +\d\.\de-\d+ +2\.0e-5 +\S+\[\d+\]$/m);
    expect(stdout).toContain('\n1 within tolerance\n');
    expect(code).toBe(0);
  });

  test('ends with 1 where a file is above tolerance', async () => {
    const bytes = readFileSync(join(golden, 'jax-init-seed5.safetensors'));
    bytes[bytes.length - 2] ^= 0x10;
    writeFileSync(at('changed.safetensors'), bytes);
    const { code, stdout } = await run('verify', at('changed.safetensors'));
    expect(stdout).toMatch(/^ {2}FAILED /m);
    expect(stdout).toContain('\n0 within tolerance, 1 above\n');
    expect(code).toBe(1);
  });

  test('goes past a damaged file, says what is wrong with it, and ends with 65', async () => {
    mkdirSync(at('some'));
    const whole = readFileSync(join(golden, 'rope-no-norm.safetensors'));
    writeFileSync(at('some/cut.safetensors'), whole.subarray(0, 5000));
    mkdirSync(at('some/folder.safetensors'));
    writeFileSync(at('some/whole.safetensors'), whole);
    const { code, stdout, stderr } = await run('verify', at('some'));
    expect(stdout).toMatch(/^\S+cut\.safetensors: failed: (?!\/).+$/m);
    expect(stdout).toMatch(/^\S+folder\.safetensors: failed: cannot be read: .+ \(EISDIR\)$/m);
    expect(stdout).toContain('\n1 within tolerance, 2 unreadable or damaged\n');
    expect([code, stderr]).toEqual([65, '']);
    const json = await run('verify', at('some'), '--json');
    expect((JSON.parse(json.stdout) as { status: string }[]).map(({ status }) => status)).toEqual([
      'failed',
      'failed',
      'checked',
    ]);
    expect(json.code).toBe(65);
  });

  test('covers interventions', async () => {
    const { code, stdout } = await run('verify', join(golden, 'intervene-patterns.safetensors'));
    expect(stdout).toMatch(/ok {2}logits {2}17 /);
    expect(stdout).toContain('\n1 within tolerance\n');
    expect(code).toBe(0);
  });
});
