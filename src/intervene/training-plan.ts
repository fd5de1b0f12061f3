/** Interventions while a model learns: what is done to its passes, and which of its weights are a donor's and stay. */
import { LabError } from '../errors/lab-error.ts';
import { quoted } from '../formats/data-error.ts';
import type { ModelShape } from '../model/config.ts';
import { donorKey, type DonorWeights, weightsOfDonor } from './donor.ts';
import { type Graft, type Intervention, isGraft } from './intervention.ts';
import { frozenParameters } from './pass-models.ts';
import { graftedParts, type InterventionPlan, planInterventions } from './plan.ts';

export interface TrainingPlan extends InterventionPlan {
  /** Parameters that a donor gives and training leaves as they are. */
  readonly frozen: ReadonlySet<string>;
  /** The first block that learns, or below which anything does: gradients need not go further down. */
  readonly firstTrained: number;
}

/**
 * @throws LabError exit code 64 as `planInterventions`, and for a graft beside what needs a pass without it
 */
export function planTraining(shape: ModelShape, specs: readonly Intervention[] = []): TrainingPlan {
  const plan = planInterventions(shape, specs, specs.length);
  const graftIn = specs.find((spec) => spec.kind === 'graftIn');
  return {
    ...plan,
    frozen: new Set(specs.filter(isGraft).flatMap((spec) => frozenBy(shape, spec))),
    firstTrained: graftIn ? graftIn.throughBlock + 1 : 0,
  };
}

function frozenBy(shape: ModelShape, graft: Graft): string[] {
  return frozenParameters(shape, [{ donor: donorKey(graft), ...graftedParts(shape, graft) }]);
}

/**
 * Starting weights with the donors' halves in their places.
 * @throws LabError where a donor's weights were not given, or lack a parameter
 */
export function graftedWeights(
  shape: ModelShape,
  specs: readonly Intervention[],
  weights: ReadonlyMap<string, ArrayLike<number>>,
  donors: DonorWeights,
): Map<string, ArrayLike<number>> {
  const grafted = new Map(weights);
  for (const graft of specs.filter(isGraft)) {
    const given = weightsOfDonor(donors, graft);
    for (const name of frozenBy(shape, graft)) {
      const numbers = given.get(name);
      if (numbers?.length !== weights.get(name)?.length || !numbers) {
        throw new LabError(
          `${quoted(donorKey(graft))}: its ${name} does not fit this model; a donor has the same shape`,
        );
      }
      grafted.set(name, numbers);
    }
  }
  return grafted;
}
