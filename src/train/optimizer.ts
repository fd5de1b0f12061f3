/**
 * Adam and SGD as sinks of gradients: each piece is applied the moment the backward pass hands it over. L2 in both
 * forms adds `decay * w` to the gradient of a tensor: 2 lambda for lambda ||theta||^2, lambda / ||w||_2 for the
 * released code's sum of norms (docs/specification.md, "Model", and where the released code differs), 0 where the tensor is all zero.
 */
import type { AdamStep, Kernels, Numbers } from '../engine/kernels.ts';
import type { GradientSink } from '../model/gradient-sink.ts';
import type { Parameter, ParameterSet } from '../model/parameter-set.ts';
import type { TrainConfig } from './config.ts';
import { scheduleFactor } from './schedule.ts';

/** A named tensor of the optimizer's own: `adam.m.<parameter>`, `adam.v.<parameter>`. */
export interface OptimizerTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Numbers;
}

type AdamSettings = Extract<TrainConfig['optimizer'], { kind: 'adam' }>;

export interface Optimizer extends GradientSink {
  /**
   * Prepares a step; the pieces that follow are applied at its rate.
   * @param step counted from 1
   * @returns what the regularisation adds to the loss
   */
  begin(step: number): number;
  /** Whether everything written since `begin` is finite. */
  readonly isSound: boolean;
  /** Everything that must be saved besides the weights. */
  readonly tensors: readonly OptimizerTensor[];
}

const nothing: ReadonlySet<string> = new Set();

/** @param frozen parameters that stay as they are: no state is kept of them, and L2 leaves them out */
export function createOptimizer(
  config: TrainConfig,
  kernels: Kernels,
  parameters: ParameterSet,
  frozen: ReadonlySet<string> = nothing,
): Optimizer {
  return config.optimizer.kind === 'adam'
    ? new Adam(config, config.optimizer, kernels, parameters, frozen)
    : new Sgd(config, kernels, parameters, frozen);
}

/** base^exponent by repeated squaring: Math.pow differs between engines. */
function integerPower(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** The coefficient of w that L2 adds to each tensor's gradient, renewed every step. */
class Regularisation {
  readonly decay: Float64Array;
  readonly #config: TrainConfig['l2'];
  readonly #kernels: Kernels;
  readonly #trained: readonly Parameter[];

  constructor(
    config: TrainConfig['l2'],
    kernels: Kernels,
    parameters: ParameterSet,
    frozen: ReadonlySet<string>,
  ) {
    this.#config = config;
    this.#kernels = kernels;
    this.#trained = parameters.list.filter(({ name }) => !frozen.has(name));
    this.decay = kernels.allocateDoubles(parameters.list.length);
  }

  /** @returns what it adds to the loss */
  begin(): number {
    const l2 = this.#config;
    if (l2.kind === 'none' || l2.lambda === 0) return 0;
    let penalty = 0;
    for (const { index, data, size } of this.#trained) {
      const squares = this.#kernels.sumSquares(data, 0, size);
      const norm = Math.sqrt(squares);
      penalty += l2.lambda * (l2.kind === 'squared' ? squares : norm);
      this.decay[index] = l2.kind === 'squared' ? 2 * l2.lambda : norm > 0 ? l2.lambda / norm : 0;
    }
    return penalty;
  }
}

/** The part of an Adam step that changes with every step, where all threads see it. */
class SharedAdamStep implements AdamStep {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly #numbers: Float64Array;

  constructor({ beta1, beta2, epsilon }: AdamSettings, kernels: Kernels) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.#numbers = kernels.allocateDoubles(2);
  }

  get stepSize(): number {
    return this.#numbers[0];
  }

  get secondCorrection(): number {
    return this.#numbers[1];
  }

  /** @param rate of this step. @param step counted from 1 */
  begin(rate: number, step: number): void {
    this.#numbers[0] = rate / (1 - integerPower(this.beta1, step));
    this.#numbers[1] = 1 / Math.sqrt(1 - integerPower(this.beta2, step));
  }
}

/** Whether all that was written is finite, told by whichever thread wrote it. */
class Soundness {
  /** 0, or NaN once something was written that is not finite. Every thread that writes it writes the same. */
  readonly #flag: Float64Array;

  constructor(kernels: Kernels) {
    this.#flag = kernels.allocateDoubles(1);
  }

  get isSound(): boolean {
    return this.#flag[0] === 0;
  }

  begin(): void {
    this.#flag[0] = 0;
  }

  /** @param result what a step's kernel returned */
  add(result: number): void {
    if (result !== 0) this.#flag[0] = Number.NaN;
  }
}

class Adam implements Optimizer {
  readonly tensors: readonly OptimizerTensor[];
  readonly #train: TrainConfig;
  readonly #adam: AdamSettings;
  readonly #kernels: Kernels;
  readonly #regularisation: Regularisation;
  readonly #m: readonly Numbers[];
  readonly #v: readonly Numbers[];
  readonly #step: SharedAdamStep;
  readonly #soundness: Soundness;
  readonly #frozen: ReadonlySet<string>;

  constructor(
    train: TrainConfig,
    adam: AdamSettings,
    kernels: Kernels,
    parameters: ParameterSet,
    frozen: ReadonlySet<string>,
  ) {
    this.#train = train;
    this.#frozen = frozen;
    this.#adam = adam;
    this.#kernels = kernels;
    this.#regularisation = new Regularisation(train.l2, kernels, parameters, frozen);
    const moments = () =>
      parameters.list.map(({ name, size }) => kernels.allocate(frozen.has(name) ? 0 : size));
    this.#m = moments();
    this.#v = moments();
    const trained = parameters.list.filter(({ name }) => !frozen.has(name));
    this.tensors = trained.flatMap(({ name, shape, index }) => [
      { name: `adam.m.${name}`, shape, data: this.#m[index] },
      { name: `adam.v.${name}`, shape, data: this.#v[index] },
    ]);
    this.#step = new SharedAdamStep(adam, kernels);
    this.#soundness = new Soundness(kernels);
  }

  get isSound(): boolean {
    return this.#soundness.isSound;
  }

  begin(step: number): number {
    this.#soundness.begin();
    this.#step.begin(this.#adam.rate * scheduleFactor(this.#train.schedule, step), step);
    return this.#regularisation.begin();
  }

  isFrozen(name: string): boolean {
    return this.#frozen.has(name);
  }

  take(
    { index, name, data }: Parameter,
    offset: number,
    gradient: Numbers,
    at: number,
    length: number,
  ): void {
    if (this.#frozen.has(name)) return;
    const decay = this.#regularisation.decay[index];
    this.#soundness.add(
      this.#kernels.adam(
        data,
        offset,
        this.#m[index],
        offset,
        this.#v[index],
        offset,
        gradient,
        at,
        length,
        decay,
        this.#step,
      ),
    );
  }

  takeZero({ index, name, data }: Parameter, offset: number, length: number): void {
    if (this.#frozen.has(name)) return;
    const decay = this.#regularisation.decay[index];
    this.#soundness.add(
      this.#kernels.adamZeroGradient(
        data,
        offset,
        this.#m[index],
        offset,
        this.#v[index],
        offset,
        length,
        decay,
        this.#step,
      ),
    );
  }
}

class Sgd implements Optimizer {
  readonly tensors: readonly OptimizerTensor[] = [];
  readonly #train: TrainConfig;
  readonly #kernels: Kernels;
  readonly #regularisation: Regularisation;
  readonly #zero: Numbers;
  /** The rate of this step, where all threads see it. */
  readonly #rate: Float64Array;
  readonly #soundness: Soundness;
  readonly #frozen: ReadonlySet<string>;

  constructor(train: TrainConfig, kernels: Kernels, parameters: ParameterSet, frozen: ReadonlySet<string>) {
    this.#train = train;
    this.#frozen = frozen;
    this.#kernels = kernels;
    this.#regularisation = new Regularisation(train.l2, kernels, parameters, frozen);
    this.#zero = kernels.allocate(Math.max(...parameters.list.map(({ size }) => size)));
    this.#rate = kernels.allocateDoubles(1);
    this.#soundness = new Soundness(kernels);
  }

  get isSound(): boolean {
    return this.#soundness.isSound;
  }

  begin(step: number): number {
    this.#soundness.begin();
    this.#rate[0] = this.#train.optimizer.rate * scheduleFactor(this.#train.schedule, step);
    return this.#regularisation.begin();
  }

  isFrozen(name: string): boolean {
    return this.#frozen.has(name);
  }

  take(
    { index, name, data }: Parameter,
    offset: number,
    gradient: Numbers,
    at: number,
    length: number,
  ): void {
    if (this.#frozen.has(name)) return;
    const decay = this.#regularisation.decay[index];
    this.#soundness.add(this.#kernels.sgd(data, offset, gradient, at, length, decay, this.#rate[0]));
  }

  takeZero(parameter: Parameter, offset: number, length: number): void {
    // Without L2 nothing changes, but what is not finite is noticed.
    this.take(parameter, offset, this.#zero, 0, length);
  }
}
