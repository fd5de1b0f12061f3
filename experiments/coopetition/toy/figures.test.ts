import { describe, expect, it } from 'vitest';
import { renderPng } from '../../../src/report/png.ts';
import type { ToyRun } from '../../../src/toy/toy-run.ts';
import { raceFigure, recordedRaces } from './paper-figures.ts';
import { drawPhaseMap, phaseMapRows } from './phase-map-figure.ts';
import { assemblePhaseMap, phaseMapDefaults } from './phase-map.ts';
import { drawRaces } from './race-figure.ts';
import { paperRace, paperSeeds, type RaceSettings, raceWithoutMu } from './race-settings.ts';

const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
const draw = (settings: RaceSettings, seeds: readonly number[]) =>
  drawRaces(raceFigure(settings, recordedRaces(settings, seeds, 5)));

describe('runs', () => {
  it('have the divot circled and their events numbered, where there are such', () => {
    const svg = draw(paperRace, [7]);
    expect(svg.match(/<ellipse/g)).toHaveLength(1);
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['1', '2', '3', 'the divot', 'M1 + mu1', 'M2', 'alpha C']),
    );
    const stuck = draw(paperRace, [2]);
    expect(stuck).not.toContain('<ellipse');
    expect(texts(stuck)).toContain('seed 2: not in 16000 steps');
    expect(texts(stuck)).not.toContain('the divot');
  });

  it('are figures 16 and 17 where they are those of the paper', () => {
    const twelve = draw(paperRace, paperSeeds);
    expect(twelve).toContain('Figure 16:');
    // Ten divots and the one in the key, a circle.
    expect(twelve.match(/<ellipse/g)).toHaveLength(10);
    const without = draw(raceWithoutMu, paperSeeds);
    expect(without).toContain('Figure 17:');
    expect(without).not.toContain('<ellipse');
    expect(without).toContain('Each panel ends where the loss is first below .003');
    const other = { ...paperRace, racing: { ...paperRace.racing, alpha: 0.2 } };
    expect(draw(other, [7])).toContain(
      'Strategy racing in the toy model: mu1 .1, alpha .2, dims 20, 20, 20, 160, seed 7',
    );
    expect(draw(paperRace, [7, 8])).toContain('dims 20, 20, 20, 160, 2 seeds');
  });

  it('stay within the figure in both layouts, and can be drawn', async () => {
    for (const layout of ['wide', 'narrow'] as const) {
      const svg = drawRaces(raceFigure(paperRace, recordedRaces(paperRace, [7], 5)), { layout });
      expect((await renderPng(svg, 0.2)).length).toBeGreaterThan(1000);
    }
    expect(draw(paperRace, [7]).length).toBeLessThan(12_000);
    // The same twice: nothing in it counts figures.
    expect(draw(paperRace, [7])).toBe(draw(paperRace, [7]));
  });

  it('must be recorded to be drawn', () => {
    const runs = recordedRaces(paperRace, [7], 100).map(({ trace: _, ...run }): ToyRun => run);
    expect(() => drawRaces(raceFigure(paperRace, runs))).toThrow('the run of seed 7 was not recorded');
  });
});

describe('a map', () => {
  const settings = { ...phaseMapDefaults, cells: 4, dimsOfD: [160], seeds: [7] };
  const rows = (
    [
      'stays both transient transient',
      'stays transient transient secondAtOnce',
      'noEscape noEscape secondAtOnce secondAtOnce',
      'diverges diverges diverges diverges',
    ] as const
  ).map(
    (row) => row.split(' ') as ('stays' | 'both' | 'transient' | 'secondAtOnce' | 'noEscape' | 'diverges')[],
  );
  const map = assemblePhaseMap(settings, rows);

  it('is drawn as committed', async () => {
    await expect(`${drawPhaseMap(map)}\n`).toMatchFileSnapshot('fixtures/tiny-map.svg');
  });

  it('names every regime that it has, and marks the setting of the paper', () => {
    const svg = drawPhaseMap(map, { layout: 'narrow' });
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['0  neither forms', 'T  mechanism 1 is transient', 'x  the rate is too large']),
    );
    const caption = 'The cross is the paper';
    expect(texts(svg).join(' ')).toContain(caption);
    const elsewhere = assemblePhaseMap({ ...settings, dimsOfD: [40] }, rows);
    expect(texts(drawPhaseMap(elsewhere)).join(' ')).not.toContain(caption);
  });

  it('gives a row for each cell', () => {
    const { header, rows: cells } = phaseMapRows(map);
    expect(header).toEqual(['d', 'seed', 'alpha', 'mu1', 'regime']);
    expect(cells).toHaveLength(16);
    expect(cells[5].map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(3)) : cell))).toEqual([
      160,
      7,
      0.0215,
      0.0215,
      'transient',
    ]);
  });
});
