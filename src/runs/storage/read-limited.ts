/** Files that a user names, read up to a limit whatever they are: plain files, pipes, devices that never end. */
import { open } from 'node:fs/promises';

const chunkBytes = 2 ** 16;

/**
 * All bytes of a file, or undefined where there are more than `maxBytes`: told by its size, or after reading so many.
 * @throws {Error} of the system, with its code
 */
export async function readLimited(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > maxBytes) return undefined;
    // One byte more than it should have tells whether it has grown, or never said how much it has.
    let buffer = new Uint8Array(Math.min(size + 1, maxBytes + 1));
    let length = 0;
    for (;;) {
      if (length === buffer.length) {
        const longer = new Uint8Array(Math.min(2 * length + chunkBytes, maxBytes + 1));
        longer.set(buffer);
        buffer = longer;
      }
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
      if (length > maxBytes) return undefined;
    }
  } finally {
    await file.close();
  }
}
