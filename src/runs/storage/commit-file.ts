/**
 * The one way a whole file gets into a run folder: a temporary name in the same directory, all bytes, sync, rename,
 * sync of the directory. Whoever looks sees the file complete or not at all, and what was reported is durable.
 */
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import { type Storage, StorageError } from './storage.ts';

export interface CommitOptions {
  /** Whether a file of that name may be there already; it is then replaced all at once. Default false. */
  readonly replace?: boolean;
}

/**
 * @param bytes whole or in parts, one after the other
 * @throws {StorageError}; the file is then not there, or (after a failed last step) there but not surely durable
 */
export async function commitFile(
  storage: Storage,
  folder: string,
  temporary: string,
  name: string,
  bytes: Uint8Array | readonly Uint8Array[],
  { replace = false }: CommitOptions = {},
): Promise<void> {
  const from = `${folder}/${temporary}`;
  const to = `${folder}/${name}`;
  if (!replace && (await storage.status(to)) !== undefined) throw new StorageError('EEXIST', 'commit', to);
  try {
    const [first = new Uint8Array(0), ...others] = bytes instanceof Uint8Array ? [bytes] : bytes;
    await storage.create(from, first);
    for (const part of others) await storage.append(from, part);
    await storage.sync(from);
    await storage.rename(from, to);
  } catch (error) {
    await storage.remove(from).catch(() => undefined); // gives a full disk its space back before the retry
    throw error;
  }
  await storage.syncDirectory(folder);
}

/**
 * `commitFile` as `<stem>.<extension>`, and should that fail once more as `<stem>.2.<extension>` (or, with `replace`,
 * under the same name again). A file whose sync failed cannot be trusted any more, so nothing is tried twice on it.
 * @returns the name it got
 * @throws {LabError} exit code 73
 */
export async function commitWithRetry(
  storage: Storage,
  folder: string,
  stem: string,
  extension: string,
  bytes: Uint8Array,
  options: CommitOptions = {},
): Promise<string> {
  const attempts = [
    { temporary: `${stem}.tmp`, name: `${stem}.${extension}` },
    { temporary: `${stem}.2.tmp`, name: options.replace ? `${stem}.${extension}` : `${stem}.2.${extension}` },
  ];
  let failure: unknown;
  for (const { temporary, name } of attempts) {
    try {
      await commitFile(storage, folder, temporary, name, bytes, options);
      return name;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      failure = error;
    }
  }
  throw cannotWrite(`${folder}/${stem}.${extension}`, failure);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'there is a file of that name',
  EFBIG: 'the file would be too large for the file system',
  EIO: 'the device failed',
  EISDIR: 'it is a folder',
  ELOOP: 'links lead in a circle',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many open files on this machine',
  ENOENT: 'the file or its folder is gone',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is a file',
  ENOTFILE: 'it is a device or a pipe',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ERR_INVALID_ARG_VALUE: 'no path may have a zero byte',
};

/** The code of a system's error (`EACCES`), of ours or Node's; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What a failure of reading or writing means, in words. */
export function storageReason(error: unknown): string {
  const code = systemCode(error);
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  const reason = reasons[code];
  if (reason !== undefined) return `${reason} (${code})`;
  return error instanceof StorageError ? `${error.operation} failed (${code})` : code;
}

/** The one line for something that is there and cannot be read. */
export function cannotRead(path: string, error: unknown): LabError {
  return new LabError(`${path}: cannot be read: ${storageReason(error)}`, exitCodes.badData, {
    cause: error,
  });
}

/** The one line with which a run stops when it cannot write. */
export function cannotWrite(path: string, error: unknown): LabError {
  return stoppedByDisk(`${path}: cannot write`, error);
}

const looking: ReadonlySet<string> = new Set(['list', 'read', 'status', 'freeBytes']);

/** The one line with which a run stops when its disk fails it, in reading or in writing. */
export function diskFailure(error: StorageError): LabError {
  if (!looking.has(error.operation)) return cannotWrite(error.path, error);
  // Not bad data: nothing says that anything is damaged, and later the same command may well succeed.
  return stoppedByDisk(`${error.path}: cannot be read`, error);
}

function stoppedByDisk(what: string, error: unknown): LabError {
  return new LabError(
    `${what}: ${storageReason(error)}; everything saved before is intact: ` +
      'put this right and give the same command again',
    exitCodes.cannotWrite,
    { cause: error },
  );
}
