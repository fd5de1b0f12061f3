/** Weights of the donors that interventions name, from the runs that have them. Reads only. */
import { LabError } from '../errors/lab-error.ts';
import { donorKey, type DonorRecord, type DonorReference, type DonorWeights } from '../intervene/donor.ts';
import { findLastStart } from './run-folder.ts';
import type { Storage } from './storage/storage.ts';
import { weightsOfRun } from './weights-of-run.ts';

export interface Donors {
  readonly weights: DonorWeights;
  readonly records: readonly DonorRecord[];
}

/**
 * @param roots folders that names and ids are looked for in
 * @throws {LabError} exit code 64 no such run, or no weights kept there; 65 damaged
 */
export async function readDonors(
  storage: Storage,
  references: readonly DonorReference[],
  roots?: readonly string[],
): Promise<Donors> {
  const weights = new Map<string, ReadonlyMap<string, ArrayLike<number>>>();
  const records: DonorRecord[] = [];
  for (const { run: word, sequences } of references) {
    const run = await weightsOfRun(storage, word, roots);
    const read = await run.read(run.at(sequences));
    weights.set(donorKey({ run: word, sequences }), read.weights);
    records.push({ run: word, sequences, hash: read.hash });
  }
  return { weights, records };
}

/** @throws {LabError} exit code 64 where a donor's weights are not those that the run in a folder was begun with */
export async function assertSameDonors(
  storage: Storage,
  folder: string,
  donors: readonly DonorRecord[],
): Promise<void> {
  if (donors.length === 0) return;
  const before = (await findLastStart(storage, folder))?.donors ?? [];
  for (const { run, sequences, hash } of donors) {
    const earlier = before.find((donor) => donor.run === run && donor.sequences === sequences);
    if (!earlier || earlier.hash === hash) continue;
    throw new LabError(
      `${folder}: its donor ${run} at ${sequences} sequences had other weights when it was begun; give another --out ` +
        'to start with these',
    );
  }
}
