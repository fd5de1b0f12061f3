/** Whose weights an intervention needs besides the model's own. */
import { LabError } from '../errors/lab-error.ts';
import { quoted } from '../formats/data-error.ts';

export interface DonorReference {
  readonly run: string;
  readonly sequences: number;
}

/** A donor as a run records it: by what its weights are, wherever they lay. */
export interface DonorRecord extends DonorReference {
  /** SHA-256 of names and numbers. */
  readonly hash: string;
}

/** One word for it: equal for the same weights. */
export function donorKey({ run, sequences }: DonorReference): string {
  return `${run}:${sequences}`;
}

/** Weights of donors by `donorKey`, each by parameter name. */
export type DonorWeights = ReadonlyMap<string, ReadonlyMap<string, ArrayLike<number>>>;

/** @throws LabError where they were not given */
export function weightsOfDonor(
  donors: DonorWeights,
  reference: DonorReference,
): ReadonlyMap<string, ArrayLike<number>> {
  const weights = donors.get(donorKey(reference));
  if (weights) return weights;
  throw new LabError(
    `${quoted(donorKey(reference))}: an intervention needs the weights of this donor, and they were not given`,
  );
}
