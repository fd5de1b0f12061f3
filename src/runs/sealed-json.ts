/**
 * A JSON object that carries a checksum over its other members, so that a flipped digit in it is found even where the
 * result is as good a number. Spaces and line ends are not covered: they mean nothing.
 */
import { createHash } from 'node:crypto';

export function jsonChecksum(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** The object with its checksum as the last member, in place of one it has. */
export function sealed<T extends object>(value: T): T & { readonly sha256: string } {
  // As it will be read: what JSON leaves out or writes in another way is settled first.
  const { sha256: _, ...plain } = JSON.parse(JSON.stringify(value)) as T & { readonly sha256?: unknown };
  return { ...plain, sha256: jsonChecksum(plain) } as T & { readonly sha256: string };
}

/**
 * Whether an object is as it was sealed.
 * @param since a member that came with the seal: an object without it was written before there were seals
 */
export function isIntact(value: Readonly<Record<string, unknown>>, since: string): boolean {
  const { sha256, ...rest } = value;
  if (sha256 === undefined) return !(since in rest);
  return sha256 === jsonChecksum(rest);
}
