/**
 * The evaluators of a run on any weights of its model, under interventions: its own, further ones, or none. On this
 * machine's engine, and its threads where they are asked for.
 */
import { drawEvaluatorSets, type EvaluatorSet } from '../data/evaluator-sets.ts';
import { openSource } from '../data/open-source.ts';
import { resolveData } from '../data/resolved-data.ts';
import { shareEngine } from '../engine/threads/shared-engine.ts';
import { oneThread, startCrew, type Threads } from '../engine/threads/start-crew.ts';
import { createWasmKernels, type WasmKernels } from '../engine/wasm.ts';
import { LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { evaluationNeeds, Evaluator } from '../evaluate/evaluator.ts';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import { suitableSets } from '../evaluate/suitable-sets.ts';
import type { DonorWeights } from '../intervene/donor.ts';
import { type AnyIntervention, isGraft, printIntervention } from '../intervene/intervention.ts';
import { type PassNeeds, planInterventions } from '../intervene/plan.ts';
import type { ModelShape } from '../model/config.ts';
import { ParameterSet } from '../model/parameter-set.ts';
import type { RunConfig } from './config.ts';
import { openFeatureFile } from './feature-file.ts';
import { loadKernelModule } from './kernel-module.ts';
import { modelShape } from './model-shape.ts';
import type { SharedEvaluation } from './threads/evaluation-member.ts';
import { nodeForeman } from './threads/node-workers.ts';
import { startedFile } from './started-file.ts';

/** What is done to a run's model while it is evaluated. */
export interface AppliedInterventions {
  readonly specs: readonly AnyIntervention[];
  /** How many of them, from the first, it was trained with. */
  readonly trained: number;
}

/**
 * What a run was trained with, then what is asked for.
 * @param dropTrained leaves out what it was trained with
 * @throws {LabError} exit code 64 where that is a graft: its weights are the run's own
 */
export function appliedInterventions(
  { train: { interventions = [] } }: Pick<RunConfig, 'train'>,
  asked: readonly AnyIntervention[],
  dropTrained = false,
): AppliedInterventions {
  if (!dropTrained) return { specs: [...interventions, ...asked], trained: interventions.length };
  const graft = interventions.find(isGraft);
  if (!graft) return { specs: asked, trained: 0 };
  throw new LabError(
    `${printIntervention(graft)}: the run's weights are those of the graft; it cannot be left out`,
  );
}

export interface WeightsEvaluationOptions {
  readonly config: Pick<RunConfig, 'data' | 'model' | 'seeds' | 'evaluate'>;
  readonly interventions?: AppliedInterventions;
  /** Further lists that `intervene` will ask for, each after what the run was trained with. */
  readonly later?: readonly (readonly AnyIntervention[])[];
  /** Weights of the donors that interventions name (`donorsNeeded`). */
  readonly donors?: DonorWeights;
  /** Names of evaluators; default all that make sense under the interventions. */
  readonly evaluators?: readonly string[] | undefined;
}

const nothing: AppliedInterventions = { specs: [], trained: 0 };

export class WeightsEvaluation {
  /** Evaluators that were not asked for by name and make no sense under the interventions. */
  readonly leftOut: readonly string[];
  readonly #kernels: WasmKernels;
  readonly #kernelModule: WebAssembly.Module;
  readonly #shape: ModelShape;
  readonly #needs: PassNeeds;
  /** What the run was trained with, or none of it where that is left out. */
  readonly #own: readonly AnyIntervention[];
  readonly #parameters: ParameterSet;
  readonly #evaluator: Evaluator;
  #threads: Threads = oneThread;

  /** @throws {LabError} exit code 64 for interventions, donors or evaluators that cannot be; 70 where kernels are missing */
  constructor({ config, interventions = nothing, later = [], donors, evaluators }: WeightsEvaluationOptions) {
    const { specs, trained } = interventions;
    this.#own = specs.slice(0, trained);
    this.#kernelModule = loadKernelModule().module;
    const source = openSource(config.data.source, this.#kernelModule, openFeatureFile);
    const data = resolveData(config.data, source);
    this.#shape = modelShape(config, data);
    const all = later.map((asked) => [...this.#own, ...asked]);
    this.#needs = evaluationNeeds({ shape: this.#shape, interventions: specs, later: all, trained });
    const drawn = drawEvaluatorSets(data, config.seeds.eval, config.evaluate.sequencesPerEvaluator);
    const suitable = suitableSets(drawn, [...specs, ...later.flat()]);
    const sets = evaluators ? named(drawn, evaluators, suitable.leftOut) : suitable.sets;
    this.leftOut = evaluators ? [] : suitable.leftOut;
    this.#kernels = createWasmKernels(this.#kernelModule);
    this.#parameters = new ParameterSet(this.#shape, this.#kernels);
    this.#evaluator = new Evaluator({
      kernels: this.#kernels,
      shape: this.#shape,
      parameters: this.#parameters,
      source,
      sets,
      interventions: specs,
      later: all,
      trained,
      donors,
    });
  }

  /** Shares the work from now on. @throws {LabError} exit code 70 where they do not start */
  async startThreads(threads: number): Promise<void> {
    if (threads === 1) return;
    const work: SharedEvaluation = {
      engine: shareEngine(this.#kernels, this.#kernelModule),
      shape: this.#shape,
      needs: this.#needs,
    };
    const startForeman = nodeForeman(startedFile('threads/evaluation-member', import.meta.url));
    this.#threads = await startCrew({ crew: this.#kernels.crew, threads, work, startForeman });
  }

  /**
   * One record per evaluator, of means over its set.
   * @throws {LabError} 65 weights of another model; 70 a loss that is not finite
   */
  evaluate(
    weights: ReadonlyMap<string, ArrayLike<number>>,
    moment: { readonly sequences: number; readonly step: number },
  ): EvaluationRecord[] {
    this.#parameters.load(weights);
    const evaluations = [...this.#evaluator.evaluate(moment.sequences, moment.step)];
    return evaluations.flatMap((evaluation) => (evaluation ? [evaluation.record] : []));
  }

  /**
   * From now on evaluates under these, after what the run was trained with; they are among those it was opened for, so
   * that a sweep builds nothing anew.
   * @throws {LabError} exit code 64 for interventions that cannot be
   */
  intervene(asked: readonly AnyIntervention[]): void {
    this.#evaluator.intervene([...this.#own, ...asked]);
  }

  /** Ends the other threads. */
  async close(): Promise<void> {
    await this.#threads.stop();
  }
}

/** Donors whose weights an evaluation needs: those of grafts that a run was trained with are in its own weights. */
export function donorsNeeded(
  config: Pick<RunConfig, 'data' | 'model'>,
  { specs, trained }: AppliedInterventions,
): PassNeeds['donors'] {
  const shape = modelShape(config, resolveData(config.data, config.data.source));
  return planInterventions(shape, specs, trained).needs.donors;
}

function named(
  sets: readonly EvaluatorSet[],
  names: readonly string[],
  unsuitable: readonly string[],
): EvaluatorSet[] {
  const known = sets.map(({ definition }) => definition.name);
  return names.map((name) => {
    const found = sets.find(({ definition }) => definition.name === name);
    if (!found) {
      throw new LabError(
        `evaluators: unknown "${name}"${didYouMean(name, known)} (evaluators of this run: ${known.join(', ')})`,
      );
    }
    if (unsuitable.includes(name)) {
      throw new LabError(
        `evaluators: ${name} cannot be evaluated under inductionHeads, which needs the query's label in the context, once`,
      );
    }
    return found;
  });
}
