import { readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../../src/report/text-width.ts';
import { evaluation, madeUpRun, parseTable, transientKnots } from '../fig1b/test-tables.ts';
import { drawComparison } from './figure.ts';
import { groupRuns } from './groups.ts';
import { seriesStyle } from './series-style.ts';
import { comparedRun } from './test-runs.ts';

const fixture = (name: string) =>
  parseTable(readFileSync(new URL(`fixtures/${name}.ndjson`, import.meta.url), 'utf8'));

function parse(svg: string): Document {
  const window: unknown = parseHTML(`<!doctype html><html><body>${svg}</body></html>`);
  return (window as { document: Document }).document;
}

const texts = (svg: string): string[] =>
  [...parse(svg).querySelectorAll('text')].map((text) => text.textContent ?? '');

const seeds = () =>
  groupRuns([comparedRun('seed-1', 1, fixture('seed-1')), comparedRun('seed-2', 2, fixture('seed-2'))]);

const mixed = () =>
  groupRuns([
    comparedRun('seed-1', 1, fixture('seed-1')),
    comparedRun('seed-2', 2, fixture('seed-2')),
    comparedRun('less-noise', 1, fixture('ciwl-only'), ['data.source.sigma=0.3'], {
      standing: 'running, at 3M of 6M sequences (50%)',
    }),
  ]);

const overlaid = () =>
  groupRuns([
    comparedRun('plain', 1, fixture('seed-1')),
    comparedRun('less-noise', 1, fixture('ciwl-only'), ['data.source.sigma=0.3']),
  ]);

describe('on tiny committed tables', () => {
  it('is as committed: a group of seeds and a run of other settings', async () => {
    await expect(`${drawComparison(mixed())}\n`).toMatchFileSnapshot('fixtures/mixed.svg');
  });

  it('is the same twice, and whatever the order of the records', () => {
    const reversed = mixed().map((group) => ({
      ...group,
      runs: group.runs.map((run) => ({ ...run, table: run.table.toReversed() })),
    }));
    expect(drawComparison(reversed)).toBe(drawComparison(mixed()));
  });
});

describe('a group of seeds', () => {
  const svg = drawComparison(seeds());

  it('has a mean, a band and a thin line per run in every panel', () => {
    const page = parse(svg);
    const { stroke } = seriesStyle(0);
    expect(page.querySelectorAll('g[fill-opacity="0.16"] path')).toHaveLength(5);
    expect(page.querySelectorAll(`g[stroke="${stroke}"][stroke-width="2.2"] > path`)).toHaveLength(5);
    expect(page.querySelectorAll(`g[stroke="${stroke}"][stroke-width="0.8"] > path`)).toHaveLength(10);
  });

  it('says exactly what the band is, and where how many runs go on', () => {
    expect(texts(svg).join(' ')).toContain(
      'Mean, smallest and largest of 2 seeds at the 9 evaluations that all 2 share, up to 2.4M sequences. ' +
        'Beyond, fewer go on, as thin lines without a mean: 1 from 2.4M to 3M.',
    );
    expect(texts(svg)[0]).toBe(
      '2 runs that differ in their seeds: which strategy the model uses as it learns',
    );
  });

  it('says that there is no mean where no evaluation is shared', () => {
    const at = (seed: number, sequences: number) =>
      comparedRun(`at-${sequences}`, seed, [evaluation('flip', sequences, 0.5)]);
    const apart = drawComparison(groupRuns([at(1, 10), at(2, 20)]));
    expect(texts(apart).join(' ')).toContain('The 2 runs share no evaluation');
    const once = drawComparison(groupRuns([at(1, 10), { ...at(2, 10), info: at(2, 11).info }]));
    expect(texts(once).join(' ')).toContain('the one evaluation that all 2 share, at 10 sequences');
    // A single measurement is no line: it is drawn as a point.
    expect(parse(once).querySelectorAll('circle')).toHaveLength(1);
  });
});

describe('runs of different settings', () => {
  it('are named at the ends of their lines, in every panel', () => {
    const all = texts(drawComparison(overlaid()));
    // Five panels of curves, one of strategies.
    for (const name of ['plain', 'less-noise']) expect(all.filter((text) => text === name)).toHaveLength(6);
    expect(all).toContain('They differ in data.source.sigma.');
  });

  it('have letters and a key where names are long', () => {
    const all = texts(drawComparison(mixed()));
    expect(all).toContain('data.source.sigma=0.8 (2 seeds)');
    expect(all.filter((text) => text === 'A')).toHaveLength(6);
    expect(all.join(' ')).toContain('A: mean, smallest and largest of 2 seeds');
    expect(all.join(' ')).toContain('Not finished when this was drawn: less-noise (running, at 3M of 6M');
  });

  it('have colour and dashes of their own, as many as can be told apart', () => {
    const styles = Array.from({ length: 24 }, (_, i) => seriesStyle(i));
    expect(new Set(styles.slice(0, 8).map(({ stroke }) => stroke)).size).toBe(8);
    expect(new Set(styles.slice(0, 8).map(({ dash }) => dash)).size).toBe(8);
    expect(new Set(styles.map(({ stroke, dash }) => `${stroke} ${dash}`)).size).toBe(24);
  });

  it('leave no label outside the figure, wide or narrow, however many they are', () => {
    const many = Array.from({ length: 24 }, (_, i) =>
      comparedRun(`run-number-${i}`, 1, madeUpRun(transientKnots, 3e6, 1e6), [`data.source.sigma=${i / 10}`]),
    );
    for (const layout of ['wide', 'narrow'] as const) {
      for (const groups of [mixed(), groupRuns(many)]) {
        const page = parse(drawComparison(groups, { layout }));
        const width = Number(page.querySelector('svg')?.getAttribute('width'));
        for (const text of page.querySelectorAll('text')) {
          const shift = /translate\(([\d.]+)/.exec(text.parentElement?.getAttribute('transform') ?? '')?.[1];
          const size = Number(text.getAttribute('font-size') ?? 13);
          const weight = text.getAttribute('font-weight') === '600' ? 600 : 400;
          if (text.getAttribute('text-anchor') !== null) continue;
          const right =
            Number(shift ?? 0) +
            Number(text.getAttribute('x')) +
            textWidth(text.textContent ?? '', size, weight);
          expect(right).toBeLessThanOrEqual(width);
        }
      }
    }
  });
});

it('gives IWL an axis of its own, where its small accuracies can be seen', () => {
  const all = texts(drawComparison(seeds()));
  expect(all).toContain('accuracy over all labels');
  expect(all).toEqual(expect.arrayContaining(['.01', '.02']));
});

it('shows hostile text as text', () => {
  const evil = '</text><script>alert(1)</script>&"\u202e';
  const groups = groupRuns([
    comparedRun(evil, 1, fixture('seed-1'), [], { standing: evil }),
    comparedRun('b', 1, fixture('seed-2'), ['data.source.sigma=0.3']),
  ]);
  const svg = drawComparison(groups);
  expect(svg).not.toMatch(/<script|\u202e/);
  expect(texts(svg).join('')).toContain('alert(1)');
});

it('has a description in words', () => {
  const description = parse(drawComparison(seeds())).querySelector('desc')?.textContent;
  expect(description).toMatch(/mean: train \.9\d, ICL \.8\d, CIWL \.8\d, Flip \.2\d, IWL \.02\./);
});
