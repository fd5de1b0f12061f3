/** `iclab train`: one run, from its config to a finished folder; the same command goes on where it stopped. */
import { buildCommand } from '@stricli/core';
import { defaultRunFolder } from '../runs/run-folder.ts';
import type { LabContext } from './context.ts';
import { dryRun, dryRunText } from './dry-run.ts';
import { parseSeed, readRunWords } from './run-words.ts';
import { startRun } from './start-run.ts';

interface TrainFlags {
  readonly out?: string;
  readonly seed?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

async function train(this: LabContext, flags: TrainFlags, ...words: string[]): Promise<void> {
  const { config, label } = await readRunWords(words, 'quick', flags.seed);
  const folder = flags.out ?? defaultRunFolder(label, config);
  if (flags.dryRun) {
    const plan = await dryRun(config, folder);
    this.process.stdout.write(flags.json ? `${JSON.stringify({ ...plan, config })}\n` : dryRunText(plan));
    return;
  }
  await startRun(this, { config, folder, json: flags.json ?? false });
}

export const trainCommand = buildCommand<TrainFlags, string[], LabContext>({
  func: train,
  parameters: {
    flags: {
      out: {
        kind: 'parsed',
        parse: String,
        optional: true,
        placeholder: 'folder',
        brief: 'Where the run lives; default runs/<preset>-<hash of its settings>',
      },
      seed: {
        kind: 'parsed',
        parse: parseSeed,
        optional: true,
        placeholder: 'n',
        brief: 'Sets seeds.init, seeds.train and data.source.seed',
      },
      dryRun: {
        kind: 'boolean',
        optional: true,
        withNegated: false,
        brief: 'Check everything, say what it would do, write nothing',
      },
      json: {
        kind: 'boolean',
        optional: true,
        withNegated: false,
        brief: 'One JSON object per event, for programs',
      },
    },
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        placeholder: 'preset|file|key=value',
        brief: 'A preset (default quick) or a YAML or JSON file, then settings to change',
      },
    },
  },
  docs: {
    brief: 'Train a model, evaluating and saving as it goes',
    fullDescription: `Train a model, evaluating and saving as it goes. Ctrl-C saves and stops; the same command goes on.

EXAMPLES
  iclab train smoke                                   see that everything works (seconds)
  iclab train quick                                   the paper's model, rate 3e-4, 6M sequences
  iclab train quick data.source.sigma=0.3 --out runs/sigma-0.3
  iclab train paper --seed 101 train.trainSequences=64e6
  iclab train mine.yaml --dry-run                     check a config of your own`,
  },
});
