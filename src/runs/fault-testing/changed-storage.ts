/** A storage on top of another one, with some of its operations replaced. */
import type { Storage } from '../storage/storage.ts';

export function changed(base: Storage, changes: Partial<Storage>): Storage {
  return {
    makeDirectory: (path) => base.makeDirectory(path),
    create: (path, bytes) => base.create(path, bytes),
    append: (path, bytes) => base.append(path, bytes),
    sync: (path) => base.sync(path),
    link: (from, to) => base.link(from, to),
    rename: (from, to) => base.rename(from, to),
    syncDirectory: (path) => base.syncDirectory(path),
    remove: (path) => base.remove(path),
    list: (path) => base.list(path),
    read: (path) => base.read(path),
    status: (path) => base.status(path),
    freeBytes: (path) => base.freeBytes(path),
    ...changes,
  };
}
