import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ClaimVerdict } from '../../experiments/coopetition/claims/claim.ts';
import { verdictTable } from './reproduce.ts';
import { runCommandLine } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-reproduce-'));
afterAll(() => rmSync(folder, { recursive: true }));

const claim = (id: string, changes: Partial<ClaimVerdict>) =>
  ({
    id,
    where: 'figure 1b',
    what: `what ${id} says`,
    how: '',
    paper: '',
    passRule: '',
    measured: '',
    verdict: 'not applicable',
    why: 'the run is too short',
    source: 'synthetic',
    scale: 'smoke',
    ...changes,
  }) as ClaimVerdict;

test('claims are listed with what was measured; reasons that are the same stand once', () => {
  const table = verdictTable([
    claim('rise', { verdict: 'holds', measured: '.91 at 1M' }),
    claim('fall', {}),
    claim('flip', { why: 'needs\nCIWL' }),
    claim('end', {}),
    claim('peak', { verdict: 'fails' }),
  ]);
  expect(table).toBe(
    '  rise  holds  .91 at 1M\n' +
      '  peak  fails  what peak says\n' +
      '  not applicable: fall, end: the run is too short\n' +
      '  not applicable: flip: needs CIWL\n',
  );
});

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
