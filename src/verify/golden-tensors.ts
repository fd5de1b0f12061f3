/** The tensors of a golden file, taken one by one and checked: none may be missing, of another shape or left over. */
import { dataError, quoted } from '../formats/data-error.ts';
import { type Tensor, tensorNumbers } from '../formats/safetensors.ts';
import type { ModelShape } from '../model/config.ts';
import { parameterSpecs } from '../model/parameters.ts';

/** Takes tensors by name, checks shape and values, and notices what nobody took. */
export class TensorReader {
  readonly #tensors: Map<string, Tensor>;
  readonly #shape: ModelShape;
  readonly #file: string;

  constructor(tensors: Map<string, Tensor>, shape: ModelShape, file: string) {
    this.#tensors = new Map(tensors);
    this.#shape = shape;
    this.#file = file;
  }

  names(): string[] {
    return [...this.#tensors.keys()];
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** Removes a tensor and gives its numbers, finite and of the shape expected (any when undefined). */
  take(name: string, expected?: readonly number[]): { shape: readonly number[]; values: Float64Array } {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw this.#fail(name, 'missing');
    this.#tensors.delete(name);
    const { shape } = tensor;
    if (expected && (shape.length !== expected.length || shape.some((dim, i) => dim !== expected[i]))) {
      throw this.#fail(name, `shape [${shape.join(', ')}], expected [${expected.join(', ')}] by the config`);
    }
    const values = new Float64Array(tensorNumbers(tensor, this.#file, name));
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw this.#fail(name, `element ${bad} is ${values[bad]}`);
    return { shape, values };
  }

  /** Every parameter tensor with that prefix; all of the model's unless `some`. */
  parameters(prefix: string, some = false): Map<string, Float64Array> {
    const found = new Map<string, Float64Array>();
    for (const { name, shape } of parameterSpecs(this.#shape)) {
      if (some && !this.has(prefix + name)) continue;
      found.set(name, this.take(prefix + name, shape).values);
    }
    return found;
  }

  /** Nothing may be left over: an ignored tensor would be an unmade check. */
  finish(): void {
    for (const name of this.#tensors.keys()) throw this.#fail(name, 'unknown tensor for this config');
  }

  fail(name: string, problem: string) {
    return this.#fail(name, problem);
  }

  #fail(name: string, problem: string) {
    return dataError(this.#file, quoted(name), problem);
  }
}
