/** `iclab bench`: how fast this machine trains and evaluates, part by part. */
import { buildCommand } from '@stricli/core';
import { runBench } from '../measure/bench.ts';
import { engineVariants } from '../measure/engine-variant.ts';
import { type ShapeName, shapeNames } from '../measure/shapes.ts';
import { benchText } from './bench-text.ts';
import type { LabContext } from './context.ts';
import { jsonFlag } from './flags.ts';

interface BenchFlags {
  readonly shape?: ShapeName;
  readonly rounds: number;
  readonly steps: number;
  readonly patience: number;
  readonly json?: boolean;
}

async function bench(this: LabContext, { shape, rounds, steps, patience, json }: BenchFlags): Promise<void> {
  const { stdout } = this.process;
  const shapes = shape === undefined ? shapeNames : [shape];
  const options = { shapes, variants: engineVariants(), rounds, steps, patienceMs: 1000 * patience };
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
  iclab bench --shape paper --json`,
  },
});
