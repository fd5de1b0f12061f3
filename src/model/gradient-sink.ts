/**
 * Where gradients go. The backward pass hands over each piece of each parameter's gradient exactly once, in a fixed
 * order, while it is still in the cache; an optimizer applies it at once, a test keeps it.
 */
import type { Numbers } from '../engine/kernels.ts';
import type { Parameter } from './parameter-set.ts';

export interface GradientSink {
  /** Whether a parameter stays as it is, so that its gradient need not be handed over; default none does. */
  isFrozen?(name: string): boolean;
  /** Gradient of `parameter.data[offset .. offset + length)` stands at `gradient[at ..]`; not to be kept. */
  take(parameter: Parameter, offset: number, gradient: Numbers, at: number, length: number): void;
  /** The gradient of that range is zero. */
  takeZero(parameter: Parameter, offset: number, length: number): void;
}
