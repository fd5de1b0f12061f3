/**
 * A process of its own for one engine variant, started by `variant-process.ts`: options of Node hold for a whole
 * process. Builds a run of each shape it is asked for and measures it whenever it is told to; between that it sleeps.
 */
import { assembleRun } from '../runs/assemble.ts';
import { loadKernelModule } from '../runs/kernel-module.ts';
import { EngineBench } from './engine-bench.ts';
import type { MeasureReply, MeasureRequest } from './measure-messages.ts';
import { measuredConfig, type ShapeName } from './shapes.ts';

const benches = new Map<ShapeName, EngineBench>();

function benchOf(shape: ShapeName): EngineBench {
  const bench =
    benches.get(shape) ?? new EngineBench(assembleRun(measuredConfig(shape), loadKernelModule().module));
  benches.set(shape, bench);
  return bench;
}

process.on('message', ({ shape, steps }: MeasureRequest) => {
  const bench = benchOf(shape);
  const reply: MeasureReply = steps === 0 ? {} : { times: bench.measure(steps) };
  process.send?.(reply);
});
