/** `iclab train`: one run, from its config to a finished folder; the same command goes on where it stopped. */
import { buildCommand } from '@stricli/core';
import { defaultRunFolder } from '../runs/run-folder.ts';
import type { LabContext } from './context.ts';
import { dryRun, dryRunText } from './dry-run.ts';
import { outFlag, type RunFlags, runFlags, vectorWish } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { readRunWords } from './run-words.ts';
import { startRun } from './start-run.ts';

function train(this: LabContext, flags: RunFlags, ...words: string[]): Promise<void> {
  return tellingFailure(this, flags.json, () => trainRun(this, flags, words));
}

async function trainRun(context: LabContext, flags: RunFlags, words: readonly string[]): Promise<void> {
  const { config, label } = await readRunWords(words, 'quick', flags.seed);
  const folder = flags.out ?? defaultRunFolder(label, config);
  if (flags.dryRun) {
    const plan = await dryRun(config, folder);
    context.process.stdout.write(flags.json ? `${JSON.stringify({ ...plan, config })}\n` : dryRunText(plan));
    return;
  }
  await startRun(context, {
    config,
    folder,
    json: flags.json ?? false,
    vectors: vectorWish(flags),
    threads: flags.threads,
  });
}

export const trainCommand = buildCommand<RunFlags, string[], LabContext>({
  func: train,
  parameters: {
    flags: {
      out: outFlag('Where the run lives; default runs/<preset>-<hash of its settings>'),
      ...runFlags,
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
  iclab presets quick > mine.yaml                     every setting with its meaning, to change
  iclab train mine.yaml --dry-run                     check a config of your own

FILES
  A config file is YAML or JSON and need hold only what it changes. It starts from the paper's settings, or from a
  preset's where it names one at its top: "preset: smoke".

EVENTS
  --json writes one object per line: started, progress, evaluating, evaluation, saved, warning, stopping, and at the
  end of a run "end" with its outcome: finished, alreadyFinished, stopped or failed (docs/events.md has every field).`,
  },
});
