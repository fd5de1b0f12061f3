/**
 * The whole measurement: every shape on every engine variant, in turns and repeated, so that a neighbour who comes or
 * goes meets all of them. Says what it found as data; `iclab bench` makes text of it.
 */
import { cpus, loadavg, totalmem } from 'node:os';
import { resolveData } from '../data/resolved-data.ts';
import { parameterCount } from '../model/parameters.ts';
import { modelShape } from '../runs/assemble.ts';
import { loadKernelModule } from '../runs/kernel-module.ts';
import type { RoundTimes, TimedPart } from './engine-bench.ts';
import { timedParts } from './engine-bench.ts';
import type { EngineVariant } from './engine-variant.ts';
import { hadCoresOfTheirOwn } from './gemm-peak.ts';
import { measureQuietly } from './quiet-machine.ts';
import { measuredConfig, type ShapeName, shapeTexts } from './shapes.ts';
import { type Spread, spreadOver } from './statistics.ts';
import { stepFlops } from './step-flops.ts';
import { VariantProcess } from './variant-process.ts';

export interface BenchOptions {
  readonly shapes: readonly ShapeName[];
  readonly variants: readonly EngineVariant[];
  readonly rounds: number;
  /** Timed steps of a round at the paper's shape; of a larger one as many as take as long. */
  readonly steps: number;
  /** How long one timing of a busy machine is put off and repeated. */
  readonly patienceMs: number;
  /** And all of them together; default: as often as there are timings. */
  readonly totalPatienceMs?: number | undefined;
  /** Looks at the machine; a test gives its own. */
  readonly isQuiet?: () => Promise<boolean>;
}

export interface MachineState {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGibibytes: number;
  readonly node: string;
  /** One-minute load before and after; the measurement itself is 1 per thread. */
  readonly loadBefore: number;
  readonly loadAfter: number;
  /** Timings in all, and those during which somebody else computed, or two threads had one core. */
  readonly timings: number;
  readonly disturbed: number;
}

export interface VariantResult extends EngineVariant {
  /** Milliseconds; `evaluation` per 32 sequences. */
  readonly parts: Readonly<Record<TimedPart, Spread>>;
  /** Over the whole step, matrix products only. */
  readonly gflops: number;
  /** Of one thread, best of all rounds. */
  readonly gemmPeakGflops: number;
  /** Of all threads at once, best of all rounds. */
  readonly threadsGflops: number;
  /** `gflops` over as often what one thread reaches as there are threads. */
  readonly shareOfPeak: number;
  readonly sequencesPerSecond: number;
  readonly evaluationSequencesPerSecond: number;
  readonly residentMebibytes: number;
}

export interface ShapeResult {
  readonly shape: ShapeName;
  readonly text: string;
  readonly parameters: number;
  readonly batchSize: number;
  readonly flopsPerStep: number;
  readonly stepsPerRound: number;
  readonly variants: readonly VariantResult[];
}

export interface BenchResult {
  readonly machine: MachineState;
  readonly rounds: number;
  readonly shapes: readonly ShapeResult[];
}

/** @param tell called with each thing that is begun */
export async function runBench(options: BenchOptions, tell: (what: string) => void): Promise<BenchResult> {
  loadKernelModule(); // where it fails, here is the place to say so
  const [loadBefore] = loadavg();
  const processes = options.variants.map((variant) => new VariantProcess(variant));
  try {
    for (const shape of options.shapes) {
      tell(`preparing ${shape}`);
      await Promise.all(processes.map((variantProcess) => variantProcess.prepare(shape)));
    }
    const rounds = new Map<string, RoundTimes[]>();
    const counts = { timings: 0, disturbed: 0 };
    let patienceLeftMs = options.totalPatienceMs ?? Number.POSITIVE_INFINITY;
    for (let round = 0; round < options.rounds; round++) {
      tell(`round ${round + 1} of ${options.rounds}`);
      for (const shape of options.shapes) {
        const steps = stepsOf(shape, options.steps);
        for (const [index, variantProcess] of processes.entries()) {
          const quietly = await measureQuietly(
            () => variantProcess.measure(shape, steps),
            Math.max(0, Math.min(options.patienceMs, patienceLeftMs)),
            options.isQuiet,
            ({ gemmPeakGflops, threadsGflops }) =>
              hadCoresOfTheirOwn(options.variants[index].threads, gemmPeakGflops, threadsGflops),
          );
          const { result: times, wasQuiet } = quietly;
          patienceLeftMs -= quietly.patienceMs;
          counts.timings++;
          if (!wasQuiet) counts.disturbed++;
          const key = `${shape} ${index}`;
          rounds.set(key, [...(rounds.get(key) ?? []), times]);
        }
      }
    }
    return {
      machine: machineState(loadBefore, counts),
      rounds: options.rounds,
      shapes: options.shapes.map((shape) => shapeResult(shape, options, rounds)),
    };
  } finally {
    for (const variantProcess of processes) variantProcess.close();
  }
}

export function machineState(
  loadBefore: number,
  counts: Pick<MachineState, 'timings' | 'disturbed'>,
): MachineState {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadBefore,
    loadAfter: loadavg()[0],
    ...counts,
  };
}

function sizes(shape: ShapeName) {
  const { data, model, train } = measuredConfig(shape);
  const described = modelShape({ model }, resolveData(data, data.source));
  return { described, batchSize: train.batchSize, flops: stepFlops(described, train.batchSize) };
}

function stepsOf(shape: ShapeName, stepsAtPaper: number): number {
  return Math.max(3, Math.round((stepsAtPaper * sizes('paper').flops) / sizes(shape).flops));
}

function shapeResult(
  shape: ShapeName,
  { variants, steps }: BenchOptions,
  rounds: ReadonlyMap<string, readonly RoundTimes[]>,
): ShapeResult {
  const { described, batchSize, flops } = sizes(shape);
  return {
    shape,
    text: shapeTexts[shape],
    parameters: parameterCount(described),
    batchSize,
    flopsPerStep: flops,
    stepsPerRound: stepsOf(shape, steps),
    variants: variants.map((variant, index) =>
      variantResult(variant, rounds.get(`${shape} ${index}`) ?? [], flops, batchSize),
    ),
  };
}

/** @param rounds at least one */
export function variantResult(
  variant: EngineVariant,
  rounds: readonly RoundTimes[],
  flops: number,
  batchSize: number,
): VariantResult {
  const parts = Object.fromEntries(
    timedParts.map((part) => [part, spreadOver(rounds.map((round) => round.parts[part]))]),
  ) as Record<TimedPart, Spread>;
  const gflops = flops / parts.step.median / 1e6;
  const gemmPeakGflops = Math.max(...rounds.map((round) => round.gemmPeakGflops));
  return {
    ...variant,
    parts,
    gflops,
    gemmPeakGflops,
    threadsGflops: Math.max(...rounds.map((round) => round.threadsGflops)),
    shareOfPeak: gflops / (gemmPeakGflops * variant.threads),
    sequencesPerSecond: (batchSize * 1000) / parts.step.median,
    evaluationSequencesPerSecond: 32_000 / parts.evaluation.median,
    residentMebibytes: Math.max(...rounds.map((round) => round.residentMebibytes)),
  };
}
