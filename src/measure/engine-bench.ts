/** Times one assembled run: the phases of its step, Adam alone, its evaluation, and the product that bounds them. */
import type { Kernels } from '../engine/kernels.ts';
import type { StepPhase } from '../train/trainer.ts';
import type { VariantRun } from './engine-variant.ts';
import { gemmPeak, threadsGemmPeak } from './gemm-peak.ts';
import { summarise, type Summary } from './statistics.ts';

/** Phases of a step in their order, all of it, and what is measured beside it. Milliseconds. */
export const timedParts = [
  'sampling',
  'forward',
  'unembedding',
  'backward',
  'update',
  'step',
  'Adam alone',
  'evaluation',
] as const;
export type TimedPart = (typeof timedParts)[number];

export interface RoundTimes {
  readonly parts: Readonly<Record<TimedPart, Summary>>;
  /** Of the product in the cache, one thread. */
  readonly gemmPeakGflops: number;
  /** The same of all threads at once: before the steps or after them, whichever was less. */
  readonly threadsGflops: number;
  /** Memory of the whole process with its runs in it. */
  readonly residentMebibytes: number;
}

export class EngineBench {
  readonly #run: VariantRun;
  readonly #adam: () => void;
  readonly #threadsPeak: () => number;

  constructor(run: VariantRun) {
    this.#run = run;
    this.#threadsPeak = threadsGemmPeak(run.kernels);
    this.#adam = adamAlone(
      run.kernels,
      run.trainer.model.parameters.list.reduce((sum, parameter) => sum + parameter.size, 0),
    );
  }

  /** @param steps timed steps, after a third as many to warm up */
  measure(steps: number): RoundTimes {
    const before = this.#threadsPeak();
    const stepTimes = this.#steps(steps);
    return {
      threadsGflops: Math.min(before, this.#threadsPeak()),
      parts: {
        ...stepTimes,
        'Adam alone': timed(this.#adam, Math.min(steps, 40)),
        evaluation: this.#evaluation(),
      },
      gemmPeakGflops: gemmPeak(this.#run.kernelModule),
      residentMebibytes: Math.round(process.memoryUsage().rss / 2 ** 20),
    };
  }

  #steps(steps: number): Record<StepPhase | 'step', Summary> {
    const { trainer } = this.#run;
    const times: Record<StepPhase | 'step', number[]> = {
      sampling: [],
      forward: [],
      unembedding: [],
      backward: [],
      update: [],
      step: [],
    };
    let last = 0;
    trainer.onPhase = (phase) => {
      const at = performance.now();
      times[phase].push(at - last);
      last = at;
    };
    const warmup = Math.ceil(steps / 3);
    for (let step = 0; step < warmup + steps; step++) {
      if (step === warmup) for (const list of Object.values(times)) list.length = 0;
      const start = performance.now();
      last = start;
      trainer.trainStep();
      times.step.push(performance.now() - start);
    }
    trainer.onPhase = undefined;
    return {
      sampling: summarise(times.sampling),
      forward: summarise(times.forward),
      unembedding: summarise(times.unembedding),
      backward: summarise(times.backward),
      update: summarise(times.update),
      step: summarise(times.step),
    };
  }

  /** Milliseconds per batch of 32 sequences, one figure for each evaluator. */
  #evaluation(): Summary {
    const { evaluator, trainer } = this.#run;
    const times: number[] = [];
    let start = performance.now();
    for (const evaluation of evaluator.evaluate(trainer.sequencesSeen, trainer.step)) {
      if (!evaluation) continue;
      times.push(((performance.now() - start) * 32) / evaluation.record.n);
      start = performance.now();
    }
    return summarise(times);
  }
}

/** Adam on arrays as large as the model's weights and as cold. */
function adamAlone(kernels: Kernels, size: number): () => void {
  const [w, m, v, g] = Array.from({ length: 4 }, () => kernels.allocate(size));
  g.fill(1e-3);
  const step = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, stepSize: 1e-9, secondCorrection: 1 };
  return () => {
    kernels.adam(w, 0, m, 0, v, 0, g, 0, size, 0, step);
  };
}

function timed(work: () => void, repeats: number): Summary {
  const times: number[] = [];
  const warmup = Math.ceil(repeats / 3);
  for (let i = 0; i < warmup + repeats; i++) {
    const start = performance.now();
    work();
    if (i >= warmup) times.push(performance.now() - start);
  }
  return summarise(times);
}
