/** In what two runs differ, as data: what `iclab diff --json` writes. Pure. */
import { compareMoments, type ComparedMoments } from '../../experiments/coopetition/comparison/moments.ts';
import type { ReadRun } from '../../experiments/coopetition/read-run.ts';
import { describeRun } from '../../experiments/coopetition/run-info.ts';
import { scaleOf } from '../../experiments/coopetition/run-scale.ts';
import { LabError } from '../errors/lab-error.ts';
import type { Moments } from '../evaluate/moments.ts';
import {
  type CurveDifference,
  type SharedEvaluations,
  tableDifferences,
} from '../report/table-differences.ts';
import { configDifferences, isGrowable } from '../runs/config-hash.ts';

export interface MadeByDifference {
  /** `code.commit`, `machine.cpu`, `node`. */
  readonly what: string;
  /** Absent where the record of that run has no such thing. */
  readonly first: unknown;
  readonly second: unknown;
}

export interface SettingDifference {
  readonly path: string;
  /** Whether a run may go on with another value: its length and schedules. */
  readonly growable: boolean;
  readonly first: unknown;
  readonly second: unknown;
}

/** What `--json` writes. */
export interface RunDifferences {
  /** The first, the second. */
  readonly runs: readonly {
    readonly name: string;
    readonly id?: string;
    readonly folder: string;
    readonly state: string;
    readonly sequences: number;
    readonly trainSequences: number;
  }[];
  readonly settings: readonly SettingDifference[];
  readonly madeBy: readonly MadeByDifference[];
  readonly evaluations: SharedEvaluations;
  /** Evaluators that only one of them has. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
  readonly identical: boolean;
  readonly curves: readonly CurveDifference[];
  /** Of the first, of the second. */
  readonly moments: readonly Moments[];
  /** Whether Flip is highest at the last evaluation, so that moment 2 may yet be passed. */
  readonly peakSoFar: readonly boolean[];
  readonly ciwlLevel: ComparedMoments['ciwlLevel'];
}

/** @throws {LabError} exit code 64 where they have no evaluation in common */
export function compareRuns(first: ReadRun, second: ReadRun): RunDifferences {
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
