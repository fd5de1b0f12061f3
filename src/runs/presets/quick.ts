/**
 * The main run's model, batch and data on the embedded source, at a rate and with a within-class noise that show the
 * whole rise and fall of ICL in 6M sequences (docs/quick-scale.md has every setting tried, and what five
 * seeds show: this one is the first that shows all of it).
 */
import type { Preset } from './preset.ts';

export const quick: Preset = {
  name: 'quick',
  description: "the paper's full model at rate 3e-4 on the embedded source, 6M sequences: figure 1b's shape",
  cost: '187,500 steps: about 12 minutes on two cores; 460 MB on disk, 400 of it snapshots',
  config: {
    data: { source: { kind: 'synthetic', alpha: 2, sigma: 0.8, offset: 0, scale: 0.6, seed: 102 } },
    seeds: { init: 102, train: 102, eval: 1 },
    train: { batchSize: 32, trainSequences: 6_000_000, optimizer: { kind: 'adam', rate: 3e-4 } },
    evaluate: { everySequences: 25_000, sequencesPerEvaluator: 1000 },
    // 58 weight-only snapshots of 6.9 MB: what figures over training look at. At this rate ICL is there after 100,000
    // sequences.
    checkpoint: {
      everySequences: 250_000,
      snapshotEverySequences: 150_000,
      earlySnapshotEverySequences: 25_000,
      earlySnapshotUntilSequences: 500_000,
    },
  },
};
