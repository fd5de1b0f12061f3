/** What a figure must be told about a run, from the run's own config and record. Pure. */
import { stringify } from 'yaml';
import { seedsOf } from '../../src/runs/config.ts';
import { type ReadRun, standingText } from './read-run.ts';
import type { ScaleFound } from './run-scale.ts';
import type { Facts, RunInfo } from './scale.ts';

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

/** @param found the scale it is drawn and judged at: its own settings' or the one it was asked for */
export function describeRun(run: ReadRun, found: ScaleFound): RunInfo {
  const { name, id, config, record } = run;
  const { platform, arch, cpu, cpus } = record.machine;
  const { changed } = record.code;
  const standing = standingText(run);
  return {
    name,
    ...(id === undefined ? {} : { id }),
    ...found,
    ...(standing === undefined ? {} : { standing }),
    source: record.source,
    seeds: seedsOf(config),
    labels: config.data.labels ?? config.data.classes ?? config.data.source.classes,
    trainSequences: config.train.trainSequences,
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
