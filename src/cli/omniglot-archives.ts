/** The drawings of Omniglot out of a folder with its two archives, known to be the published ones. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { drawingsHash, publishedHash } from '../features/omniglot/content-hash.ts';
import type { Drawings } from '../features/omniglot/drawings.ts';
import {
  type Archive,
  archiveNames,
  mostArchiveBytes,
  publishedSize,
  readDrawings,
} from '../features/omniglot/read-drawings.ts';
import { dataError } from '../formats/data-error.ts';
import { cannotRead, systemCode } from '../runs/storage/commit-file.ts';
import { readLimited } from '../runs/storage/read-limited.ts';

/** Where the archives are published, by the authors of the dataset under the MIT licence. */
const origin = 'https://github.com/brendenlake/omniglot/tree/master/python';

export interface FoundDrawings {
  readonly drawings: Drawings;
  /** SHA-256 of paths and pixels. */
  readonly sha256: string;
}

/**
 * @param folder with `images_background.zip` and `images_evaluation.zip`
 * @param size how many there should be; default: all of Omniglot
 * @throws {LabError} exit code 64 where there are none, 65 where they are damaged or hold other drawings
 */
export async function readOmniglot(folder: string, size = publishedSize): Promise<FoundDrawings> {
  const archives: Archive[] = [];
  for (const name of archiveNames) archives.push(await readArchive(folder, name));
  const drawings = readDrawings(archives, size);
  const sha256 = drawingsHash(drawings);
  if (sha256 !== publishedHash) {
    throw dataError(
      folder,
      '',
      `other drawings than the published ones: content hash ${sha256.slice(0, 12)}, expected ` +
        `${publishedHash.slice(0, 12)}; get the archives anew from ${origin}`,
    );
  }
  return { drawings, sha256 };
}

async function readArchive(folder: string, name: string): Promise<Archive> {
  const file = join(folder, name);
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readLimited(file, mostArchiveBytes);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw noArchive(folder, name, await isFolder(folder));
    if (systemCode(error) === 'ENOTDIR')
      throw new LabError(
        `--from "${folder}": a file; expected the folder that holds ${archiveNames.join(' and ')}`,
      );
    throw cannotRead(file, error);
  }
  if (bytes === undefined)
    throw new LabError(`${file}: more than the ${mostArchiveBytes} bytes it may have`, exitCodes.badData);
  return { file, bytes };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

function noArchive(folder: string, name: string, isThere: boolean): LabError {
  if (!isThere) return new LabError(`--from "${folder}": no such folder`);
  return new LabError(
    `--from "${folder}": holds no ${name}; get ${archiveNames.join(' and ')} from ${origin}`,
  );
}
