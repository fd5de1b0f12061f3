/** Whether a folder can be written, told without writing: for a plan that must not leave anything behind. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { cannotWrite, systemCode } from './commit-file.ts';
import { StorageError } from './storage.ts';

/**
 * The folder itself, or where it is not there yet the nearest one above it that is, must be a folder that may be written.
 * @param mayWrite throws where it may not; a test gives its own
 * @throws {LabError} exit code 73
 */
export async function assertWritable(
  folder: string,
  mayWrite: (path: string) => Promise<void> = (path) => access(path, constants.W_OK | constants.X_OK),
): Promise<void> {
  const wanted = resolve(folder);
  for (let path = wanted; ; path = dirname(path)) {
    try {
      const status = await stat(path);
      if (!status.isDirectory()) throw new StorageError('ENOTDIR', 'makeDirectory', folder);
      await mayWrite(path);
      return;
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOENT' && path !== dirname(path)) continue;
      throw cannotWrite(
        folder,
        code === undefined ? error : new StorageError(code, 'makeDirectory', folder, { cause: error }),
      );
    }
  }
}
