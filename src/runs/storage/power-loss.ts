/**
 * What a power cut may leave, for `MemoryStorage`. The model is weaker than the file systems in use (ext4, XFS, APFS,
 * NTFS), so that nothing rests on the habits of one of them:
 *
 * - Bytes that were synced stay. Of those added to a file since, anything may be left: none, the first part, zeros of
 *   the full length (the length was written, the blocks were not), or a part of them with zeros for the rest.
 * - Names that were synced with their directory stay. Of the changes since, any subset may be left, whatever their
 *   order; those that are left apply in their order. A rename is one change: its old name never goes, nor does a file
 *   it replaces, without its new name being there. A name that is there leads to its file, be that empty.
 * - A new directory is durable at once, which is what `makeDirectory` promises.
 * - Bytes whose sync failed are lost for good: a later sync that succeeds says nothing of them (Linux marks such pages
 *   as clean).
 */

/** What is left of the bytes a file was given since its last sync; `cut` in [0, 1] says where a torn one is torn. */
export interface Remainder {
  readonly kind: (typeof remainderKinds)[number];
  readonly cut: number;
}

export const remainderKinds = ['none', 'half', 'zeros', 'all', 'zerosAfter', 'zerosBefore'] as const;

/** Decides one power cut, change by change. */
export interface PowerCut {
  /** Whether an unsynced change of a name is left; changes are numbered in their order. */
  readonly keepsName: (change: number) => boolean;
  /** What is left of a file's unsynced bytes; files are numbered in the order of their names. */
  readonly remainderOf: (file: number) => Remainder;
}

/** The harshest one: nothing is left that was not synced. */
export const harshestCut: PowerCut = Object.freeze({
  keepsName: () => false,
  remainderOf: () => ({ kind: 'none' as const, cut: 0 }),
});

/** A file's bytes after a power cut. @param durable its bytes as of the last sync, the beginning of `bytes` */
export function bytesLeft(durable: Uint8Array, bytes: Uint8Array, remainder: Remainder): Uint8Array {
  const added = bytes.length - durable.length;
  if (added === 0 || remainder.kind === 'none') return durable;
  if (remainder.kind === 'all') return bytes;
  if (remainder.kind === 'half') return bytes.subarray(0, durable.length + Math.ceil(added / 2));
  const left = bytes.slice();
  left.set(durable); // of bytes lost to a failed sync, zeros are already there
  if (remainder.kind === 'zeros') return left.fill(0, durable.length);
  const torn = durable.length + Math.round(remainder.cut * added);
  return remainder.kind === 'zerosAfter' ? left.fill(0, torn) : left.fill(0, durable.length, torn);
}
