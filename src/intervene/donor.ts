/** Whose weights an intervention needs besides the model's own. */
export interface DonorReference {
  readonly run: string;
  readonly sequences: number;
}

/** One word for it: equal for the same weights. */
export function donorKey({ run, sequences }: DonorReference): string {
  return `${run}:${sequences}`;
}
