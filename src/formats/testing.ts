/** Pictures for tests, made without the code that reads them. */
import { zlibSync } from 'fflate';
import { crc32 } from './crc32.ts';

/** Pixels along the side of a picture that is not asked for otherwise. */
const side = 105;
const rowBytes = Math.ceil(side / 8);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function numberBytes(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * numbers.length);
  numbers.forEach((number, i) => new DataView(bytes.buffer).setUint32(4 * i, number));
  return bytes;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = joined([new TextEncoder().encode(type), data]);
  return joined([numberBytes(data.length), named, numberBytes(crc32(named))]);
}

export interface PngWish {
  readonly width?: number;
  readonly height?: number;
  readonly bits?: number;
  /** What stands before each row: 0 as it is, 1 less the left byte, 2 the one above, 3 their mean, 4 Paeth's choice. */
  readonly filter?: number;
  /** Into how many chunks the pixels are cut. */
  readonly chunks?: number;
}

/** A PNG of one bit a pixel; `rows` as `readBitmap` gives them. */
export function makeBitmapPng(
  rows: Uint8Array,
  { width = side, height = side, bits = 1, filter = 0, chunks = 1 }: PngWish = {},
): Uint8Array {
  const header = joined([numberBytes(width, height), Uint8Array.of(bits, 0, 0, 0, 0)]);
  const wide = rows.length / height;
  const filtered = new Uint8Array((wide + 1) * height);
  for (let y = 0; y < height; y++) {
    filtered[y * (wide + 1)] = filter;
    for (let x = 0; x < wide; x++) {
      const at = y * wide + x;
      const a = x > 0 ? rows[at - 1] : 0;
      const b = y > 0 ? rows[at - wide] : 0;
      const c = x > 0 && y > 0 ? rows[at - wide - 1] : 0;
      const p = a + b - c;
      const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      filtered[y * (wide + 1) + 1 + x] = rows[at] - ([0, a, b, (a + b) >> 1, paeth][filter] ?? 0);
    }
  }
  const packed = zlibSync(filtered);
  const size = Math.ceil(packed.length / chunks);
  const parts = Array.from({ length: chunks }, (_, i) => packed.subarray(i * size, (i + 1) * size));
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...parts.map((part) => chunk('IDAT', part)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** The pixels of drawing `n`: others for each number, bits beyond the rows' ends 0. */
export function patternRows(n: number): Uint8Array {
  const rows = new Uint8Array(rowBytes * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const isInk = (x * (n + 3) + y * y * 7 + n * n) % 11 < 2;
      if (!isInk) rows[y * rowBytes + (x >> 3)] |= 0x80 >> (x & 7);
    }
  }
  return rows;
}
