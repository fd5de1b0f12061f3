/**
 * A process of its own for one engine variant, started by `variant-process.ts` with the variant as its words. Builds a
 * run of each shape it is asked for and measures it whenever it is told to; between that it sleeps.
 */
import { EngineBench } from './engine-bench.ts';
import { openVariant, variantFromWords } from './engine-variant.ts';
import type { MeasureReply, MeasureRequest } from './measure-messages.ts';
import { measuredConfig, type ShapeName } from './shapes.ts';

const benches = new Map<ShapeName, EngineBench>();

async function benchOf(shape: ShapeName): Promise<EngineBench> {
  const variant = variantFromWords(process.argv.slice(2));
  const bench = benches.get(shape) ?? new EngineBench(await openVariant(variant, measuredConfig(shape)));
  benches.set(shape, bench);
  return bench;
}

async function answer({ shape, steps }: MeasureRequest): Promise<MeasureReply> {
  const bench = await benchOf(shape);
  return steps === 0 ? {} : { times: bench.measure(steps) };
}

process.on('message', (request: MeasureRequest) => {
  // What goes wrong ends the process, with its own words.
  void answer(request).then((reply) => process.send?.(reply));
});
