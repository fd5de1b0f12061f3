/**
 * The few operations by which anything of a run reaches a disk. Nothing else touches run files, so that every one of
 * them can be made to fail in tests. Each either does what it says or throws a `StorageError`; none retries. Nothing is
 * durable before `sync` (a file's bytes) or `syncDirectory` (names: created, linked, renamed, removed).
 */

/** Codes our own logic tells apart; all others pass through as they come from the system. */
export type StorageErrorCode = 'EEXIST' | 'ENOENT' | 'ENOSPC' | 'EIO' | 'ENOTSUP' | (string & {});

export class StorageError extends Error {
  readonly code: StorageErrorCode;
  readonly operation: string;
  readonly path: string;

  constructor(code: StorageErrorCode, operation: string, path: string, options?: ErrorOptions) {
    super(`${operation} ${path}: ${code}`, options);
    this.name = 'StorageError';
    this.code = code;
    this.operation = operation;
    this.path = path;
  }
}

export interface FileStatus {
  readonly bytes: number;
  /** Last change, milliseconds since 1970 by the file system's clock. */
  readonly modifiedMs: number;
}

export interface Storage {
  /** Makes a directory and those above it, durably; there already is fine. */
  makeDirectory(path: string): Promise<void>;
  /** Makes a new file with these bytes. EEXIST where there is one. On failure a part of it may be there. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds bytes to the end of a file that exists. On failure a part of them may be there. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Makes a file's bytes durable. */
  sync(path: string): Promise<void>;
  /** Gives a file a second name, all at once. EEXIST where the name is taken; ENOTSUP where links are unknown. */
  link(from: string, to: string): Promise<void>;
  /** Renames, replacing what has the name, all at once. */
  rename(from: string, to: string): Promise<void>;
  /** Makes the names in a directory durable. */
  syncDirectory(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Names in a directory, sorted; ENOENT where there is none. */
  list(path: string): Promise<string[]>;
  read(path: string): Promise<Uint8Array>;
  /** Undefined where there is no such file. */
  status(path: string): Promise<FileStatus | undefined>;
  /** Bytes that can still be written under a directory. */
  freeBytes(path: string): Promise<number>;
}

export function hasCode(error: unknown, ...codes: StorageErrorCode[]): error is StorageError {
  return error instanceof StorageError && codes.includes(error.code);
}
