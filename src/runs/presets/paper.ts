/** The main run of Coopetition (section 3, figure 1b), at its own rate and length. */
import type { Preset } from './preset.ts';

export const paper: Preset = {
  name: 'paper',
  description: "the paper's main run: 12,800 classes, 2 layers, rate 1e-5, 20M sequences (figure 1b)",
  cost: '625,000 steps: about 40 minutes on two cores; 620 MB on disk, 560 of it snapshots',
  config: {
    seeds: { init: 5, train: 2, eval: 1 },
    train: { batchSize: 32, trainSequences: 20_000_000, optimizer: { kind: 'adam', rate: 1e-5 } },
    evaluate: { everySequences: 100_000, sequencesPerEvaluator: 5000 },
    // 81 weight-only snapshots of 6.9 MB: what figures over training look at, the paper's own 4.25M, 7.75M, 15M and 20M
    // among them.
    checkpoint: { everySequences: 500_000, snapshotEverySequences: 250_000 },
  },
};
