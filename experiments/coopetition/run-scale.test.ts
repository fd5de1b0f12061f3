import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/runs/load-config.ts';
import { presetNamed } from '../../src/runs/presets/index.ts';
import { madeUpRun, runInfo, transientKnots } from './fig1b/test-tables.ts';
import { writeFig1bReport } from './fig1b/report.ts';
import { scaleOf } from './run-scale.ts';

const scale = (preset: string, ...overrides: string[]) =>
  scaleOf(loadConfig({ preset: presetNamed(preset) }, overrides));

describe('scaleOf', () => {
  it.each(['smoke', 'quick', 'paper'])('knows the %s preset', (name) => {
    const { trainSequences } = loadConfig({ preset: presetNamed(name) }).train;
    expect(scale(name)).toEqual({ scale: name, scaleSequences: trainSequences });
  });

  it.each([
    ['seeds', 'seeds.init=7'],
    ['features', 'data.source.sigma=0.3'],
    ['a length, which is judged as far as it goes', 'train.trainSequences=100'],
    ['a schedule', 'evaluate.everySequences=1000'],
    ['larger sets of the evaluators', 'evaluate.sequencesPerEvaluator=5000'],
  ])('lets a run of a scale have its own %s', (_, override) => {
    expect(scale('quick', override)).toEqual({ scale: 'quick', scaleSequences: 6_000_000 });
  });

  it.each([
    ['train.optimizer.rate=0.001', '0.0003'],
    ['model.depth=4', '2'],
    ['data.source.classes=1000', '12800'],
    ['data.classes=1000', 'none'],
    ['evaluate.sequencesPerEvaluator=100', '1000'],
  ])('says that %s makes it a run of its own', (override, there) => {
    expect(scale('quick', override)).toEqual({
      scale: 'own',
      notOfScale: `not a run of the quick scale: ${override} (there ${there})`,
      scaleSequences: 6_000_000,
    });
  });

  it('names a few settings, and how many more there are', () => {
    const { notOfScale } = scale(
      'quick',
      'model.depth=4',
      'model.heads=4',
      'train.batchSize=64',
      'data.zipfExponent=1',
      'data.exemplarNoise=1',
      'data.matchExemplars=true',
    );
    expect(notOfScale).toMatch(/^not a run of the quick scale: .* and 2 settings more$/);
  });
});

describe('figure 1b of a run of its own', () => {
  const notOfScale = 'not a run of the quick scale: model.depth=4 (there 2)';
  const info = runInfo('own', 3e6, {
    name: 'deep',
    notOfScale,
    standing: 'running, at 2M of 3M sequences (67%)',
  });
  const { verdicts, html, svg } = writeFig1bReport(madeUpRun(transientKnots, 2e6, 1e5), info);

  it('is judged by no claim, and says why', () => {
    for (const { verdict, why, measured } of verdicts) {
      expect([verdict, why, measured]).toEqual(['not applicable', notOfScale, '']);
    }
    expect(html).toContain(`none of them is judged on this one. It is ${notOfScale}.`);
    expect(html).not.toMatch(/class="verdict|<p class="summary"/);
  });

  it('is named by the run, beside the paper, and says how far it is', () => {
    expect(svg).toContain('Figure 1b of the run deep');
    expect(svg).toContain('This run: 2M of 3M sequences');
    expect(svg).toContain('The paper (digitised)');
    expect(html).toContain('<p class="lead">Not finished: running, at 2M of 3M sequences (67%)</p>');
    expect(html).toContain('<td>of its own, 3,000,000 sequences</td>');
  });
});
