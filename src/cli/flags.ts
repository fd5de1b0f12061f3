/** Flags that several commands have, each defined once. */
import { mostThreads } from '../runs/threads/thread-count.ts';
import type { VectorWish } from '../runs/vector-width.ts';

/** For stricli: a folder's path. @throws {Error} which it turns into its message */
function parseFolder(text: string): string {
  if (text.trim() === '') throw new Error('expected a folder');
  return text;
}

/** For stricli: a seed on the command line. @throws {Error} which it turns into its message */
export function parseSeed(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32) {
    throw new Error('expected an integer from 0 to 4294967295');
  }
  return Number(text);
}

/** What one command may start. */
const mostRuns = 1000;

/** For stricli: `101..105`, `101,103` or both. @throws {Error} which it turns into its message */
function parseSeeds(text: string): number[] {
  const expected = new Error(
    'expected several seeds, like 101..105 or 101,103 (--runs 5 makes five runs, --seed 5 one)',
  );
  const seeds = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^(\d{1,10})(?:\.\.(\d{1,10}))?$/.exec(part) ?? [];
    if (from === undefined) throw expected;
    const [first, last] = [parseSeed(from), parseSeed(to)];
    if (last < first) throw expected;
    // Before they are made: there may be billions.
    if (last - first >= mostRuns) throw tooMany();
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  if (/^\d+$/.test(text)) throw expected;
  if (seeds.length > mostRuns) throw tooMany();
  return seeds;
}

function tooMany(): Error {
  return new Error(`expected at most ${mostRuns} seeds`);
}

/** For stricli: a number of runs. @throws {Error} which it turns into its message */
function parseRuns(text: string): number {
  const runs = Number(text);
  if (!/^\d{1,4}$/.test(text) || runs < 1 || runs > mostRuns) {
    throw new Error(`expected an integer from 1 to ${mostRuns}`);
  }
  return runs;
}

/** For stricli: a number of threads on the command line. @throws {Error} which it turns into its message */
export function parseThreads(text: string): number {
  const threads = Number(text);
  if (!/^\d{1,3}$/.test(text) || threads < 1 || threads > mostThreads) {
    throw new Error(`expected an integer from 1 to ${mostThreads}`);
  }
  return threads;
}

/** For stricli: a number of sequences, `300000`, `300k` or `1.2M`. @throws {Error} which it turns into its message */
export function parseSequences(text: string): number {
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,6})?)([kM]?)$/.exec(text) ?? [];
  const sequences =
    Math.round(Number(digits) * { '': 1, k: 1e3, M: 1e6 }[unit as '' | 'k' | 'M'] * 1e6) / 1e6;
  if (digits === undefined || !Number.isSafeInteger(sequences)) {
    throw new Error('expected a number of sequences like 300000, 300k or 1.2M');
  }
  return sequences;
}

/** For stricli: a whole number from 0. @throws {Error} which it turns into its message */
export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error('expected a whole number from 0');
  return Number(text);
}

/** Interventions, one line each (docs/interventions.md). */
export const interveneFlag = {
  kind: 'parsed',
  parse: String,
  optional: true,
  variadic: true,
  placeholder: 'spec',
} as const;

/** A flag without a value. */
export function switchFlag(brief: string) {
  return { kind: 'boolean', optional: true, withNegated: false, brief } as const;
}

export function outFlag(brief: string) {
  return { kind: 'parsed', parse: parseFolder, optional: true, placeholder: 'folder', brief } as const;
}

export function jsonFlag(brief = 'As JSON') {
  return switchFlag(brief);
}

const vectorWishes = ['auto', '128', '256'] as const;

/** Of the commands that train. */
export interface RunFlags {
  readonly out?: string;
  readonly seed?: number;
  readonly seeds?: readonly number[];
  readonly runs?: number;
  readonly jobs?: number;
  readonly vectors?: (typeof vectorWishes)[number];
  readonly threads?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const runFlags = {
  seed: {
    kind: 'parsed',
    parse: parseSeed,
    optional: true,
    placeholder: 'n',
    brief: 'Sets seeds.init, seeds.train and data.source.seed',
  },
  seeds: {
    kind: 'parsed',
    parse: parseSeeds,
    optional: true,
    placeholder: 'n..n',
    brief: 'A run for each of these seeds: 101..105 or 101,103',
  },
  runs: {
    kind: 'parsed',
    parse: parseRuns,
    optional: true,
    placeholder: 'n',
    brief: 'So many runs: the seeds count up, from --seed where that is given',
  },
  jobs: {
    kind: 'parsed',
    parse: parseRuns,
    optional: true,
    placeholder: 'n',
    brief: 'Of several runs so many at once; default: one for each core, as far as memory goes',
  },
  vectors: {
    kind: 'enum',
    values: vectorWishes,
    optional: true,
    brief:
      "Bits of the engine's vectors; default auto: 256 where V8 has them. Speed alone, no number changes",
  },
  threads: {
    kind: 'parsed',
    parse: parseThreads,
    optional: true,
    placeholder: 'n',
    brief: 'Threads to compute with: no number changes; default: what machine and model have use for',
  },
  dryRun: switchFlag('Check everything, say what it would do, write nothing'),
  json: jsonFlag('One JSON object per event, for programs (docs/events.md)'),
} as const;

/** What was asked for, as a run takes it. */
export function vectorWish({ vectors }: Pick<RunFlags, 'vectors'>): VectorWish {
  if (vectors === undefined || vectors === 'auto') return 'auto';
  return vectors === '128' ? 128 : 256;
}
