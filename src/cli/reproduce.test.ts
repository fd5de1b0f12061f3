import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCommandLine } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-reproduce-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a run that was made longer is reported as it is, by the plain command too', async () => {
  const out = join(folder, 'fig1b');
  const words = ['evaluate.sequencesPerEvaluator=8', 'evaluate.everySequences=64', '--out', out];
  const make = (sequences: number) =>
    runCommandLine(['reproduce', '--scale', 'smoke', `train.trainSequences=${sequences}`, ...words]);
  await make(64);
  await make(128);
  const plain = await make(64);
  expect(plain.stdout).toContain(`already further, finished at 128 sequences (64 asked for): ${out}/run\n`);
  expect([plain.code, plain.stderr]).toEqual([0, '']);
  const page = readFileSync(`${out}/report.html`, 'utf8');
  expect(page).toContain('train.trainSequences=128');
  expect(page).not.toContain('train.trainSequences=64');
});
