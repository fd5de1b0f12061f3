import { describe, expect, it } from 'vitest';
import { computePhaseMap } from './phase-map-threads.ts';
import {
  assemblePhaseMap,
  axisValues,
  countRegimes,
  phaseMapDefaults,
  phaseRow,
  phaseRows,
  transienceSpans,
} from './phase-map.ts';
import { cellSpans, middleOf, outline } from './phase-regions.ts';

const small = {
  ...phaseMapDefaults,
  cells: 4,
  dimsOfD: [40, 160],
  seeds: [7, 4],
  descent: { rate: 1, stop: 1e-6, steps: 6000 },
};

it('spaces its axes evenly in the logarithm', () => {
  const values = axisValues([0.001, 10], 5);
  [0.001, 0.01, 0.1, 1, 10].forEach((value, i) => expect(values[i] / value).toBeCloseTo(1, 12));
  expect(axisValues([0.5, 2], 1)).toEqual([0.5]);
});

describe('on several threads', { timeout: 60_000 }, () => {
  it('is the map that one thread makes, and tells of every row', async () => {
    const told: number[] = [];
    const shared = await computePhaseMap(small, {
      threads: 3,
      onRow: (done, all) => told.push(done / all),
    });
    expect(told).toEqual(Array.from({ length: 16 }, (_, i) => (i + 1) / 16));
    expect(shared).toEqual(await computePhaseMap(small, { threads: 1 }));
    expect(shared.panels.map(({ d, seed }) => [d, seed])).toEqual([
      [40, 7],
      [160, 7],
      [40, 4],
      [160, 4],
    ]);
    // Not all the same, or the comparison shows nothing.
    expect(new Set(shared.panels.flatMap(({ rows }) => rows.flat())).size).toBeGreaterThan(2);
  });

  it('says what is wrong as one thread does', async () => {
    await expect(computePhaseMap({ ...small, mu2: -1 }, { threads: 2 })).rejects.toThrow(
      'mu2: expected a number >= 0; got -1',
    );
  });
});

it('finds the regimes of the paper, row by row', () => {
  const settings = {
    ...phaseMapDefaults,
    mu1: [0.1, 1] as const,
    alpha: [0.1, 1] as const,
    cells: 2,
    dimsOfD: [160],
    seeds: [7, 2],
  };
  expect(phaseRows(settings)).toHaveLength(4);
  expect(phaseRow(settings, { d: 160, seed: 7, alphaIndex: 0 })).toEqual(['transient', 'secondAtOnce']);
  expect(phaseRow(settings, { d: 160, seed: 2, alphaIndex: 0 })).toEqual(['noEscape', 'secondAtOnce']);
});

it('counts cells and spans of transience', () => {
  const settings = {
    ...phaseMapDefaults,
    cells: 3,
    dimsOfD: [1],
    seeds: [0],
    mu1: [1, 100] as const,
    alpha: [1, 4] as const,
  };
  const map = assemblePhaseMap(settings, [
    ['stays', 'stays', 'both'],
    ['both', 'transient', 'transient'],
    ['noEscape', 'noEscape', 'noEscape'],
  ]);
  expect(countRegimes(map.panels[0])).toEqual({
    noEscape: 3,
    stays: 2,
    both: 2,
    transient: 2,
    secondAtOnce: 0,
    diverges: 0,
  });
  const [span, ...others] = transienceSpans(map, map.panels[0]);
  expect(others).toEqual([]);
  expect([span.alpha, span.least, span.greatest].map(Math.round)).toEqual([2, 10, 100]);
});

describe('its shapes', () => {
  const rows = [
    ['stays', 'stays', 'transient'],
    ['stays', 'transient', 'transient'],
    ['stays', 'transient', 'transient'],
  ] as const;

  it('joins equal cells of a row', () => {
    expect(cellSpans(rows).slice(0, 3)).toEqual([
      { regime: 'stays', row: 0, first: 0, count: 2 },
      { regime: 'transient', row: 0, first: 2, count: 1 },
      { regime: 'stays', row: 1, first: 0, count: 1 },
    ]);
  });

  it('outlines a regime, inside the map', () => {
    expect(outline(rows, 'transient')).toEqual([
      { x1: 2, y1: 0, x2: 2, y2: 1 },
      { x1: 1, y1: 1, x2: 1, y2: 2 },
      { x1: 1, y1: 1, x2: 2, y2: 1 },
      { x1: 1, y1: 2, x2: 1, y2: 3 },
    ]);
    expect(outline(rows, 'both')).toEqual([]);
  });

  it('finds where a regime has most room', () => {
    expect(middleOf(rows, 'transient')).toEqual({ x: 2, y: 2, side: 2 });
    expect(middleOf(rows, 'stays')).toMatchObject({ side: 1 });
    expect(middleOf(rows, 'both')).toBeUndefined();
  });
});
