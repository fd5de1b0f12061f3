/** Where an export goes: its name, the refusal to replace what is there, and a file that appears whole or not at all. */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { ExportTable } from '../runs/metrics-export.ts';
import { cannotRead, commitFile, storageReason, systemCode } from '../runs/storage/commit-file.ts';
import { hasCode, type Storage } from '../runs/storage/storage.ts';

export const exportFormats = ['csv', 'parquet'] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** What the flags wish for; a file's ending decides where they leave it open, and CSV where that does too. */
export function exportFormat(
  wish: { readonly csv?: boolean; readonly parquet?: boolean },
  out: string | undefined,
): ExportFormat {
  if (wish.csv && wish.parquet)
    throw new LabError('--csv, --parquet: one format at a time; keep one of the two');
  const ending = exportFormats.find((format) => out?.toLowerCase().endsWith(`.${format}`));
  const wished = wish.csv ? 'csv' : wish.parquet ? 'parquet' : undefined;
  if (ending !== undefined && wished !== undefined && ending !== wished) {
    throw new LabError(
      `--out "${out}": ends in .${ending}, but --${wished} was given; change one of the two`,
    );
  }
  return wished ?? ending ?? 'csv';
}

/** `<run>.csv`, `<run>-train.csv`; of several runs `runs.csv`. In the current folder. */
export function defaultExportFile(
  names: readonly string[],
  table: ExportTable,
  format: ExportFormat,
): string {
  const stem = names.length === 1 && names[0] !== '' ? names[0] : 'runs';
  return `${stem}${table === 'evaluations' ? '' : `-${table}`}.${format}`;
}

/**
 * @param flag that gave the path
 * @param example a file's name as it could be in a folder
 * @throws {LabError} exit code 64 where the path is a folder, or a file that may not be replaced
 */
export async function refuseTakenPath(
  path: string,
  force: boolean,
  flag: string,
  example: string,
): Promise<void> {
  let found;
  try {
    found = await stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    if (systemCode(error) === 'ENOTDIR')
      throw new LabError(`${flag} "${path}": a part of the path is a file`);
    throw cannotRead(path, error);
  }
  if (found.isDirectory())
    throw new LabError(`${flag} "${path}": a folder; expected a file in it, like "${path}/${example}"`);
  if (!found.isFile()) throw new LabError(`${flag} "${path}": neither a file nor free; give another ${flag}`);
  if (!force) throw new LabError(`${path}: is there already; give --force to replace it, or another ${flag}`);
}

/**
 * Writes the file at once; its folder is made if need be.
 * @param bytes whole or in parts, one after the other
 * @throws {LabError} exit code 64 where a file has come to be there meanwhile, 73 where it cannot be written
 */
export async function saveExport(
  storage: Storage,
  path: string,
  bytes: Uint8Array | readonly Uint8Array[],
  force: boolean,
): Promise<void> {
  const folder = dirname(path);
  const name = basename(path);
  const temporary = `${name}.tmp`;
  try {
    await storage.makeDirectory(folder);
    // What a killed export left.
    await storage.remove(`${folder}/${temporary}`).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    await commitFile(storage, folder, temporary, name, bytes, { replace: force });
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      throw new LabError(`${path}: is there already; give --force to replace it, or another --out`);
    }
    throw new LabError(
      `${path}: cannot write: ${storageReason(error)}; nothing else was changed: put this right, or give another --out`,
      exitCodes.cannotWrite,
      { cause: error },
    );
  }
}
