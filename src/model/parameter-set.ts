/** A model's weights in an engine's memory: one array per parameter, in the order of `parameters.ts`. */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { Kernels, Numbers } from '../engine/kernels.ts';
import type { ModelShape } from './config.ts';
import { parameterSpecs } from './parameters.ts';
import type { ParameterSpec } from './parameters.ts';

/** One parameter: where it stands in the list and its numbers, row-major. */
export interface Parameter extends ParameterSpec {
  readonly index: number;
  readonly data: Numbers;
}

export class ParameterSet {
  readonly list: readonly Parameter[];
  readonly #byName: ReadonlyMap<string, Parameter>;

  /**
   * Zeroed weights for a model.
   * @param given numbers of other sets to share instead, by parameter name
   */
  constructor(shape: ModelShape, kernels: Kernels, given?: (name: string) => Numbers) {
    this.list = parameterSpecs(shape).map((spec, index) => ({
      ...spec,
      index,
      data: given?.(spec.name) ?? kernels.allocate(spec.size),
    }));
    this.#byName = new Map(this.list.map((parameter) => [parameter.name, parameter]));
  }

  /** The parameter of that name. @throws Error when the model has none: a mistake in the program, not of a user. */
  get(name: string): Parameter {
    const parameter = this.#byName.get(name);
    if (!parameter) throw new Error(`model: no parameter "${name}"`);
    return parameter;
  }

  /**
   * Copies weights in. @throws LabError unless exactly this model's parameters are there, each with its size, before
   * anything is changed.
   */
  load(weights: ReadonlyMap<string, ArrayLike<number>>): void {
    for (const { name, size } of this.list) {
      const given = weights.get(name);
      if (!given)
        throw new LabError(`weights: "${name}" is missing; is this another model's file?`, exitCodes.badData);
      if (given.length !== size) {
        throw new LabError(
          `weights: "${name}": expected ${size} numbers; got ${given.length}`,
          exitCodes.badData,
        );
      }
    }
    for (const name of weights.keys()) {
      if (!this.#byName.has(name))
        throw new LabError(`weights: "${name}" is not part of this model`, exitCodes.badData);
    }
    for (const { name, data } of this.list) data.set(weights.get(name)!);
  }
}
