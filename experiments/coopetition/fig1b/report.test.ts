import { readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { paperMoments } from './fig1b-moments.ts';
import { writeFig1bReport } from './report.ts';
import { ciwlOnlyKnots, madeUpRun, paperAsRun, parseTable, runInfo, transientKnots } from './test-tables.ts';

const fixture = (name: string) =>
  parseTable(readFileSync(new URL(`fixtures/${name}.ndjson`, import.meta.url), 'utf8'));

function parse(html: string): Document {
  return (parseHTML(html) as unknown as { document: Document }).document;
}

/** The page without what has tests of its own: style sheet and figures. */
const skeleton = (html: string): string =>
  html.replace(/<style>.*?<\/style>/s, '<style/>').replace(/<svg .*?\n<\/svg>(?=<\/div>)/gs, '<svg/>');

describe('the page', () => {
  it('is as committed, apart from figures and style sheet', async () => {
    const { html } = writeFig1bReport(fixture('tiny-quick'), runInfo('quick', 3_000_000));
    await expect(skeleton(html)).toMatchFileSnapshot('fixtures/tiny-quick.html');
  });

  const { html, verdicts } = writeFig1bReport(madeUpRun(ciwlOnlyKnots, 3e6, 1e5), runInfo('quick', 3e6));
  const page = parse(html);

  it('asks the network for nothing', () => {
    expect(html).not.toMatch(/(?:src|href)=|url\(|@import|<script|<link|<iframe|<img/);
    // The one address is the name of the SVG language, which nobody fetches.
    expect(html.match(/https?:\/\/[^"\s<]*/g)).toEqual([
      'http://www.w3.org/2000/svg',
      'http://www.w3.org/2000/svg',
    ]);
    expect(html).toContain(`default-src 'none'`);
  });

  it('shows a failing claim by word, symbol and colour, and counts it at the top', () => {
    const row = page.querySelector('#F1b-03');
    expect(row?.querySelector('.verdict.fails')?.textContent).toBe('✗ fails');
    const fails = verdicts.filter((claim) => claim.verdict === 'fails').length;
    expect(page.querySelector('p.summary .fails')?.textContent).toBe(`✗ ${fails} fail`);
  });

  it('names the features beside every verdict, and none where there is no verdict', () => {
    const { source } = runInfo('quick', 3e6);
    for (const claim of verdicts) {
      const cell = page.querySelector(`#${claim.id} td:last-child`)?.textContent ?? '';
      expect(cell.includes(`on ${source}`)).toBe(claim.verdict !== 'not applicable');
    }
  });

  it('shows no red mark where nothing fails', () => {
    const good = writeFig1bReport(madeUpRun(transientKnots, 3e6, 1e5), runInfo('quick', 3e6));
    expect(parse(good.html).querySelectorAll('.fails').length).toBe(0);
  });

  it('holds the figure twice, for wide and narrow screens, with ids that differ', () => {
    const ids = [...page.querySelectorAll('[id]')].map((element) => element.id);
    expect(page.querySelectorAll('.figure > div > svg').length).toBe(2);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('states command, seeds, engine, code and configuration, and explains the evaluators', () => {
    const text = page.body.textContent ?? '';
    const info = runInfo('quick', 3e6);
    for (const shown of [
      info.command,
      '0123456789abcdef',
      'Engine: threads',
      'Seeds: init 101',
      info.config,
    ]) {
      expect(text).toContain(shown);
    }
    for (const name of ['ICL, in-context learning', 'CIWL, context-constrained', 'IWL, in-weights', 'Flip']) {
      expect(text).toContain(name);
    }
  });
});

describe('what the page says of the paper', () => {
  const { html } = writeFig1bReport(madeUpRun(transientKnots, 3e6, 1e5), runInfo('quick', 3e6));
  const page = parse(html);

  it('compares moment 4 at the same level of CIWL, and states the level the paper marks', () => {
    const row = [...page.querySelectorAll('tr')].find((tr) =>
      tr.textContent?.includes('4 CIWL first reaches .90'),
    );
    expect(row?.querySelector('[data-label="The paper"]')?.textContent).toBe(
      "10.6M (53% of the run, CIWL .90); the paper's own moment 4 is CIWL .95, 14.7M (74%)",
    );
    const paper = writeFig1bReport(paperAsRun(), runInfo('paper', 2e7));
    expect(paper.html).not.toContain('own moment 4');
  });

  it('says by how much at most its two sources of times differ', () => {
    const { moments } = paperMoments();
    const noted = { 1: 3.29e6, 2: 4.28e6, 3: 6.28e6 } as const;
    for (const number of [1, 2, 3] as const)
      expect(Math.abs((moments[number]?.sequences ?? 0) - noted[number])).toBeLessThanOrEqual(40_000);
    expect(html).toContain('the two differ by up to 40k sequences');
  });

  it('gives for every claim the rule and, where it is judged, why the rule has its numbers', () => {
    for (const id of ['F1b-01', 'F1b-08'])
      expect(page.querySelector(`#${id} [data-label="Holds if"] small`)?.textContent).toMatch(
        /standard errors/,
      );
    expect(page.querySelector('#F1b-02 [data-label="Holds if"]')?.textContent).toBe(
      'at paper scale: Flip rises through .5 between 2M and 6M, and from .5 to .6 in less than 600k',
    );
    expect(skeleton(html)).not.toMatch(/docs\/|\.md\b|ckpt|D-01|\de\d/);
  });

  it('names the rows of the run for what they are, each once', () => {
    const names = [...page.querySelectorAll('.facts th')].map((th) => th.textContent);
    expect(names).toEqual([
      'Run',
      'Command',
      'Scale',
      'Run began',
      'Engine: name',
      'Engine: simd',
      'Engine: threads',
      'Node.js',
      'Machine',
      'Code: version',
      'Code: commit',
    ]);
  });
});

it('shows hostile text as text everywhere', () => {
  const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e'&`;
  const { html, svg, csv } = writeFig1bReport(
    madeUpRun(transientKnots, 3e6, 1e5),
    runInfo('quick', 3e6, {
      source: evil,
      command: evil,
      config: evil,
      begun: evil,
      engine: { [evil]: evil },
      machine: { [evil]: evil },
      code: { [evil]: evil },
      seeds: { [evil]: 1 },
    }),
  );
  for (const written of [html, svg]) expect(written).not.toMatch(/<script|<img|\u202e/);
  expect(parse(html).querySelectorAll('script, img, [onerror]').length).toBe(0);
  expect(csv).not.toContain('\u202e');
});

it('gives verdicts and moments as data as well', () => {
  const { verdicts, moments } = writeFig1bReport(madeUpRun(transientKnots, 3e6, 1e5), runInfo('quick', 3e6));
  expect(verdicts).toHaveLength(11);
  expect(Object.keys(moments)).toEqual(['1', '2', '3', '4']);
});

it('is written for a table without evaluations too', () => {
  const { html, verdicts } = writeFig1bReport([], runInfo('quick', 3e6));
  expect(html).toContain('no evaluation yet');
  expect(new Set(verdicts.map((claim) => claim.verdict))).toEqual(new Set(['not applicable']));
});
