import { expect, it } from 'vitest';
import { completeRunConfig, runConfigSchema } from '../../src/runs/config.ts';
import { describeRun, shellText } from './run-info.ts';

it('quotes what a shell would not take as one plain word', () => {
  expect(
    shellText(['iclab', 'train', 'quick', 'train.optimizer.rate=1e-4', '--out', 'my runs', "it's", '']),
  ).toBe(`iclab train quick train.optimizer.rate=1e-4 --out 'my runs' 'it'\\''s' ''`);
});

it('carries seeds, lengths, config and whatever computed the run', () => {
  const config = completeRunConfig(
    runConfigSchema.parse({
      seeds: { init: 101, train: 102, eval: 3 },
      data: { source: { kind: 'synthetic', seed: 104 } },
    }),
  );
  const run = {
    folder: 'runs/a',
    name: 'a',
    id: 'fakefake',
    table: [],
    state: 'stopped' as const,
    sequences: 5_000_000,
    config,
    record: {
      id: 'fakefake',
      command: ['iclab', 'reproduce', 'fig1b'],
      code: { version: '0.1.0', commit: 'abc', changed: true },
      engine: { kind: 'wasm', threads: 1, features: ['simd'] },
      node: 'v26.10.0',
      machine: { platform: 'linux', arch: 'x64', cpu: 'A CPU', cpus: 2 },
      started: '2026-01-01T00:00:00.000Z',
      source: 'synthetic(...)',
    },
  };
  const info = describeRun(run, { scale: 'quick', scaleSequences: 3_000_000 });
  expect(info).toMatchObject({ name: 'a', id: 'fakefake', scale: 'quick', labels: 12_800 });
  expect(info).toMatchObject({ source: 'synthetic(...)', scaleSequences: 3_000_000 });
  expect(info.standing).toBe('stopped, at 5M of 20M sequences (25%)');
  const finished = { ...run, state: 'finished' as const };
  expect(describeRun(finished, { scale: 'quick', scaleSequences: 1 })).not.toHaveProperty('standing');
  expect(info.seeds).toEqual({ init: 101, train: 102, eval: 3, source: 104 });
  expect(info.trainSequences).toBe(config.train.trainSequences);
  expect(info.command).toBe('iclab reproduce fig1b');
  expect(info.config).toContain('seeds:\n  init: 101\n');
  expect(info.engine).toEqual({
    kind: 'wasm',
    threads: 1,
    features: '["simd"]',
  });
  expect(info.machine).toEqual({ 'Node.js': 'v26.10.0', Machine: 'linux x64, A CPU, 2 cores' });
  expect(info.begun).toBe('2026-01-01T00:00:00.000Z');
  expect(info.code).toEqual({
    version: '0.1.0',
    commit: 'abc',
    'uncommitted changes': 'yes',
  });
});
