/**
 * PNG pictures as bytes: drawings of one bit a pixel are read, grey ones written. Reading has a decoder of its own (PNG
 * 1.2, the part that such drawings need): tens of thousands are read at once, each a few hundred bytes, and a general
 * decoder takes a millisecond and 200 KB for each. What a picture unpacks to is never larger than it must be.
 */
import { encode } from 'fast-png';
import { unzlibSync } from 'fflate';
import { crc32 } from './crc32.ts';
import { dataError } from './data-error.ts';

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const chunkTypes = { header: 0x49484452, pixels: 0x49444154, end: 0x49454e44 } as const;
/** Length and type before a chunk's data, checksum after. */
const aroundData = 12;
const headerBytes = 13;

/**
 * The pixels of a picture of one bit a pixel, row by row, each row from a new byte on, its first pixel in the highest
 * bit; bits beyond a row's end are 0.
 * @param what to call it in errors: a file, or an archive and a name in it
 * @throws {LabError} exit code 65: no PNG, damaged (checksums are verified), or of another size or kind
 */
export function readBitmap(bytes: Uint8Array, what: string, width: number, height: number): Uint8Array {
  const packed = packedPixels(bytes, width, height, what);
  const rowBytes = Math.ceil(width / 8);
  const filtered = new Uint8Array((1 + rowBytes) * height);
  let length: number;
  try {
    ({ length } = unzlibSync(packed, { out: filtered }));
  } catch {
    throw dataError(what, '', 'its pixels cannot be unpacked: damaged; get it anew');
  }
  if (length !== filtered.length)
    throw dataError(what, '', `${length} bytes of pixels; expected ${filtered.length}: damaged; get it anew`);
  return withoutFilters(filtered, width, height, what);
}

/** The data of all pixel chunks, after everything declared was checked. */
function packedPixels(bytes: Uint8Array, width: number, height: number, what: string): Uint8Array {
  if (bytes.length < signature.length || signature.some((byte, i) => bytes[i] !== byte))
    throw dataError(what, '', 'not a PNG picture; damaged? get it anew');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  for (let at = signature.length, isFirst = true; ; isFirst = false) {
    const length = at + aroundData <= bytes.length ? view.getUint32(at) : Number.POSITIVE_INFINITY;
    const end = at + aroundData + length;
    if (end > bytes.length) throw dataError(what, '', 'ends within a chunk: cut short; get it anew');
    if (crc32(bytes, at + 4, end - 4) !== view.getUint32(end - 4))
      throw dataError(what, '', 'a checksum does not match: damaged; get it anew');
    const type = view.getUint32(at + 4);
    const data = bytes.subarray(at + 8, end - 4);
    const isHeader = type === chunkTypes.header && length === headerBytes;
    if (isFirst !== isHeader) throw dataError(what, '', 'its header is not its first chunk: damaged');
    if (isHeader) checkHeader(data, width, height, what);
    if (type === chunkTypes.pixels) parts.push(data);
    if (type === chunkTypes.end) break;
    at = end;
  }
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function checkHeader(data: Uint8Array, width: number, height: number, what: string): void {
  const view = new DataView(data.buffer, data.byteOffset, headerBytes);
  const [gotWidth, gotHeight] = [view.getUint32(0), view.getUint32(4)];
  if (gotWidth !== width || gotHeight !== height)
    throw dataError(what, '', `${gotWidth}x${gotHeight} pixels; expected ${width}x${height}`);
  const [bits, color, compression, filters, interlaced] = data.subarray(8);
  if (bits !== 1 || color !== 0 || compression + filters + interlaced !== 0)
    throw dataError(
      what,
      '',
      `${bits} bits a pixel of colour type ${color}; expected 1 bit of grey (0), not interlaced`,
    );
}

/** Undoes what each row says was done to it, byte by byte (PNG 1.2, "Filter Algorithms"). */
function withoutFilters(filtered: Uint8Array, width: number, height: number, what: string): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const rows = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const from = y * (rowBytes + 1);
    const filter = filtered[from];
    if (filter > 4)
      throw dataError(what, '', `row ${y} has filter ${filter}; expected 0 to 4: damaged; get it anew`);
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x > 0 ? rows[at - 1] : 0;
      const above = y > 0 ? rows[at - rowBytes] : 0;
      const corner = x > 0 && y > 0 ? rows[at - rowBytes - 1] : 0;
      rows[at] = filtered[from + 1 + x] + predicted(filter, left, above, corner);
    }
  }
  const unused = rowBytes * 8 - width;
  for (let last = rowBytes - 1; last < rows.length; last += rowBytes) rows[last] &= 0xff << unused;
  return rows;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    default: {
      const [toLeft, toAbove, toCorner] = [
        Math.abs(above - corner),
        Math.abs(left - corner),
        Math.abs(left + above - 2 * corner),
      ];
      if (toLeft <= toAbove && toLeft <= toCorner) return left;
      return toAbove <= toCorner ? above : corner;
    }
  }
}

/** The bytes of a grey picture; `pixels` are 0 (black) to 255 (white), row by row. */
export function writeGreyPng(width: number, height: number, pixels: Uint8Array): Uint8Array {
  return encode({ width, height, data: pixels, depth: 8, channels: 1 });
}
