/**
 * Tables of analyses kept on disk, so that a figure drawn twice is computed once. An entry is found by everything that
 * decides its table (weights, model, data, analysis), says so itself, and carries a checksum: one that is damaged or of
 * something else counts as absent and is made again. It can be deleted at any time.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../runs/config-hash.ts';
import { isIntact, sealed } from '../runs/sealed-json.ts';
import { commitFile } from '../runs/storage/commit-file.ts';
import { hasCode, type Storage, StorageError } from '../runs/storage/storage.ts';
import type { PlainData } from './analysis.ts';

/** What decides a table. */
export interface AnalysisKey {
  readonly analysis: string;
  readonly version: number;
  readonly settings: PlainData;
  /** Hash of the weights (`kept-weights.ts`). */
  readonly weights: string;
  /** Model, data and evaluator settings, and the engine's version. */
  readonly subject: PlainData;
}

const format = 'iclab-analysis-1';

function entryName(key: AnalysisKey): string {
  const hash = createHash('sha256').update(canonicalJson(key)).digest('hex').slice(0, 32);
  return `${key.analysis}-${hash}.json`;
}

/** The table kept under a key; undefined where there is none that can be trusted. */
export async function readCachedTable(
  storage: Storage,
  folder: string,
  key: AnalysisKey,
): Promise<PlainData | undefined> {
  let entry: unknown;
  try {
    entry = JSON.parse(new TextDecoder().decode(await storage.read(`${folder}/${entryName(key)}`)));
  } catch (error) {
    if (error instanceof StorageError || error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof entry !== 'object' || entry === null) return undefined;
  const members = entry as Readonly<Record<string, unknown>>;
  if (members.format !== format || members.sha256 === undefined || !isIntact(members, 'sha256'))
    return undefined;
  if (canonicalJson(members.key) !== canonicalJson(key)) return undefined;
  return members.table as PlainData;
}

/** Keeps a table. Where it cannot be written it is not kept, and will be computed again: nothing else is lost. */
export async function keepTable(
  storage: Storage,
  folder: string,
  key: AnalysisKey,
  table: PlainData,
  process: number,
): Promise<void> {
  const name = entryName(key);
  const temporary = `${name}.${process}.tmp`;
  const bytes = new TextEncoder().encode(`${JSON.stringify(sealed({ format, key, table }))}\n`);
  try {
    await storage.makeDirectory(folder);
    await storage.remove(`${folder}/${temporary}`).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    await commitFile(storage, folder, temporary, name, bytes, { replace: true });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
}
