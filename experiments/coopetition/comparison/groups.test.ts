import { describe, expect, it } from 'vitest';
import { differingSeeds, differingSettings, groupRuns } from './groups.ts';
import { comparedRun } from './test-runs.ts';

const run = (name: string, seed: number, ...overrides: string[]) => comparedRun(name, seed, [], overrides);

/** Names of the groups' runs. */
const membersOf = (groups: ReturnType<typeof groupRuns>) =>
  groups.map(({ runs }) => runs.map(({ info }) => info.name));

describe('groupRuns', () => {
  it('makes one group of runs that differ in seeds, length and schedules alone', () => {
    const groups = groupRuns([
      run('a', 1),
      run('b', 2, 'train.trainSequences=100', 'evaluate.everySequences=7'),
      run('c', 1, 'seeds.eval=9'),
    ]);
    expect(membersOf(groups)).toEqual([['a', 'b', 'c']]);
    expect(groups[0]).toMatchObject({ label: 'mean', settings: [], words: '' });
    expect(differingSettings(groups)).toEqual([]);
    expect(differingSeeds(groups[0])).toEqual(['init', 'train', 'source']);
  });

  it('names each group by the settings in which any differ, in the order the runs came', () => {
    const groups = groupRuns([
      run('a', 1, 'data.source.sigma=0.3'),
      run('b', 1),
      run('c', 2),
      run('d', 2, 'data.source.sigma=0.3'),
    ]);
    expect(membersOf(groups)).toEqual([
      ['a', 'd'],
      ['b', 'c'],
    ]);
    expect(groups.map(({ label }) => label)).toEqual(['data.source.sigma=0.3', 'data.source.sigma=0.8']);
    expect(differingSettings(groups)).toEqual(['data.source.sigma']);
  });

  it('says where a run lacks a setting that another has', () => {
    const groups = groupRuns([run('a', 1), run('b', 2), run('c', 1, 'data.classes=100')]);
    expect(groups.map(({ label }) => label)).toEqual(['data.classes=none', 'data.classes=100']);
  });

  it('calls groups by the nearest preset where that takes fewer words', () => {
    const smoke = ['data.source.classes=64', 'data.source.exemplars=10', 'data.source.dim=32'];
    const model = ['model.dModel=32', 'model.heads=4', 'train.optimizer.rate=0.001'];
    const sets = ['evaluate.sequencesPerEvaluator=200'];
    const groups = groupRuns([
      run('a', 1),
      run('b', 2),
      run('c', 1, ...smoke, ...model, ...sets, 'data.source.sigma=0.3'),
    ]);
    expect(groups.map(({ label }) => label)).toEqual(['quick', 'smoke data.source.sigma=0.3']);
    expect(groups[1].settings).toContain('model.heads=4');
  });

  it('calls runs by their own names where no two are alike', () => {
    const groups = groupRuns([run('a', 1), run('b', 1, 'data.source.sigma=0.3')]);
    expect(groups.map(({ label, words }) => [label, words])).toEqual([
      ['a', 'data.source.sigma=0.8'],
      ['b', 'data.source.sigma=0.3'],
    ]);
  });

  it('refuses to count one run twice', () => {
    expect(() => groupRuns([run('a', 1), run('b', 2), run('c', 1)])).toThrow(
      'a, c: the same settings and seeds',
    );
  });

  it('refuses more settings than a figure can tell apart', () => {
    const runs = Array.from({ length: 25 }, (_, i) => run(`r${i}`, 1, `data.source.sigma=${i}`));
    expect(groupRuns(runs.slice(1))).toHaveLength(24);
    expect(() => groupRuns(runs)).toThrow('25 runs of 25 different settings: one figure tells at most 24');
  });
});
