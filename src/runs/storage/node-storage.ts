/** `Storage` on the file system of this machine. */
import { constants } from 'node:fs';
import {
  access,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  statfs,
  unlink,
} from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type FileStatus, type Storage, StorageError } from './storage.ts';

async function translate<T>(operation: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      throw new StorageError(error.code, operation, path, { cause: error });
    }
    throw error;
  }
}

async function withFile(
  path: string,
  flags: string | number,
  work: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await work(file);
  } catch (error) {
    await file.close().catch(() => undefined); // the first error is the one to report
    throw error;
  }
  await file.close(); // a failed close is a failed write
}

/** Writes all of it, however little the system takes at a time. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
    at += bytesWritten;
  }
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return access(path); // directories cannot be opened there; names are journaled
  await withFile(path, constants.O_RDONLY, (file) => file.sync());
}

const linksUnknown = new Set(['EPERM', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP']);

export const nodeStorage: Storage = Object.freeze({
  makeDirectory: (path: string) =>
    translate('makeDirectory', path, async () => {
      const highest = await mkdir(path, { recursive: true });
      if (highest === undefined) return;
      // The name of each new directory stands in the one above it.
      for (let made = resolve(path); ; made = dirname(made)) {
        await syncDirectory(dirname(made));
        if (made === resolve(highest) || made === dirname(made)) return;
      }
    }),

  create: (path: string, bytes: Uint8Array) =>
    translate('create', path, () => withFile(path, 'wx', (file) => writeAll(file, bytes))),

  append: (path: string, bytes: Uint8Array) =>
    translate('append', path, () =>
      withFile(path, constants.O_WRONLY | constants.O_APPEND, (file) => writeAll(file, bytes)),
    ),

  sync: (path: string) => translate('sync', path, () => withFile(path, 'r+', (file) => file.sync())),

  link: (from: string, to: string) =>
    translate('link', to, async () => {
      try {
        await link(from, to);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        throw linksUnknown.has(code) ? Object.assign(new Error(String(error)), { code: 'ENOTSUP' }) : error;
      }
    }),

  rename: (from: string, to: string) => translate('rename', to, () => rename(from, to)),

  syncDirectory: (path: string) => translate('syncDirectory', path, () => syncDirectory(path)),

  remove: (path: string) => translate('remove', path, () => unlink(path)),

  list: (path: string) => translate('list', path, async () => (await readdir(path)).sort()),

  read: (path: string) =>
    translate('read', path, async () => {
      const status = await stat(path);
      // A device may never end, and a pipe may never begin.
      if (!status.isFile() && !status.isDirectory())
        throw Object.assign(new Error('neither file nor folder'), { code: 'ENOTFILE' });
      return new Uint8Array(await readFile(path));
    }),

  status: (path: string) =>
    translate('status', path, async (): Promise<FileStatus | undefined> => {
      try {
        const { size, mtimeMs } = await stat(path);
        return { bytes: size, modifiedMs: mtimeMs };
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    }),

  freeBytes: (path: string) =>
    translate('freeBytes', path, async () => {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    }),
});
