/** Every mechanism figure on tiny tables: as committed, in both layouts, with ids of its own and nothing fetched. */
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { ablationFigure } from '../ablations/figure.ts';
import { fig13Figure } from '../fig13/figure.ts';
import { fig14Figure } from '../fig14/figure.ts';
import { fig15Figure } from '../fig15/figure.ts';
import { madeUpRun, runInfo, transientKnots } from '../fig1b/test-tables.ts';
import { queryAttentionFigure } from '../fig2a/figure.ts';
import { fig2bFigure } from '../fig2b/figure.ts';
import { fig3aFigure } from '../fig3a/figure.ts';
import { fig3bFigure, fig3cFigure } from '../fig3bc/figure.ts';
import type { MechanismFigure } from './content.ts';
import { drawMechanism } from './figure.ts';
import { mechanismReport } from './report.ts';
import {
  ablatedLikePaper,
  clampedLikePaper,
  graftedLike,
  heatedLikePaper,
  momentOf,
  paperLikeEnd,
} from './test-tables.ts';

const info = runInfo('quick', 3e6);
const metrics = madeUpRun(transientKnots, 3e6, 1e5);
const end = momentOf(3e6, paperLikeEnd);
const moments = [
  momentOf(0, { ...paperLikeEnd, previous: () => [0.5, 0.4], strength: () => [0, 0.01] }),
  momentOf(1e6, { ...paperLikeEnd, previous: () => [0.2, 0.05], strength: () => [0.3, 0.28] }),
  end,
];
const flat = () => ({ train: 0.9, icl: 0.8, ciwl: 0.6, flip: 0.7 });
const figures: readonly MechanismFigure[] = [
  queryAttentionFigure('fig2a', metrics, end, info),
  queryAttentionFigure('fig12', metrics, end, info),
  fig2bFigure(metrics, { sequences: 3e6, table: clampedLikePaper(1) }, info),
  fig3aFigure(metrics, moments, info),
  fig13Figure(
    metrics,
    {
      moment: momentOf(3e6, { ...paperLikeEnd, depth: 1 }),
      clamped: clampedLikePaper(0),
      twoBlocksCiwl: undefined,
    },
    info,
  ),
  fig14Figure(metrics, moments, info),
  fig15Figure(
    metrics,
    {
      sequences: 3e6,
      table: {
        evaluator: 'train',
        heads: 2,
        sequences: [0, 1, 2, 5],
        strengths: [
          [0, 0, 0, 0],
          [0, 0, 0, 0],
          [0.9, -0.2, 0.5, 0.7],
          [0.8, 0.1, 0.3, 0.9],
        ],
      },
      heated: heatedLikePaper([0.982, 0.9835]),
    },
    info,
  ),
  fig3bFigure(metrics, graftedLike(3e6, [0, 3e6, 1e6], flat), info),
  fig3cFigure(metrics, [graftedLike(1e6, [1e6, 3e6, 1e6], flat)], info),
  ablationFigure('sec4', metrics, { sequences: 3e6, table: ablatedLikePaper() }, info),
  ablationFigure('appc1', metrics, { sequences: 3e6, table: ablatedLikePaper() }, info),
];

/** Figures that share a folder. */
const folders: Readonly<Record<string, string>> = {
  fig12: 'fig2a',
  fig3b: 'fig3bc',
  fig3c: 'fig3bc',
  sec4: 'ablations',
  appc1: 'ablations',
};

describe.each(figures.map((figure) => [figure.name, figure] as const))('%s', (name, figure) => {
  const { svg, csv, html } = mechanismReport(figure, info);

  test('is as committed', async () => {
    const fixtures = `../${folders[name] ?? name}/fixtures`;
    await expect(`${svg}\n`).toMatchFileSnapshot(`${fixtures}/${name}.svg`);
    await expect(csv).toMatchFileSnapshot(`${fixtures}/${name}.csv`);
  });

  test('has no number that is none, in either layout', () => {
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(drawMechanism(figure, info, { layout: 'narrow' })).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('its page asks the network for nothing, says what is fetched nowhere, and has every id once', () => {
    expect(html).not.toMatch(/(?:src|href)=|url\(|@import|<script|<link|<iframe|<img/);
    const { document } = parseHTML(html) as unknown as { document: Document };
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(document.querySelectorAll('.figure > div > svg').length).toBe(2);
    const text = document.body.textContent ?? '';
    for (const { id, paper } of figure.verdicts) {
      expect(text).toContain(id);
      expect(text).toContain(paper);
    }
    expect(text).toContain(info.command);
  });
});

test('what belongs to the run is escaped', () => {
  const hostile = runInfo('quick', 3e6, { source: '<script>alert(1)</script>' });
  const { svg, html } = mechanismReport(queryAttentionFigure('fig2a', metrics, end, hostile), hostile);
  expect(svg + html).not.toContain('<script>');
});
