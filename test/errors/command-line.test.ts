/** What the command line says to words it cannot take: whole lines, and nothing on stdout. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/testing.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'errors-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('words that mean nothing', () => {
  test('instead of a command', async () => {
    const { code, stdout, stderr } = await runCommandLine(['repoduce']);
    const [, list] = /\(commands: (.*)\)\n$/.exec(stderr) ?? [];
    expect(list).toContain('reproduce');
    expect({ code, stdout, stderr }).toEqual({
      code: 64,
      stdout: '',
      stderr: `iclab: "repoduce": unknown command; did you mean "reproduce"? (commands: ${list})\n`,
    });
  });

  test.each<[words: string[], line: string]>([
    [['--halp'], '--halp: unknown flag; did you mean "--help"? (iclab --help lists them)'],
    [['--zzzzzzzzzzzz'], '--zzzzzzzzzzzz: unknown flag (iclab --help lists them)'],
    [['sites', '--jsno'], '--jsno: unknown flag; did you mean "--json"? (iclab sites --help lists them)'],
    // Names that every object has.
    [['--constructor'], '--constructor: unknown flag (iclab --help lists them)'],
    [['sites', '--to-string'], '--to-string: unknown flag (iclab sites --help lists them)'],
    [['sites', '--no-valueOf'], '--no-valueOf: unknown flag (iclab sites --help lists them)'],
    [['sites', '--hasOwnProperty=1'], '--hasOwnProperty: unknown flag (iclab sites --help lists them)'],
    [['sites', '-q'], '-q: unknown flag (iclab sites --help lists them)'],
    [['sites', '--zzzzzzzzzzzz'], '--zzzzzzzzzzzz: unknown flag (iclab sites --help lists them)'],
    [['train', '--seed', '1', '--seed', '2'], '--seed: given twice; keep one'],
    [['train', '--seed'], '--seed: a value is missing after it'],
    [['train', '--seed', '-1x'], '--seed: expected an integer from 0 to 4294967295; got "-1x"'],
    [['train', '--out', ' '], '--out: expected a folder; got " "'],
    [['sequences', '--count', '0'], '--count: expected an integer from 1 to 1000; got "0"'],
    [['verify', 'a', 'b'], '"b": one word too many (at most 1 here)'],
    [
      ['reproduce', '--scale', 'quik'],
      '--scale: expected one of smoke, quick, paper; got "quik"; did you mean "quick"?',
    ],
    [['reproduce', 'quick'], '"quick": a scale, not a figure; did you mean --scale quick?'],
    [['sites', 'smoke', 'quick'], '"quick": one preset or file only, and first; then settings as key=value'],
    [
      ['export', 'x', '--csv', '--out', 'a.parquet'],
      '--out "a.parquet": ends in .parquet, but --csv was given; change one of the two',
    ],
    [['export', 'x', '--parquet', '--out', '-'], '--out -: Parquet is no text; give --out a file, or --csv'],
    [['export', 'x', '--out', ' '], '--out: expected a file, or - for stdout; got " "'],
    [['clean', '--whole'], '--whole: removes runs entirely, so name them: iclab clean --whole RUN...'],
  ])('%j', async (words, line) => {
    expect(await runCommandLine(words)).toEqual({ code: 64, stdout: '', stderr: `iclab: ${line}\n` });
  });
});

test('a golden file that never ends is no golden file', async () => {
  writeFileSync(join(folder, 'endless.safetensors'), '');
  truncateSync(join(folder, 'endless.safetensors'), 2 ** 26 + 1);
  const { code, stdout } = await runCommandLine(['verify', join(folder, 'endless.safetensors')]);
  expect(code).toBe(65);
  expect(stdout).toContain(
    'endless.safetensors: failed: more than the 67108864 bytes a golden file may have',
  );
});

describe('a config that cannot be read', () => {
  test.each<[what: string, bytes: Uint8Array | string, problem: string]>([
    ['of no text', Uint8Array.of(0xff, 0xfe, 0), 'not a text file in UTF-8; a config is YAML or JSON'],
    ['that is too long', '#'.repeat(2 ** 20 + 1), 'more than the 1048576 bytes a config may have'],
  ])('%s', async (_what, bytes, problem) => {
    const path = join(folder, 'config.yaml');
    writeFileSync(path, bytes);
    expect(await runCommandLine(['train', path])).toEqual({
      code: 64,
      stdout: '',
      stderr: `iclab: ${path}: ${problem}\n`,
    });
  });
});
