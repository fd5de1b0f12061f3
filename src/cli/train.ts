/** `iclab train`: one run, or several, from config to finished folder; the same command goes on where it stopped. */
import { buildCommand } from '@stricli/core';
import { parseIntervention } from '../intervene/intervention.ts';
import type { LabContext } from './context.ts';
import { interveneFlag, outFlag, type RunFlags, runFlags, vectorWish } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { readRunList } from './run-list.ts';
import { tellDryRuns } from './several-dry-run.ts';
import { startRun } from './start-run.ts';
import { startRuns } from './start-runs.ts';

interface TrainFlags extends RunFlags {
  readonly intervene?: readonly string[];
}

function train(this: LabContext, flags: TrainFlags, ...words: string[]): Promise<void> {
  return tellingFailure(this, flags.json, () => trainRuns(this, flags, words));
}

async function trainRuns(context: LabContext, flags: TrainFlags, words: readonly string[]): Promise<void> {
  const runs = await readRunList([...words, ...interventionOverride(flags.intervene)], flags);
  if (flags.dryRun) {
    await tellDryRuns(context, runs, flags);
  } else if (runs.length > 1) {
    await startRuns(context, runs, flags);
  } else {
    const [{ config, folder }] = runs;
    const { json = false, threads } = flags;
    await startRun(context, { config, folder, json, vectors: vectorWish(flags), threads });
  }
}

/** `--intervene` as the setting it stands for. */
function interventionOverride(lines: readonly string[] = []): string[] {
  if (lines.length === 0) return [];
  return [`train.interventions=${JSON.stringify(lines.map(parseIntervention))}`];
}

export const trainCommand = buildCommand<TrainFlags, string[], LabContext>({
  func: train,
  parameters: {
    flags: {
      out: outFlag(
        'Where the run lives, or several have their folders; default runs/<preset>-<hash of its settings>',
      ),
      intervene: {
        ...interveneFlag,
        brief: 'What is done to activations while it learns and is evaluated; may be given again',
      },
      ...runFlags,
    },
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        placeholder: 'preset|file|key=value',
        brief: 'Presets (default quick) or YAML or JSON files, a run for each, then settings to change',
      },
    },
  },
  docs: {
    brief: 'Train a model, evaluating and saving as it goes',
    fullDescription: `Train a model, or several, evaluating and saving as it goes. Ctrl-C saves and stops; the same command goes on.

EXAMPLES
  iclab train smoke                                   see that everything works (seconds)
  iclab train quick                                   the paper's model, rate 3e-4, 6M sequences
  iclab train quick data.source.sigma=0.3 --out runs/sigma-0.3
  iclab train paper --seed 101 train.trainSequences=64e6
  iclab presets quick > mine.yaml                     every setting with its meaning, to change
  iclab train quick --intervene 'forbidPreviousToken=0:*,labels'   clamped while it learns (docs/interventions.md)
  iclab train mine.yaml --dry-run                     check a config of your own
  iclab train quick --seeds 101..105                  five runs, as many at once as there are cores
  iclab train mine.yaml yours.yaml --runs 3           two settings, three seeds each

FILES
  A config file is YAML or JSON and need hold only what it changes. It starts from the paper's settings, or from a
  preset's where it names one at its top: "preset: smoke".

SEVERAL RUNS
  Each is a process with a folder of its own, the one it would have alone: finished ones are skipped, and one that fails
  ends no other. With at least as many runs as cores each has one thread, else they divide the cores. The exit code is
  the worst of them.

EVENTS
  --json writes one object per line: started, progress, evaluating, evaluation, saved, warning, stopping, and at the
  end of a run "end" with its outcome: finished, alreadyFinished, stopped or failed (docs/events.md has every field).`,
  },
});
