/** The models that interventions need, built alike by every thread of an engine. */
import type { Kernels } from '../engine/kernels.ts';
import { Body } from '../model/body.ts';
import type { ModelShape } from '../model/config.ts';
import { ParameterSet } from '../model/parameter-set.ts';
import { parameterSpecs } from '../model/parameters.ts';
import { Transformer, type TransformerOptions } from '../model/transformer.ts';
import { donorKey, type DonorWeights, weightsOfDonor } from './donor.ts';
import type { PassNeeds } from './plan.ts';

export interface DonorModel {
  readonly parameters: ParameterSet;
  /** Where something of its activations is needed. */
  readonly pass: Body | undefined;
}

export interface PassModels {
  /** The pass that counts. */
  readonly model: Transformer;
  /** The weights that are the model's own: those of `model` but for what grafts replace. */
  readonly parameters: ParameterSet;
  readonly clean: Body | undefined;
  /** By key. */
  readonly donors: ReadonlyMap<string, DonorModel>;
}

/** @throws LabError when memory runs out */
export function createPassModels(
  kernels: Kernels,
  shape: ModelShape,
  needs: PassNeeds,
  options: Omit<TransformerOptions, 'allPlaces'>,
): PassModels {
  const parameters = options.parameters ?? new ParameterSet(shape, kernels);
  const donorSets = new Map(needs.donors.map((donor) => [donorKey(donor), new ParameterSet(shape, kernels)]));
  const grafted =
    needs.grafts.length === 0
      ? parameters
      : new ParameterSet(shape, kernels, (name) => {
          const part = partOf(shape, name);
          const graft = needs.grafts.find(({ from, to }) => part >= from && part <= to);
          return ((graft && donorSets.get(graft.donor)) ?? parameters).get(name).data;
        });
  const model = new Transformer(shape, kernels, {
    ...options,
    parameters: grafted,
    allPlaces: needs.allPlaces,
  });
  const { layout, input } = model;
  const pass = (set: ParameterSet, training: boolean) =>
    new Body(kernels, { layout, parameters: set, training, input });
  return {
    model,
    parameters,
    clean: needs.clean ? pass(parameters, options.training ?? true) : undefined,
    donors: new Map(
      needs.donors.map((donor) => {
        const own = donorSets.get(donorKey(donor))!;
        return [donorKey(donor), { parameters: own, pass: donor.pass ? pass(own, false) : undefined }];
      }),
    ),
  };
}

/** Loads the donors' weights. @throws LabError where some were not given, or are another model's */
export function loadDonors(models: PassModels, needs: PassNeeds, weights: DonorWeights): void {
  for (const donor of needs.donors)
    models.donors.get(donorKey(donor))!.parameters.load(weightsOfDonor(weights, donor));
}

/** The part of a model a parameter belongs to: -1 embeddings, 0 .. depth - 1 blocks, depth norm and unembedding. */
export function partOf({ depth }: ModelShape, parameter: string): number {
  const block = /^blocks\.(\d+)\./.exec(parameter);
  if (block) return Number(block[1]);
  return /^(exampleEmbed|labelEmbed|positionEmbed)\./.test(parameter) ? -1 : depth;
}

/** Names of the parameters that a donor gives instead, which training leaves as they are. */
export function frozenParameters(shape: ModelShape, grafts: PassNeeds['grafts']): string[] {
  return parameterSpecs(shape)
    .map(({ name }) => name)
    .filter((name) =>
      grafts.some(({ from, to }) => partOf(shape, name) >= from && partOf(shape, name) <= to),
    );
}
