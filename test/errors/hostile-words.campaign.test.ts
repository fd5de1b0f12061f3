/**
 * Words nobody would type, at every place of the command line that takes one: whatever they are, the answer is one
 * line, short, printable, and never called a bug.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/testing.ts';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';

const started = process.cwd();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  // One deeper, so that ".." holds nothing of others.
  const here = join(folder, 'here');
  mkdirSync(join(here, 'folder'), { recursive: true });
  writeFileSync(join(here, 'file'), 'text\n');
  process.chdir(here);
});
afterAll(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true });
});

/** Where the words go. None of these trains or writes, whatever they are. */
const places: readonly ((a: string, b: string) => string[])[] = [
  (a) => [a],
  (a) => [`--${a}`],
  (a) => ['train', '--dry-run', a],
  (a, b) => ['train', '--dry-run', 'smoke', a, b],
  (a) => ['train', '--dry-run', 'smoke', `${a}=1`],
  (a) => ['train', '--dry-run', 'smoke', `data.source=${a}`],
  (a, b) => ['train', '--dry-run', 'smoke', `data.${a}=${b}`],
  (a) => ['train', '--dry-run', 'smoke', `train.optimizer.kind=${a}`],
  (a) => ['train', '--dry-run', 'smoke', '--out', a],
  (a) => ['train', '--dry-run', 'smoke', '--seed', a],
  (a) => ['train', '--dry-run', 'smoke', '--json', `model.depth=${a}`],
  (a, b) => ['train', '--dry-run', 'smoke', `--${a}`, b],
  (a) => ['reproduce', '--dry-run', a],
  (a) => ['reproduce', '--dry-run', '--scale', a],
  (a) => ['report', a],
  (a, b) => ['report', a, b],
  (a, b) => ['diff', a, b],
  (a) => ['runs', a],
  (a) => ['clean', a],
  (a) => ['verify', `${a}x`],
  (a) => ['sequences', '--count', a],
  (a) => ['sites', `model.${a}=2`],
  (a) => ['presets', a],
  (a, b) => ['export', a, b],
  (a) => ['export', 'none', '--out', a],
];

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '-',
    '--',
    '.',
    '..',
    '/',
    'file',
    'folder',
    'file/x',
    '__proto__',
    'constructor',
    'toString',
    'no-value-of',
    '\u001b[2J\u001b]0;title\u0007',
    'a\nb\r\nc\u2028d\u2029e\u0085f',
    '\u202egnp.exe\u2066',
    '\ud800',
    'null',
    '{',
    '[1, 2',
    '*a',
    '&a b',
    '!!js/function x',
    '1e999',
    '-0',
    '0x10',
    '99999999999999999999',
    'runs/../..',
    '\0',
    'x'.repeat(300),
    'x'.repeat(5000),
    'é\u0301'.repeat(9000),
    '\u0000'.repeat(3000),
    '[[['.repeat(3000),
    'a.'.repeat(4000),
  ),
);

/** C0, DEL, C1, line and paragraph separators, direction marks, lone surrogates. */
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

const longestLine = 4200;

test(
  'every answer is one line, short and printable, and never called a bug',
  async () => {
    const runs = campaignSize({ ci: 400, long: 100_000 });
    const codes = new Map<number, number>();
    let longest = 0;
    const property = fc.asyncProperty(fc.constantFrom(...places), nasty, nasty, async (place, a, b) => {
      const { code, stderr } = await runCommandLine(place(a, b));
      codes.set(code, (codes.get(code) ?? 0) + 1);
      longest = Math.max(longest, stderr.length);
      expect([0, 64, 65, 73]).toContain(code);
      expect(stderr).not.toContain('this is a bug');
      if (code === 0) return;
      expect(stderr).toMatch(/^iclab: [^\n]+\n$/);
      expect(stderr.slice(0, -1)).not.toMatch(unprintable);
      expect(stderr.length).toBeLessThanOrEqual(longestLine);
    });
    await fc.assert(property, { numRuns: runs, endOnFailure: false });
    expect(codes.get(64) ?? 0).toBeGreaterThan(runs / 2);
    tellFigures('hostile words', {
      runs,
      longest,
      ...Object.fromEntries([...codes].map(([code, count]) => [`exit ${code}`, count])),
    });
  },
  campaignTimeoutMs,
);
