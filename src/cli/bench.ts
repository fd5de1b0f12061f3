/** `iclab bench`: how fast this machine trains and evaluates, part by part. */
import { buildCommand } from '@stricli/core';
import { type BenchOptions, runBench } from '../measure/bench.ts';
import { engineVariants } from '../measure/engine-variant.ts';
import { type ShapeName, shapeNames } from '../measure/shapes.ts';
import type { VectorBits } from '../runs/vector-width.ts';
import { benchText } from './bench-text.ts';
import type { LabContext } from './context.ts';
import { jsonFlag, parseThreads } from './flags.ts';

interface BenchFlags {
  readonly shape?: ShapeName;
  readonly rounds: number;
  readonly steps: number;
  readonly patience: number;
  readonly totalPatience?: number;
  readonly threads?: readonly number[];
  readonly vectors?: readonly VectorBits[];
  readonly json?: boolean;
}

async function bench(this: LabContext, flags: BenchFlags): Promise<void> {
  const { stdout } = this.process;
  const { shape, rounds, steps, patience, totalPatience, json } = flags;
  const options: BenchOptions = {
    shapes: shape === undefined ? shapeNames : [shape],
    variants: engineVariants(flags),
    rounds,
    steps,
    patienceMs: 1000 * patience,
    totalPatienceMs: totalPatience === undefined ? undefined : 1000 * totalPatience,
  };
  const result = await runBench(options, (what) => {
    if (!json && stdout.isTerminal) stdout.write(`${what}\n`);
  });
  stdout.write(json ? `${JSON.stringify(result)}\n` : benchText(result));
}

/** For stricli. @throws {Error} which it turns into its message */
function parseSeconds(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new Error('expected whole seconds, from 0 to 9999');
  return Number(text);
}

/** For stricli. @throws {Error} which it turns into its message */
function parseCount(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0) throw new Error('expected an integer from 1 to 999999');
  return Number(text);
}

/** For stricli: `1,2,4`. @throws {Error} which it turns into its message */
function parseThreadCounts(text: string): number[] {
  return inOrder(text.split(',').map(parseThreads));
}

/** For stricli: `128`, `256` or both. @throws {Error} which it turns into its message */
function parseWidths(text: string): VectorBits[] {
  const widths = text.split(',').map((width): VectorBits => {
    if (width !== '128' && width !== '256') throw new Error('expected 128, 256 or 128,256');
    return width === '128' ? 128 : 256;
  });
  return inOrder(widths);
}

/** Each once, the smallest first: they are columns of a table. */
function inOrder<T extends number>(values: readonly T[]): T[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

export const benchCommand = buildCommand<BenchFlags, [], LabContext>({
  func: bench,
  parameters: {
    flags: {
      shape: {
        kind: 'enum',
        values: shapeNames,
        optional: true,
        brief: 'Measure only this shape',
      },
      rounds: {
        kind: 'parsed',
        parse: parseCount,
        default: '3',
        placeholder: 'n',
        brief: 'Repeat everything so often, in turns',
      },
      steps: {
        kind: 'parsed',
        parse: parseCount,
        default: '150',
        placeholder: 'n',
        brief: 'Timed steps of a round at the paper shape; fewer where a step is longer',
      },
      patience: {
        kind: 'parsed',
        parse: parseSeconds,
        default: '10',
        placeholder: 's',
        brief: 'Seconds for which a timing is put off and repeated while others compute',
      },
      totalPatience: {
        kind: 'parsed',
        parse: parseSeconds,
        optional: true,
        placeholder: 's',
        brief: 'The same for all timings together; default: no limit but that of each',
      },
      threads: {
        kind: 'parsed',
        parse: parseThreadCounts,
        optional: true,
        placeholder: 'n,n',
        brief: 'Measure only these numbers of threads; default 1, 2, 4, 8 up to the cores',
      },
      vectors: {
        kind: 'parsed',
        parse: parseWidths,
        optional: true,
        placeholder: 'bits',
        brief: 'Measure only 128 or only 256 bits; default: all this Node has',
      },
      json: jsonFlag(),
    },
  },
  docs: {
    brief: 'Measure how fast this machine trains',
    fullDescription: `Measure how fast this machine trains: the phases of a step, the whole step, an evaluation, and the matrix product that
bounds them, for the papers' two model shapes, on 128-bit vectors and, where this Node has them, on 256-bit ones. A
timing waits until the machine is idle and is repeated where somebody else computed meanwhile; close other programs first.

EXAMPLES
  iclab bench
  iclab bench --shape paper --json
  iclab bench --shape paper --threads 2 --vectors 256       one column
  iclab bench --patience 30 --total-patience 120            on a machine that others use too`,
  },
});
