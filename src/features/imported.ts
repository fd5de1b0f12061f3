/** Arrays out of files of others, as an exemplar source: `[classes, exemplars, dim]`. */
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { dataError } from '../formats/data-error.ts';
import type { NumberArray } from '../formats/npy.ts';

/**
 * @param file what to call it in errors
 * @param name what the features are
 * @throws {LabError} exit code 65 for an array of another shape
 */
export function importedSource({ shape, values }: NumberArray, file: string, name: string): ExemplarSource {
  assertShape(shape, file);
  const [classes, exemplars, dim] = shape;
  return {
    description: name,
    classes,
    exemplars,
    dim,
    copyFeatures(classIndex, exemplar, out, at) {
      const from = (classIndex * exemplars + exemplar) * dim;
      for (let i = 0; i < dim; i++) out[at + i] = values[from + i];
    },
  };
}

/** @throws {LabError} exit code 65 */
export function assertShape(shape: readonly number[], file: string): void {
  const [classes, exemplars, dim] = shape;
  if (shape.length === 3 && classes >= 2 && exemplars >= 1 && dim >= 1) return;
  throw dataError(
    file,
    '',
    `expected an array [classes, exemplars, dim] of at least 2 classes; got [${shape.slice(0, 8).join(', ')}]`,
  );
}
