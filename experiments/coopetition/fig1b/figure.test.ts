import { readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { drawFig1b } from './figure.ts';
import { textWidth } from '../../../src/report/text-width.ts';
import { panelMargins } from './panel.ts';
import { fig1bEvaluators, seriesStyles } from './series.ts';
import {
  ciwlOnlyKnots,
  iclStaysKnots,
  madeUpRun,
  paperAsRun,
  parseTable,
  runInfo,
  transientKnots,
} from './test-tables.ts';

const fixture = (name: string) =>
  parseTable(readFileSync(new URL(`fixtures/${name}.ndjson`, import.meta.url), 'utf8'));

function parse(svg: string): Document {
  const window: unknown = parseHTML(`<!doctype html><html><body>${svg}</body></html>`);
  return (window as { document: Document }).document;
}

const texts = (svg: string): string[] =>
  [...parse(svg).querySelectorAll('text')].map((text) => text.textContent ?? '');

/** Lines drawn with an evaluator's colour and dashes. */
function linesOf(svg: string, evaluator: (typeof fig1bEvaluators)[number]): Element[] {
  const { stroke, dash } = seriesStyles[evaluator];
  const dashed = dash === 'none' ? ':not([stroke-dasharray])' : `[stroke-dasharray="${dash}"]`;
  return [...parse(svg).querySelectorAll(`g[stroke="${stroke}"]${dashed} > path`)];
}

const badges = (svg: string): string[] =>
  [...parse(svg).querySelectorAll('circle + text[font-weight="600"]')].map((text) => text.textContent ?? '');

describe('on tiny committed tables', () => {
  it('is as committed, quick scale', async () => {
    const svg = drawFig1b(fixture('tiny-quick'), runInfo('quick', 3_000_000));
    await expect(`${svg}\n`).toMatchFileSnapshot('fixtures/tiny-quick.svg');
  });

  it('is as committed, paper scale', async () => {
    const svg = drawFig1b(fixture('tiny-paper'), runInfo('paper', 20_000_000));
    await expect(`${svg}\n`).toMatchFileSnapshot('fixtures/tiny-paper.svg');
  });
});

describe('curves', () => {
  const svg = drawFig1b(madeUpRun(transientKnots, 3e6, 1e5), runInfo('quick', 3e6));

  it.each(fig1bEvaluators)('draws %s, names it and its last value at its end', (evaluator) => {
    // The paper beside it has every curve but IWL.
    expect(linesOf(svg, evaluator).length).toBe(evaluator === 'iwl' ? 1 : 2);
    const { name } = seriesStyles[evaluator];
    expect(texts(svg).some((text) => new RegExp(`^${name} (\\.\\d\\d|1\\.00)$`).test(text))).toBe(true);
  });

  it('gives every curve its own colour and its own dashes', () => {
    const styles = fig1bEvaluators.map((evaluator) => seriesStyles[evaluator]);
    expect(new Set(styles.map((style) => style.stroke)).size).toBe(5);
    expect(new Set(styles.map((style) => style.dash)).size).toBe(5);
  });

  it('draws IWL as accuracy over all labels, not as in-context accuracy', () => {
    expect(texts(svg)).toContain('IWL .02');
  });

  it('draws an error band per curve, and none for the digitised ones', () => {
    const bands = [...parse(svg).querySelectorAll('g[fill-opacity="0.16"] path')];
    expect(bands.length).toBe(5);
  });

  it('leaves out a curve that was not measured, and a missing point of one', () => {
    const table = madeUpRun(transientKnots, 3e6, 1e5).filter((record) => record.evaluator !== 'iwl');
    const without = drawFig1b(table, runInfo('quick', 3e6));
    expect(linesOf(without, 'iwl').length).toBe(0);
    const holed = table.map((record, i) =>
      i === 20 ? { ...record, inContextAccuracy: Number.NaN } : record,
    );
    expect(drawFig1b(holed, runInfo('quick', 3e6))).not.toContain('NaN');
  });

  it('does not mind in which order the records stand, and is the same twice', () => {
    const table = madeUpRun(transientKnots, 3e6, 1e5);
    expect(drawFig1b(table.toReversed(), runInfo('quick', 3e6))).toBe(
      drawFig1b(table, runInfo('quick', 3e6)),
    );
  });
});

describe('moments', () => {
  it('marks all four of a transient run, beside the paper with its own four', () => {
    const svg = drawFig1b(madeUpRun(transientKnots, 3e6, 1e5), runInfo('quick', 3e6));
    expect(badges(svg)).toEqual(['1', '2', '3', '4', '1', '2', '3', '4']);
    expect(svg).not.toContain('Not reached');
  });

  it('does not draw those that never came, and says so', () => {
    const svg = drawFig1b(madeUpRun(ciwlOnlyKnots, 3e6, 1e5), runInfo('quick', 3e6));
    expect(badges(svg)).toEqual(['4', '1', '2', '3', '4']);
    expect(texts(svg).join(' ')).toMatch(
      /Not reached in this run, so not drawn: 1 \(.*\), 2 \(.*\), 3 \(.*\)\./,
    );
    const stays = drawFig1b(madeUpRun(iclStaysKnots, 3e6, 1e5), runInfo('quick', 3e6));
    expect(badges(stays)).toEqual(['1', '2', '1', '2', '3', '4']);
  });

  it('numbers them apart from each other, right of the axis, each tied to its line', () => {
    // Four moments in the first tenth of a long run.
    const early = madeUpRun(transientKnots, 3e6, 1e5);
    const svg = drawFig1b(early, runInfo('quick', 3e7), { layout: 'narrow' });
    const circles = [...parse(svg).querySelectorAll('circle[r="9"]')].slice(0, 4);
    const xs = circles.map((circle) => Number(circle.getAttribute('cx')));
    expect(xs[0]).toBeGreaterThanOrEqual(panelMargins.left + 9);
    for (let i = 1; i < 4; i++) expect(xs[i] - xs[i - 1]).toBeGreaterThanOrEqual(18);
    for (const [i, circle] of circles.entries())
      expect(circle.previousElementSibling?.getAttribute('d')).toMatch(new RegExp(`L${xs[i]},28$`));
  });

  it('calls a maximum at the last evaluation one so far', () => {
    const svg = drawFig1b(madeUpRun(transientKnots, 1.2e6, 1e5), runInfo('quick', 3e6));
    expect(texts(svg).join(' ')).toContain("2 Flip's maximum after its rise so far");
    expect(texts(svg)).toContain('This run: 1.2M of 3M sequences');
  });
});

describe('the paper', () => {
  it('lies behind our curves at its own scale: one panel, thin lines, a strip for each', () => {
    const svg = drawFig1b(paperAsRun(), runInfo('paper', 2e7));
    expect(linesOf(svg, 'flip').length).toBe(2);
    expect(badges(svg)).toEqual(['1', '2', '3', '4']);
    expect(texts(svg).filter((text) => text === 'this run' || text === 'the paper')).toEqual([
      'this run',
      'the paper',
    ]);
  });

  it('stands beside ours on its own axis at the others', () => {
    const svg = drawFig1b(madeUpRun(transientKnots, 3e6, 1e5), runInfo('quick', 3e6));
    expect(texts(svg)).toContain('The paper (digitised): 20M sequences');
    expect(texts(svg)).toEqual(expect.arrayContaining(['3M', '20M']));
  });
});

describe('title', () => {
  it('states scale, features and seeds', () => {
    const svg = drawFig1b(
      [],
      runInfo('quick', 3e6, { source: 'synthetic(alpha 2)', seeds: { init: 7, source: 9 } }),
    );
    const all = texts(svg).join(' ');
    expect(all).toContain('Figure 1b at quick scale');
    expect(all).toContain('Features: synthetic(alpha 2). Seeds: init 7, source 9.');
  });

  it('shows hostile text as text', () => {
    const source = '</text><script>alert(1)</script>&"\u202e';
    const svg = drawFig1b([], runInfo('quick', 3e6, { source, seeds: { '<b>': 1 } }));
    expect(svg).not.toMatch(/<script|<b>|\u202e/);
    expect(parse(svg).querySelectorAll('script').length).toBe(0);
    expect(texts(svg).join('')).toContain('alert(1)');
  });

  it('breaks a long description over lines', () => {
    const svg = drawFig1b([], runInfo('quick', 3e6, { source: 'x'.repeat(2000) }));
    const lines = texts(svg).filter((text) => text.includes('xxxx'));
    expect(lines.length).toBeGreaterThan(5);
  });
});

describe('text fits in whatever sans the reader has', () => {
  const table = madeUpRun(transientKnots, 3e6, 1e5);
  const textElements = (svg: string) => [...parse(svg).querySelectorAll('text')];

  it.each(['wide', 'narrow'] as const)('labels at the right end inside the figure, %s', (layout) => {
    const svg = drawFig1b(table, runInfo('quick', 3e6), { layout, standalone: false });
    const width = Number(parse(svg).querySelector('svg')?.getAttribute('width'));
    const labels = textElements(svg).filter((text) =>
      /^(train|ICL|CIWL|Flip|IWL) [.\d]+$|^dominant$/.test(text.textContent ?? ''),
    );
    expect(labels.length).toBe(11);
    for (const label of labels) {
      const weight = label.getAttribute('font-weight') === '600' ? 600 : 400;
      const shift = /translate\(([\d.]+)/.exec(label.parentElement?.getAttribute('transform') ?? '')?.[1];
      const right =
        Number(shift) + Number(label.getAttribute('x')) + textWidth(label.textContent ?? '', 13, weight);
      expect(right).toBeLessThanOrEqual(width);
    }
  });

  it('in the font of the page, where the figure stands in one', () => {
    expect(drawFig1b(table, runInfo('quick', 3e6), { standalone: false })).not.toContain('font-family');
    expect(drawFig1b(table, runInfo('quick', 3e6))).toContain('Source Sans 3');
  });

  it('sets the lowest label above the axis', () => {
    const svg = drawFig1b(table, runInfo('quick', 3e6));
    const iwl = textElements(svg).find((text) => text.textContent === 'IWL .02');
    // Panel height 430 with a bottom margin of 30: the axis lies at 400 within it.
    expect(Number(iwl?.getAttribute('y'))).toBeLessThan(400);
  });
});

it('says so where there is no evaluation yet', () => {
  expect(texts(drawFig1b([], runInfo('quick', 3e6)))).toContain('no evaluation yet');
});

it('has a description in words', () => {
  const svg = drawFig1b(madeUpRun(transientKnots, 3e6, 1e5), runInfo('quick', 3e6));
  const description = parse(svg).querySelector('desc')?.textContent;
  expect(description).toContain(
    'At the last evaluation (3M sequences): train .97, ICL .67, CIWL .93, Flip .12, IWL .02.',
  );
});

it('has a narrow layout, panels below each other', () => {
  const svg = drawFig1b(madeUpRun(transientKnots, 3e6, 1e5), runInfo('quick', 3e6), { layout: 'narrow' });
  expect(svg).toMatch(/^<svg [^>]*width="420"/);
  expect(badges(svg)).toHaveLength(8);
});
