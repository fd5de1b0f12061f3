/** `iclab diff`: in what two runs differ: settings, what made them, curves and moments. */
import { buildCommand } from '@stricli/core';
import { LabError } from '../errors/lab-error.ts';
import { compareRuns } from './compare-runs.ts';
import type { LabContext } from './context.ts';
import { diffText } from './diff-text.ts';
import { jsonFlag } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { readNamedRuns } from './reported-runs.ts';

interface DiffFlags {
  readonly json?: boolean;
}

function diff(this: LabContext, flags: DiffFlags, ...words: string[]): Promise<void> {
  return tellingFailure(this, flags.json, () => diffRuns(this, flags, words));
}

async function diffRuns(context: LabContext, { json }: DiffFlags, words: readonly string[]): Promise<void> {
  if (words.length !== 2) {
    throw new LabError(
      `diff: expected two runs; got ${words.length}: iclab diff RUN RUN (iclab runs lists them)`,
    );
  }
  const [first, second] = await readNamedRuns(words);
  const differences = compareRuns(first, second);
  const { stdout } = context.process;
  if (json) stdout.write(`${JSON.stringify(differences)}\n`);
  else stdout.write(diffText(differences, stdout.isTerminal ? stdout.columns() - 1 : undefined));
}

export const diffCommand = buildCommand<DiffFlags, string[], LabContext>({
  func: diff,
  parameters: {
    flags: { json: jsonFlag('As one JSON object, all metrics of all evaluators included (docs/events.md)') },
    positional: {
      kind: 'array',
      parameter: { parse: String, placeholder: 'run', brief: 'Two runs: folder, name or id of each' },
    },
  },
  docs: {
    brief: 'Tell in what two runs differ: settings, code, curves, moments',
    fullDescription: `Tell in what two runs differ: settings, the code and machine that made them, curves and moments.
Curves are compared where both runs were evaluated, so that a run still going is compared as far as it is. Says
"identical metrics" where every metric of every evaluator is the same there, bit for bit.
The exit code is 0 whether they differ or not.

EXAMPLES
  iclab diff seed-101 seed-102
  iclab diff runs/quick-0a1b2c3d4e5f other-machine/runs/quick-0a1b2c3d4e5f --json`,
  },
});
