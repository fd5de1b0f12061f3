/** What tells one set of drawings from another, however its archives were packed. */
import { createHash } from 'node:crypto';
import { drawingBytes, type Drawings } from './drawings.ts';

/** Of the published drawings; made with Pillow 13.0.0, and 11.3.0, and numpy (test/golden/pillow.py). */
export const publishedHash = '8de9f4c6c24375e655f68b5c735675a6ebd3b360b8c41f6cfbdc0d4cc967dd07';

/** SHA-256 over all drawings in order: path, line feed, pixels (one bit each, every row from a new byte on). */
export function drawingsHash({ paths, bits }: Drawings): string {
  const hash = createHash('sha256');
  paths.forEach((path, i) => {
    hash.update(`${path}\n`);
    hash.update(bits.subarray(i * drawingBytes, (i + 1) * drawingBytes));
  });
  return hash.digest('hex');
}
