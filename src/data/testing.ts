/** An exemplar source of a few numbers, for tests of what learns from one. */
import { dataConfigSchema } from './config.ts';
import type { ExemplarSource } from './exemplar-source.ts';
import { resolveData, type ResolvedData } from './resolved-data.ts';

/** Dimension of the ramps. */
export const rampDim = 4;
const exemplars = 3;

/** Classes that differ in a ramp of four numbers in [0, 1), exactly representable in float32. */
export function rampSource(classes: number): ExemplarSource {
  return {
    description: 'ramps',
    classes,
    exemplars,
    dim: rampDim,
    copyFeatures(classIndex, exemplar, out, at) {
      for (let i = 0; i < rampDim; i++)
        out[at + i] = Math.fround(((classIndex * 7 + i * 3 + exemplar) % 11) / 11);
    },
  };
}

/** The default data on such a source. */
export function rampData(source: ExemplarSource): ResolvedData {
  const { classes } = source;
  return resolveData(
    dataConfigSchema.parse({ source: { kind: 'synthetic', classes, exemplars, dim: 8 } }),
    source,
  );
}
