/** A run folder's small JSON files as they are read back: strictly, their size checked first. */
import { dataError } from '../formats/data-error.ts';
import { parseStrictJson, plainJson, StrictJsonError } from '../formats/strict-json.ts';
import { readCapped } from './capped-read.ts';
import { hasCode, type Storage } from './storage/storage.ts';

/** Settings within a list within data within the config within a record of a start, with room to spare. */
const maxDepth = 16;

/**
 * The object in a file; undefined where there is no such file.
 * @throws {LabError} exit code 65 for anything but one JSON object @throws {StorageError}
 */
export async function readJson(
  storage: Storage,
  path: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readCapped(storage, path, 'json');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  return parseJsonObject(bytes, (problem) =>
    dataError(path, '', `not readable as JSON: damaged; give another --out to start anew (${problem})`),
  );
}

/** @param fail makes the error for a problem */
export function parseJsonObject(
  bytes: Uint8Array,
  fail: (problem: string) => Error,
): Readonly<Record<string, unknown>> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value = parseStrictJson(text, maxDepth);
    if (value instanceof Map) return plainJson(value) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof StrictJsonError) throw fail(error.message);
    if (error instanceof TypeError) throw fail('not valid UTF-8');
    throw error;
  }
  throw fail('not an object');
}
