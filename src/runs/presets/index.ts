/** All presets, in the order they are listed. */
import { LabError } from '../../errors/lab-error.ts';
import { didYouMean } from '../../errors/nearest.ts';
import { paper } from './paper.ts';
import type { Preset } from './preset.ts';
import { quick } from './quick.ts';
import { smoke } from './smoke.ts';

export const presets: readonly Preset[] = [paper, quick, smoke];

/** @throws {LabError} naming the nearest preset */
export function presetNamed(name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found) return found;
  const names = presets.map((preset) => preset.name);
  throw new LabError(
    `"${name}": neither a preset nor a file${didYouMean(name, names)} (presets: ${names.join(', ')}; iclab presets)`,
  );
}
