/** Times the phases of a training step of a run's config, and the matrix product that bounds them. */
import type { Kernels } from '../src/engine/kernels.ts';
import { assembleRun } from '../src/runs/assemble.ts';
import type { RunConfig } from '../src/runs/config.ts';
import type { StepPhase } from '../src/train/trainer.ts';
import { summarise } from './statistics.ts';
import type { Summary } from './statistics.ts';

export type MeasuredPhase = StepPhase | 'step';

export interface StepTimes {
  /** Milliseconds. */
  readonly phases: Readonly<Record<MeasuredPhase, Summary>>;
  /** Adam over every weight, milliseconds: part of `update`, measured alone. */
  readonly adam: Summary;
  /** Memory of the whole process with one run in it, MiB. */
  readonly residentMegabytes: number;
  /** GFLOP/s of the 2 x 4 tile product on data in the level-1 cache. */
  readonly gemmPeak: number;
}

const now = () => performance.now();

/** Highest GFLOP/s of a 64 x 32 x 64 product among many tries. */
function gemmPeak(kernels: Kernels): number {
  const [a, b, c] = [kernels.allocate(64 * 64), kernels.allocate(64 * 32), kernels.allocate(64 * 32)];
  let best = Infinity;
  for (let tries = 0; tries < 60; tries++) {
    const start = now();
    for (let i = 0; i < 200; i++) kernels.matmul(c, 0, 32, a, 0, 64, 1, b, 0, 32, 64, 32, 64, false);
    best = Math.min(best, now() - start);
  }
  return (200 * 2 * 64 * 32 * 64) / best / 1e6;
}

/** Adam on arrays as large as the model's weights and as cold. */
function adamTimes(kernels: Kernels, size: number, repeats: number): Summary {
  const [w, m, v, g] = Array.from({ length: 4 }, () => kernels.allocate(size));
  g.fill(1e-3);
  const step = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, stepSize: 1e-9, secondCorrection: 1 };
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = now();
    kernels.adam(w, 0, m, 0, v, 0, g, 0, size, 0, step);
    times.push(now() - start);
  }
  return summarise(times.slice(repeats >> 2));
}

/** @param steps timed steps, after a third as many to warm up */
export function measureStep(config: RunConfig, kernelModule: WebAssembly.Module, steps: number): StepTimes {
  const { trainer, kernels } = assembleRun(config, kernelModule);
  const times: Record<MeasuredPhase, number[]> = {
    sampling: [],
    forward: [],
    unembedding: [],
    backward: [],
    update: [],
    step: [],
  };
  const warmup = Math.ceil(steps / 3);
  for (let i = 0; i < warmup + steps; i++) {
    const start = now();
    let last = start;
    const taken: [StepPhase, number][] = [];
    trainer.onPhase = (phase) => {
      const at = now();
      taken.push([phase, at - last]);
      last = at;
    };
    trainer.trainStep();
    if (i < warmup) continue;
    for (const [phase, time] of taken) times[phase].push(time);
    times.step.push(now() - start);
  }
  const size = trainer.model.parameters.list.reduce((sum, parameter) => sum + parameter.size, 0);
  const residentMegabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  return {
    residentMegabytes,
    phases: {
      sampling: summarise(times.sampling),
      forward: summarise(times.forward),
      unembedding: summarise(times.unembedding),
      backward: summarise(times.backward),
      update: summarise(times.update),
      step: summarise(times.step),
    },
    adam: adamTimes(kernels, size, 40),
    gemmPeak: gemmPeak(kernels),
  };
}
