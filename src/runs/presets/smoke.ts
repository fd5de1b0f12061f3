/** Everything once, small: to see that an installation works. Its figures mean nothing. */
import type { Preset } from './preset.ts';

export const smoke: Preset = {
  name: 'smoke',
  description: 'a tiny model on 64 classes, to see that everything works; its curves mean nothing',
  cost: '1,000 steps: a few seconds; 2 MB on disk',
  config: {
    data: { source: { kind: 'synthetic', classes: 64, exemplars: 10, dim: 32 } },
    model: { dModel: 32, heads: 4 },
    train: { batchSize: 32, trainSequences: 32_000, optimizer: { kind: 'adam', rate: 1e-3 } },
    evaluate: { everySequences: 4000, sequencesPerEvaluator: 200 },
    checkpoint: { everySequences: 8000, snapshotEverySequences: 4000 },
  },
};
