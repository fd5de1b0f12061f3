/** Arrays for the gradients of a few parameters, kept between a backward pass and the sink that takes them. */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import { shareOf } from '../engine/threads/share-of.ts';
import type { GradientSink } from './gradient-sink.ts';
import type { Parameter, ParameterSet } from './parameter-set.ts';

/** A gradient kept whole, by the name of its parameter. */
export interface NamedGradient {
  readonly name: string;
  readonly gradient: Numbers;
}

export class Gradients {
  readonly list: readonly (NamedGradient & { readonly parameter: Parameter })[];

  /** @param training without it nothing is allocated, and a backward pass is a mistake. */
  constructor(kernels: Kernels, parameters: ParameterSet, names: readonly string[], training: boolean) {
    this.list = names.map((name) => {
      const parameter = parameters.get(name);
      return { name, parameter, gradient: kernels.allocate(training ? parameter.size : 0) };
    });
  }

  /** The gradient of one of the parameters it was made for. */
  get(name: string): Numbers {
    return this.list.find((entry) => entry.name === name)!.gradient;
  }

  /** Adds those of another pass through the same weights. */
  add(other: Gradients): void {
    for (const [i, { gradient }] of this.list.entries()) {
      const theirs = other.list[i].gradient;
      for (let at = 0; at < gradient.length; at++) gradient[at] += theirs[at];
    }
  }

  /** Hands over one of `shares` disjoint parts of them. */
  give(sink: GradientSink, share: number, shares: number): void {
    for (const { parameter, gradient } of this.list) {
      const [from, count] = shareOf(share, shares, parameter.size, 8);
      if (count > 0) sink.take(parameter, from, gradient, from, count);
    }
  }
}
