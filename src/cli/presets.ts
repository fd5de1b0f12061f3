/** `iclab presets`: the runs that have a name, and one preset's settings in full. */
import { buildCommand } from '@stricli/core';
import { stringify } from 'yaml';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed, presets } from '../runs/presets/index.ts';
import type { LabContext } from './context.ts';

interface PresetsFlags {
  readonly json?: boolean;
}

function showPresets(this: LabContext, { json }: PresetsFlags, name?: string): void {
  const chosen = name === undefined ? presets : [presetNamed(name)];
  const { stdout } = this.process;
  if (json) {
    const full = chosen.map((preset) => ({ ...preset, config: loadConfig({ preset }) }));
    stdout.write(`${JSON.stringify(full)}\n`);
    return;
  }
  const width = Math.max(...presets.map((preset) => preset.name.length));
  for (const preset of chosen) {
    stdout.write(
      `${preset.name.padEnd(width)}  ${preset.description}\n${' '.repeat(width)}  ${preset.cost}\n`,
    );
  }
  if (name !== undefined) stdout.write(`\n${stringify(loadConfig({ preset: presetNamed(name) }))}`);
}

export const presetsCommand = buildCommand<PresetsFlags, [string?], LabContext>({
  func: showPresets,
  parameters: {
    flags: {
      json: { kind: 'boolean', optional: true, withNegated: false, brief: 'As JSON, every setting included' },
    },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: String,
          optional: true,
          placeholder: 'preset',
          brief: 'Show all settings of this one, as YAML',
        },
      ],
    },
  },
  docs: {
    brief: 'List the presets, or all settings of one',
    fullDescription: `List the presets, or all settings of one.

EXAMPLES
  iclab presets
  iclab presets quick > mine.yaml       every setting with its value: a file to change and train`,
  },
});
