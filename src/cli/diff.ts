/** `iclab diff`: in what two runs differ: settings, what made them, curves and moments. */
import { buildCommand } from '@stricli/core';
import { compareMoments } from '../../experiments/coopetition/comparison/moments.ts';
import { describeRun } from '../../experiments/coopetition/run-info.ts';
import type { ReadRun } from '../../experiments/coopetition/read-run.ts';
import { scaleOf } from '../../experiments/coopetition/run-scale.ts';
import { LabError } from '../errors/lab-error.ts';
import { tableDifferences } from '../report/table-differences.ts';
import { configDifferences, isGrowable } from '../runs/config-hash.ts';
import type { LabContext } from './context.ts';
import { type RunDifferences, diffText, type MadeByDifference } from './diff-text.ts';
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

/** @throws {LabError} exit code 64 where they have no evaluation in common */
function compareRuns(first: ReadRun, second: ReadRun): RunDifferences {
  const tables = tableDifferences(first.table, second.table);
  if (tables.curves.length === 0) {
    const why =
      tables.shared.sequences.length === 0
        ? 'evaluated at the same sequences'
        : 'measured by the same evaluator';
    throw new LabError(`${first.name}, ${second.name}: nothing in common: they were never ${why}`);
  }
  const { groups, ciwlLevel } = compareMoments(
    [first, second].map((run) => {
      const info = describeRun(run, scaleOf(run.config));
      const compared = { info, config: run.config, table: run.table };
      return { label: run.name, settings: [], words: '', runs: [compared] };
    }),
  );
  const settings = configDifferences(first.config, second.config).map(({ path, before, after }) => ({
    path,
    growable: isGrowable(path),
    first: before,
    second: after,
  }));
  return {
    runs: [first, second].map(({ name, id, folder, state, sequences, config }) => ({
      name,
      ...(id === undefined ? {} : { id }),
      folder,
      state,
      sequences,
      trainSequences: config.train.trainSequences,
    })),
    settings,
    // What a source calls itself follows from its settings: it is news only where those are the same.
    madeBy: madeByDifferences(first, second).filter(
      ({ what }) => what !== 'source' || !settings.some(({ path }) => path.startsWith('data.source.')),
    ),
    evaluations: tables.shared,
    onlyFirst: tables.onlyFirst,
    onlySecond: tables.onlySecond,
    identical: tables.identical,
    curves: tables.curves,
    moments: groups.map(({ runs }) => runs[0]),
    peakSoFar: groups.map(({ peakSoFar }) => peakSoFar[0]),
    ciwlLevel,
  };
}

/** Code, engine and machine of the last starts, where they differ. */
function madeByDifferences(first: ReadRun, second: ReadRun): MadeByDifference[] {
  const facts = ({ record: { code, engine, node, machine, source } }: ReadRun): Map<string, unknown> => {
    const parts = { code, engine, machine };
    const named = Object.entries(parts).flatMap(([part, values]) =>
      Object.entries(values).map(([name, value]): [string, unknown] => [`${part}.${name}`, value]),
    );
    return new Map<string, unknown>([...named, ['node', node], ['source', source]]);
  };
  const [a, b] = [facts(first), facts(second)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((what) => JSON.stringify(a.get(what)) !== JSON.stringify(b.get(what)))
    .map((what) => ({ what, first: a.get(what), second: b.get(what) }));
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
