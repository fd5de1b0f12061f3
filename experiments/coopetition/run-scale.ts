/** Which scale a run is of, read off its settings: so that claims are judged on no run they do not speak of. Pure. */
import type { RunConfig } from '../../src/runs/config.ts';
import { type ConfigDifference, configDifferences, isGrowable } from '../../src/runs/config-hash.ts';
import { loadConfig } from '../../src/runs/load-config.ts';
import { presetNamed } from '../../src/runs/presets/index.ts';
import { typedSetting } from './settings.ts';
import { type RunScale, type Scale, scales } from './scale.ts';

export interface ScaleFound {
  readonly scale: RunScale;
  /** Where it is of none: which settings of the nearest one it does not have. */
  readonly notOfScale?: string;
  /** Length of a run of this scale in sequences, as its preset says. */
  readonly scaleSequences: number;
}

/** What of the source decides the size of the task; all else of it is features, which every verdict names. */
const sizesOfSource = ['data.source.classes', 'data.source.exemplars'];

/** Whether a run of a scale may have another value there: seeds, schedules, features, larger evaluator sets. */
function isFree({ path, before, after }: ConfigDifference): boolean {
  if (path.startsWith('seeds.') || isGrowable(path) || path === 'evaluate.perSequence') return true;
  if (path === 'evaluate.sequencesPerEvaluator') return Number(after) >= Number(before);
  return path.startsWith('data.source.') && !sizesOfSource.includes(path);
}

/** The most settings named as the reason; a run of another model altogether differs in dozens. */
const mostNamed = 4;

/** The scale whose preset a config agrees with in all that its claims rest on. Of several the first. */
export function scaleOf(config: RunConfig): ScaleFound {
  const candidates = scales.toReversed().map((scale) => {
    const preset = loadConfig({ preset: presetNamed(scale) });
    const binding = configDifferences(preset, config).filter((difference) => !isFree(difference));
    return { scale, binding, scaleSequences: preset.train.trainSequences };
  });
  const nearest = candidates.reduce((best, next) =>
    next.binding.length < best.binding.length ? next : best,
  );
  if (nearest.binding.length === 0) return { scale: nearest.scale, scaleSequences: nearest.scaleSequences };
  return {
    scale: 'own',
    notOfScale: reason(nearest.scale, nearest.binding),
    scaleSequences: config.train.trainSequences,
  };
}

function reason(scale: Scale, binding: readonly ConfigDifference[]): string {
  const named = binding
    .slice(0, mostNamed)
    .map(({ path, before, after }) => `${typedSetting(path, after)} (there ${typedSetting('', before)})`);
  const more = binding.length > mostNamed ? ` and ${binding.length - mostNamed} settings more` : '';
  return `not a run of the ${scale} scale: ${named.join(', ')}${more}`;
}
