/** Arrays for the gradients of a few parameters, kept between a backward pass and the sink that takes them. */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import type { GradientSink } from './gradient-sink.ts';
import type { Parameter, ParameterSet } from './parameter-set.ts';

export class Gradients {
  readonly #entries: ReadonlyMap<string, { parameter: Parameter; gradient: Numbers }>;

  /** @param training without it nothing is allocated, and a backward pass is a mistake. */
  constructor(kernels: Kernels, parameters: ParameterSet, names: readonly string[], training: boolean) {
    this.#entries = new Map(
      names.map((name) => {
        const parameter = parameters.get(name);
        return [name, { parameter, gradient: kernels.allocate(training ? parameter.size : 0) }];
      }),
    );
  }

  get(name: string): Numbers {
    return this.#entries.get(name)!.gradient;
  }

  arrays(): Numbers[] {
    return [...this.#entries.values()].map((entry) => entry.gradient);
  }

  give(sink: GradientSink): void {
    for (const { parameter, gradient } of this.#entries.values())
      sink.take(parameter, 0, gradient, 0, parameter.size);
  }
}
