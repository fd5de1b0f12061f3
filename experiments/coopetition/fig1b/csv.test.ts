import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fig1bCsv } from './csv.ts';
import { parseTable, runInfo } from './test-tables.ts';

const table = parseTable(readFileSync(new URL('fixtures/tiny-quick.ndjson', import.meta.url), 'utf8'));

it('is as committed: every point of the run, in order, with its interval', async () => {
  const csv = fig1bCsv(table, runInfo('quick', 3_000_000));
  const [header, ...lines] = csv.trimEnd().split('\n');
  const run = lines.filter((line) => line.startsWith('run,'));
  expect(run).toHaveLength(table.length);
  await expect(`${[header, ...run].join('\n')}\n`).toMatchFileSnapshot('fixtures/tiny-quick.csv');
});

it("has the paper's points too, without an interval", () => {
  const paper = fig1bCsv([], runInfo('quick', 3_000_000))
    .trimEnd()
    .split('\n')
    .filter((line) => line.startsWith('paper,'));
  expect(paper.length).toBeGreaterThan(1000);
  expect(paper[0]).toMatch(
    /^paper,train,inContextAccuracy,\d+,0\.\d+,,,,"arXiv 2503\.05631, figure 1b, digitised"$/,
  );
});

it('cannot be made a formula by a description', () => {
  const csv = fig1bCsv(table, runInfo('quick', 3_000_000, { source: '=HYPERLINK("x")' }));
  expect(csv).toContain(`,"'=HYPERLINK(""x"")"\n`);
  expect(csv).not.toMatch(/(^|,)=/m);
});
