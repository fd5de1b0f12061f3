/** A run's settings from a preset or a file's text and what is to differ, checked and complete. Browser-safe. */
import { LabError } from '../errors/lab-error.ts';
import type { RunConfig } from './config.ts';
import { type ConfigBase, loadConfig } from './load-config.ts';
import { presetNamed } from './presets/index.ts';

/** Settings by their dotted path: `{ 'data.source.sigma': 0.3, 'model.position': 'rope' }`. */
export type Settings = Readonly<Record<string, string | number | boolean | null | readonly unknown[]>>;

export interface ConfigWish {
  /** `paper`, `quick` or `smoke`; default `quick`. */
  readonly preset?: string;
  /** Settings as YAML or JSON, as a config file holds them; instead of `preset`. */
  readonly text?: string;
  /** What is to differ. */
  readonly settings?: Settings;
}

/**
 * A complete config, frozen. `iclab presets quick` shows every setting with its meaning and unit.
 * @param featureFacts where a source may be a file of features: what it says of itself
 * @throws {LabError} exit code 64 naming the setting, what was expected and the nearest name
 */
export function makeConfig(
  { preset, text, settings = {} }: ConfigWish = {},
  featureFacts?: ConfigBase['featureFacts'],
): RunConfig {
  if (preset !== undefined && text !== undefined) {
    throw new LabError('preset, text: both say where the settings start; give one of the two');
  }
  return loadConfig(
    {
      ...(text === undefined ? { preset: presetNamed(preset ?? 'quick') } : { file: 'text', text }),
      ...(featureFacts ? { featureFacts } : {}),
    },
    Object.entries(settings).map(([path, value]) => `${path}=${JSON.stringify(value)}`),
  );
}
