/**
 * Draws sequences: a pure function of (seed, stream, sequence number). Sequence s of a stream is the same whatever the
 * batch size and whatever was drawn before it, so a resumed run or a larger evaluator set never changes the sequences
 * it shares with a shorter one.
 */
import { CounterRandom } from '../engine/counter-random.ts';
import { LabError } from '../errors/lab-error.ts';
import { type ClassLaw, createClassLaw } from './class-law.ts';
import { ClassSampler } from './class-sampling.ts';
import { fillExemplars } from './exemplar-sampling.ts';
import { fillLabels } from './relabel.ts';
import type { SequenceBatch } from './sequence-batch.ts';
import {
  distributionProblems,
  type MixtureComponent,
  problemLine,
  type SequenceDistribution,
  type SequenceLimits,
} from './sequence-distribution.ts';

export interface SamplerOptions extends SequenceLimits {
  /** Exemplars drawn from: 0 .. exemplars - 1. */
  readonly exemplars: number;
  /** Kinds of sequences and their probabilities, which sum to 1; one component is the usual case. */
  readonly components: readonly MixtureComponent[];
  readonly seed: number;
  /** See `random-streams.ts`. */
  readonly stream: number;
}

/** Sequences of a stream are numbered below this. */
const maxSequences = 2 ** 32;

export class SequenceSampler {
  readonly options: SamplerOptions;
  readonly #random: CounterRandom;
  readonly #classSampler: ClassSampler;
  readonly #distributions: readonly SequenceDistribution[];
  readonly #laws: readonly ClassLaw[];
  /** Sum of the probabilities up to and including each component; the last counts as 1. */
  readonly #cumulative: Float64Array;

  /** @throws {LabError} when a component cannot be drawn within the given sizes. */
  constructor(options: SamplerOptions) {
    for (const { distribution } of options.components) {
      const [problem] = distributionProblems(distribution, options);
      if (problem) throw new LabError(problemLine(problem));
    }
    const lawOf = new Map<number, ClassLaw>();
    this.options = options;
    this.#random = new CounterRandom(options.seed, options.stream);
    this.#classSampler = new ClassSampler(options.classes);
    this.#distributions = options.components.map(({ distribution }) => distribution);
    this.#laws = this.#distributions.map(({ zipfExponent }) => {
      const law = lawOf.get(zipfExponent) ?? createClassLaw(options.classes, zipfExponent);
      lawOf.set(zipfExponent, law);
      return law;
    });
    let sum = 0;
    this.#cumulative = Float64Array.from(options.components, ({ probability }) => (sum += probability));
  }

  /** Fills the batch with the sequences of one training step: numbers `step * size` onwards. */
  fill(batch: SequenceBatch, step: number): void {
    this.fillFrom(batch, step * batch.size);
  }

  /**
   * Fills the batch with sequences `firstSequence`, `firstSequence + 1`, ... of the stream.
   * @throws {RangeError} when the batch has another context length, or a number is not below 2^32.
   */
  fillFrom(batch: SequenceBatch, firstSequence: number): void {
    if (batch.contextPairs !== this.options.contextPairs) {
      throw new RangeError(
        `sampler: batch has contextPairs = ${batch.contextPairs}; got a sampler for ${this.options.contextPairs}`,
      );
    }
    if (
      !Number.isSafeInteger(firstSequence) ||
      firstSequence < 0 ||
      firstSequence + batch.size > maxSequences
    ) {
      throw new RangeError(
        `sampler: sequence numbers must lie in 0..2^32 - 1; got ${firstSequence} + ${batch.size}`,
      );
    }
    batch.firstSequence = firstSequence;
    const { exemplars, labels } = this.options;
    const places = batch.contextPairs + 1;
    const random = this.#random;
    for (let i = 0, at = 0; i < batch.size; i++, at += places) {
      random.start(firstSequence + i);
      const component = this.#cumulative.length === 1 ? 0 : this.#drawComponent();
      const distribution = this.#distributions[component];
      this.#classSampler.fill(random, distribution, this.#laws[component], batch, at);
      fillExemplars(random, exemplars, distribution.matchExemplars, batch, at);
      fillLabels(random, distribution, labels, batch, at);
    }
  }

  #drawComponent(): number {
    const at = this.#random.uniform();
    const last = this.#cumulative.length - 1;
    let component = 0;
    while (component < last && at >= this.#cumulative[component]) component++;
    return component;
  }
}
