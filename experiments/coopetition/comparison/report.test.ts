import { readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { parseTable } from '../fig1b/test-tables.ts';
import { writeComparison } from './report.ts';
import { comparedRun } from './test-runs.ts';

const fixture = (name: string) =>
  parseTable(readFileSync(new URL(`fixtures/${name}.ndjson`, import.meta.url), 'utf8'));

const runs = [
  comparedRun('seed-1', 1, fixture('seed-1')),
  comparedRun('seed-2', 2, fixture('seed-2')),
  comparedRun('less-noise', 1, fixture('ciwl-only'), ['data.source.sigma=0.3'], {
    standing: 'running, at 3M of 6M sequences (50%)',
  }),
];

function parse(html: string): Document {
  return (parseHTML(html) as unknown as { document: Document }).document;
}

/** The page without what has tests of its own: style sheet and figures. */
const skeleton = (html: string): string =>
  html.replace(/<style>.*?<\/style>/s, '<style/>').replace(/<svg .*?\n<\/svg>(?=<\/div>)/gs, '<svg/>');

describe('the page', () => {
  const { html } = writeComparison(runs);
  const page = parse(html);

  it('is as committed, apart from figures and style sheet', async () => {
    await expect(skeleton(html)).toMatchFileSnapshot('fixtures/mixed.html');
  });

  it('asks the network for nothing', () => {
    expect(html).not.toMatch(/(?:src|href)=|url\(|@import|<script|<link|<iframe|<img/);
    expect(html).toContain(`default-src 'none'`);
  });

  it('has every run with its seeds and state, and the command that made it', () => {
    const rows = [...page.querySelectorAll('table.stacks')][0].querySelectorAll('tbody tr');
    expect([...rows].map((row) => row.querySelector('strong')?.textContent)).toEqual(
      runs.map(({ info }) => info.name),
    );
    expect(rows[2].textContent).toContain('running, at 3M of 6M sequences (50%)');
    expect(rows[1].textContent).toContain('init 2, train 2, eval 1, source 2');
    for (const { info } of runs) expect(page.body.textContent).toContain(info.command);
  });

  it('holds the figure twice, with ids that differ', () => {
    const ids = [...page.querySelectorAll('[id]')].map((element) => element.id);
    expect(page.querySelectorAll('.figure > div > svg').length).toBe(2);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows hostile text as text', () => {
    const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e'&`;
    const hostile = writeComparison([
      runs[0],
      comparedRun(evil, 2, fixture('seed-2'), [], {
        standing: evil,
        source: evil,
        command: evil,
        config: evil,
        begun: evil,
        engine: { [evil]: evil },
      }),
    ]);
    expect(parse(hostile.html).querySelectorAll('script, img, [onerror]').length).toBe(0);
    for (const written of [hostile.html, hostile.csv]) expect(written).not.toContain('\u202e');
  });
});

it('writes every point drawn as CSV: runs with their set sizes, means with their range', async () => {
  const { csv } = writeComparison(runs);
  const lines = csv.trimEnd().split('\n').slice(1);
  const records = runs.reduce((sum, { table }) => sum + table.length, 0);
  expect(lines.filter((line) => line.startsWith('run,'))).toHaveLength(records);
  // The two seeds share nine of their evaluations, of five evaluators each.
  expect(lines.filter((line) => line.startsWith('mean,'))).toHaveLength(45);
  await expect(csv).toMatchFileSnapshot('fixtures/mixed.csv');
});

it('gives groups and moments as data as well', () => {
  const { groups, moments } = writeComparison(runs);
  expect(groups.map(({ label }) => label)).toEqual(['data.source.sigma=0.8', 'data.source.sigma=0.3']);
  expect(moments.groups[0].range[1]?.reached).toBe(2);
});
