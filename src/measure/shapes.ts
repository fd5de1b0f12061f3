/** The model shapes that are measured: the two papers' own. */
import type { RunConfig } from '../runs/config.ts';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed } from '../runs/presets/index.ts';

export const shapeNames = ['paper', '12-layer'] as const;
export type ShapeName = (typeof shapeNames)[number];

/** Settings over those of the preset `paper`. */
const settings: Readonly<Record<ShapeName, readonly string[]>> = {
  paper: [],
  '12-layer': [
    'data.contextPairs=8',
    'data.burstiness=3',
    'model.depth=12',
    'model.mlpRatio=4',
    'model.position=sinusoidal',
  ],
};

export const shapeTexts: Readonly<Record<ShapeName, string>> = {
  paper: '2 layers, attention only, 5 tokens, 12,800 labels',
  '12-layer': '12 layers with MLP, sinusoidal positions, 17 tokens, 12,800 labels',
};

/** A run of that shape; its evaluators are small, for they are timed per sequence. */
export function measuredConfig(shape: ShapeName, overrides: readonly string[] = []): RunConfig {
  return loadConfig({ preset: presetNamed('paper') }, [
    ...settings[shape],
    'evaluate.sequencesPerEvaluator=320',
    ...overrides,
  ]);
}
