/** `.npy` files for tests, made without the code that reads them. */
import type { ElementType } from './numbers.ts';

export interface NpyWish {
  readonly descr?: string;
  readonly shape?: string;
  readonly fortran?: string;
  readonly version?: number;
}

/** @param data the elements' bytes */
export function makeNpy(
  data: Uint8Array,
  { descr = '<f4', shape = '(2, 1, 3)', fortran = 'False', version = 1 }: NpyWish = {},
): Uint8Array<ArrayBuffer> {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const lengthBytes = version === 1 ? 2 : 4;
  const header = new TextEncoder().encode(`${text.padEnd(118 - lengthBytes)}\n`);
  const bytes = new Uint8Array(8 + lengthBytes + header.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  bytes.set(header, 8 + lengthBytes);
  bytes.set(data, 8 + lengthBytes + header.length);
  return bytes;
}

/** Bytes of numbers in an element type, in either byte order; half floats are given as their bits. */
export function elementBytesOf(numbers: readonly number[], type: ElementType, isLittle = true): Uint8Array {
  const size = Number(type[1]);
  const bytes = new Uint8Array(numbers.length * size);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, i) => {
    const at = i * size;
    if (type === 'f4') view.setFloat32(at, number, isLittle);
    else if (type === 'f8') view.setFloat64(at, number, isLittle);
    else if (size === 8) view.setBigInt64(at, BigInt(number), isLittle);
    else if (size === 4) view.setInt32(at, number, isLittle);
    else if (size === 2) view.setUint16(at, number, isLittle);
    else view.setInt8(at, number);
  });
  return bytes;
}
