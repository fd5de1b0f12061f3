/**
 * A run folder as its owner may write to it: nothing new comes into it once the run is another's, however long ago a
 * save was begun and whichever attempt it is at. What an owner that was stalled has under way when it is taken over
 * carries its own generation, and ends there.
 */
import type { Ownership } from './ownership.ts';
import type { Storage } from './storage/storage.ts';

/** @returns the same storage; `create`, `append`, `link` and `rename` first throw as `Ownership.assertHeld` does */
export function ownedStorage(storage: Storage, ownership: Pick<Ownership, 'assertHeld'>): Storage {
  const whileHeld =
    <Arguments extends unknown[]>(work: (...given: Arguments) => Promise<void>) =>
    async (...given: Arguments) => {
      await ownership.assertHeld();
      await work(...given);
    };
  return {
    makeDirectory: (path) => storage.makeDirectory(path),
    create: whileHeld((path, bytes) => storage.create(path, bytes)),
    append: whileHeld((path, bytes) => storage.append(path, bytes)),
    sync: (path) => storage.sync(path),
    link: whileHeld((from, to) => storage.link(from, to)),
    rename: whileHeld((from, to) => storage.rename(from, to)),
    syncDirectory: (path) => storage.syncDirectory(path),
    remove: (path) => storage.remove(path),
    list: (path) => storage.list(path),
    read: (path) => storage.read(path),
    status: (path) => storage.status(path),
    freeBytes: (path) => storage.freeBytes(path),
  };
}
