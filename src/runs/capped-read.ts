/** Reads a run's file whole, its size checked first: a damaged or planted file may claim any. */
import { dataError } from '../formats/data-error.ts';
import type { Storage } from './storage/storage.ts';

/** Bytes a file of each kind may have; far above what the program writes. */
export const fileLimits = {
  /** A config with thousands of kinds of sequences, and a command line, in indented JSON. */
  json: 2 ** 20,
  owner: 2 ** 16,
  /** The most that is read in one piece; a segment with the numbers of every sequence may come near. */
  metrics: 2 ** 31 - 1,
  checkpoint: 2 ** 31 - 1,
} as const;

/** @throws {LabError} exit code 65 for a file that is too large @throws {StorageError} */
export async function readCapped(
  storage: Storage,
  path: string,
  kind: keyof typeof fileLimits,
): Promise<Uint8Array> {
  const bytes = (await storage.status(path))?.bytes ?? 0; // where there is none, reading says so
  if (bytes > fileLimits[kind]) {
    throw dataError(
      path,
      '',
      `${bytes} bytes, more than the ${fileLimits[kind]} such a file may have: damaged`,
    );
  }
  return storage.read(path);
}
