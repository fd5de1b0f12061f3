/** `iclab presets`: the runs that have a name, and one preset's settings in full. */
import { buildCommand } from '@stricli/core';
import { configYaml } from '../runs/config-yaml.ts';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed, presets } from '../runs/presets/index.ts';
import type { LabContext } from './context.ts';
import { jsonFlag } from './flags.ts';

interface PresetsFlags {
  readonly json?: boolean;
}

function showPresets(this: LabContext, { json }: PresetsFlags, name?: string): void {
  const named = name === undefined ? undefined : presetNamed(name);
  const { stdout } = this.process;
  if (json) {
    const full = (named ? [named] : presets).map((preset) => ({ ...preset, config: loadConfig({ preset }) }));
    stdout.write(`${JSON.stringify(full)}\n`);
    return;
  }
  if (named) {
    const heading = [`${named.name}: ${named.description}`, named.cost];
    stdout.write(configYaml(loadConfig({ preset: named }), heading));
    return;
  }
  const width = Math.max(...presets.map((preset) => preset.name.length));
  for (const preset of presets) {
    stdout.write(
      `${preset.name.padEnd(width)}  ${preset.description}\n${' '.repeat(width)}  ${preset.cost}\n`,
    );
  }
}

export const presetsCommand = buildCommand<PresetsFlags, [string?], LabContext>({
  func: showPresets,
  parameters: {
    flags: {
      json: jsonFlag('As JSON, every setting included'),
    },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: String,
          optional: true,
          placeholder: 'preset',
          brief: 'Show all settings of this one with their meaning, as YAML',
        },
      ],
    },
  },
  docs: {
    brief: 'List the presets, or all settings of one',
    fullDescription: `List the presets, or all settings of one.

EXAMPLES
  iclab presets
  iclab presets quick > mine.yaml       every setting, its value and meaning: a file to change and train`,
  },
});
