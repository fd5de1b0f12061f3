/** What a figure must be told about a run, from the run's own config and record. Pure. */
import { stringify } from 'yaml';
import type { RunConfig } from '../../src/runs/config.ts';
import type { RunRecord } from '../../src/runs/run-record.ts';
import type { Facts, RunInfo, Scale } from './scale.ts';

interface DescribedRun {
  readonly scale: Scale;
  readonly config: RunConfig;
  readonly record: RunRecord;
  /** The exemplar source's own description. */
  readonly source: string;
  readonly labels: number;
  /** Length of a run of this scale in sequences, as its preset says, overrides aside. */
  readonly scaleSequences: number;
}

/** A command as it could be typed again: words with anything but plain characters in single quotes. */
export function shellText(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/** Simple values as they are, others as JSON; what is undefined is left out. */
function facts(values: Readonly<Record<string, unknown>>): Facts {
  const simple = (value: unknown): string | number | boolean =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : JSON.stringify(value);
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, simple(value)]));
}

export function describeRun(run: DescribedRun): RunInfo {
  const { scale, config, record, source, labels, scaleSequences } = run;
  const { platform, arch, cpu, cpus } = record.machine;
  const { changed } = record.code;
  return {
    scale,
    source,
    seeds: { ...config.seeds, source: config.data.source.seed },
    labels,
    trainSequences: config.train.trainSequences,
    scaleSequences,
    command: shellText(record.command),
    config: stringify(config),
    begun: record.started,
    engine: facts(record.engine),
    machine: {
      'Node.js': record.node,
      Machine: `${platform} ${arch}, ${cpu}, ${cpus} ${cpus === 1 ? 'core' : 'cores'}`,
    },
    code: facts({
      version: record.code.version,
      commit: record.code.commit,
      'uncommitted changes': changed === undefined ? undefined : changed ? 'yes' : 'no',
    }),
  };
}
