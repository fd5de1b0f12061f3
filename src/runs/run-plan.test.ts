import { describe, expect, test } from 'vitest';
import { resolveData } from '../data/resolved-data.ts';
import { modelShape } from './assemble.ts';
import { loadConfig } from './load-config.ts';
import { presetNamed } from './presets/index.ts';
import { planRun } from './run-plan.ts';

function plan(preset: string, ...overrides: string[]) {
  const config = loadConfig({ preset: presetNamed(preset) }, overrides);
  const data = resolveData(config.data, config.data.source);
  return planRun(config, data, modelShape(config, data), 5);
}

describe('the plan of a run', () => {
  test("has the paper's figures", () => {
    expect(plan('paper')).toMatchObject({
      parameters: 1_719_232,
      steps: 625_000,
      trainSequences: 20_000_000,
      evaluations: 201,
      sequencesPerEvaluation: 25_000,
      snapshots: 81,
    });
  });

  test('stays within the memory that was promised for the quick scale', () => {
    const { memoryBytes, diskBytes } = plan('quick');
    expect(memoryBytes).toBeGreaterThan(200e6);
    expect(memoryBytes).toBeLessThan(400e6);
    expect(diskBytes).toBeGreaterThan(3 * 20e6 + 58 * 6.8e6);
    expect(diskBytes).toBeLessThan(470e6);
  });

  test('grows with what is asked for', () => {
    const plain = plan('smoke');
    expect(plan('smoke', 'checkpoint.snapshotEverySequences=1000').diskBytes).toBeGreaterThan(
      plain.diskBytes,
    );
    expect(plan('smoke', 'evaluate.perSequence=true').diskBytes).toBeGreaterThan(plain.diskBytes);
    expect(plan('smoke', 'train.optimizer.kind=sgd').diskBytes).toBeLessThan(plain.diskBytes);
    expect(plan('smoke', 'data.source.classes=6400').memoryBytes).toBeGreaterThan(plain.memoryBytes);
  });
});
