/** Activations of a run's model on the sequences of an evaluator, under interventions or without: any set of sites. */
import { drawEvaluatorSets } from '../data/evaluator-sets.ts';
import { fillFeatures } from '../data/features.ts';
import { openSource } from '../data/open-source.ts';
import { resolveData } from '../data/resolved-data.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import { LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { capture } from '../intervene/capture.ts';
import type { DonorWeights } from '../intervene/donor.ts';
import { createPass } from '../intervene/intervened-pass.ts';
import { createPassModels, loadDonors } from '../intervene/pass-models.ts';
import { planInterventions } from '../intervene/plan.ts';
import { matchingSites, type SitePattern } from '../intervene/site-patterns.ts';
import { createLayout } from '../model/layout.ts';
import { loadLabels } from '../model/load-labels.ts';
import type { SiteValue } from '../model/read-site.ts';
import { isOnlyAtQuery } from '../model/site-memory.ts';
import type { RunConfig } from './config.ts';
import type { AppliedInterventions } from './evaluate-weights.ts';
import { openFeatureFile } from './feature-file.ts';
import { loadKernelModule } from './kernel-module.ts';
import { modelShape } from './model-shape.ts';

export interface CaptureOptions {
  /** A name, a glob (`blocks.*.attention.pattern`), a list of these, or a function of the name. */
  readonly sites: SitePattern;
  /** Whose sequences; default `train`. */
  readonly evaluator?: string | undefined;
  /** How many of them, from the first, at once; default 32. */
  readonly count?: number | undefined;
  /** Weights of the donors that interventions name. */
  readonly donors?: DonorWeights | undefined;
}

/**
 * @param weights by parameter name
 * @returns by site, in the order of the forward pass: `sizes` of its dimensions, sequences first, and its numbers row-major
 * @throws {LabError} 64 sites, evaluators or interventions that cannot be; 65 weights of another model
 */
export function captureWeights(
  config: Pick<RunConfig, 'data' | 'model' | 'seeds'>,
  weights: ReadonlyMap<string, ArrayLike<number>>,
  { specs, trained }: AppliedInterventions,
  { sites, evaluator = 'train', count = 32, donors = new Map() }: CaptureOptions,
): ReadonlyMap<string, SiteValue> {
  const kernelModule = loadKernelModule().module;
  const source = openSource(config.data.source, kernelModule, openFeatureFile);
  const data = resolveData(config.data, source);
  const shape = modelShape(config, data);
  const sets = drawEvaluatorSets(data, config.seeds.eval, count);
  const names = sets.map(({ definition }) => definition.name);
  const set = sets.find(({ definition }) => definition.name === evaluator);
  if (!set) {
    throw new LabError(
      `evaluator: unknown "${evaluator}"${didYouMean(evaluator, names)} (evaluators of this run: ${names.join(', ')})`,
    );
  }
  const plan = planInterventions(shape, specs, trained);
  const layout = createLayout(shape, count, true);
  const isElsewhere = matchingSites(shape, sites).some((site) => isOnlyAtQuery(layout, site));
  const needs = { ...plan.needs, allPlaces: plan.needs.allPlaces || isElsewhere };
  const models = createPassModels(createWasmKernels(kernelModule), shape, needs, {
    batchSize: count,
    training: false,
    extraLogits: shape.contextPairs,
  });
  const { model } = models;
  models.parameters.load(weights);
  loadDonors(models, needs, donors);
  fillFeatures(source, set.sequences, model.input.examples, { lanes: model.layout.lanes });
  loadLabels(model, set.sequences, 0, count);
  return capture(model, createPass(models, plan), sites);
}
