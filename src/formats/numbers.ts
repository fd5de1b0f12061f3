/** Arrays of numbers as files hold them, of any of the usual types and either byte order, as float32. */

/** Kind and bytes of an element, as NumPy writes them; `b2` is bfloat16, which NumPy does not know. */
export const elementTypes = ['f2', 'b2', 'f4', 'f8', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8'] as const;

export type ElementType = (typeof elementTypes)[number];

/** Bytes of one element. */
export function bytesOf(type: ElementType): number {
  return Number(type[1]);
}

/** The number that 16 bits of IEEE 754 half precision stand for. */
export function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function reader(view: DataView, type: ElementType, isLittle: boolean): (at: number) => number {
  switch (type) {
    case 'f2':
      return (at) => halfFloat(view.getUint16(at, isLittle));
    case 'b2': {
      const word = new DataView(new ArrayBuffer(4));
      return (at) => {
        word.setUint16(0, view.getUint16(at, isLittle));
        return word.getFloat32(0);
      };
    }
    case 'f4':
      return (at) => view.getFloat32(at, isLittle);
    case 'f8':
      return (at) => view.getFloat64(at, isLittle);
    case 'i1':
      return (at) => view.getInt8(at);
    case 'i2':
      return (at) => view.getInt16(at, isLittle);
    case 'i4':
      return (at) => view.getInt32(at, isLittle);
    case 'i8':
      return (at) => Number(view.getBigInt64(at, isLittle));
    case 'u1':
      return (at) => view.getUint8(at);
    case 'u2':
      return (at) => view.getUint16(at, isLittle);
    case 'u4':
      return (at) => view.getUint32(at, isLittle);
    case 'u8':
      return (at) => Number(view.getBigUint64(at, isLittle));
  }
}

/** All whole elements of `bytes`, rounded to float32. */
export function floatsOf(bytes: Uint8Array, type: ElementType, isLittle = true): Float32Array {
  const size = bytesOf(type);
  const read = reader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), type, isLittle);
  const floats = new Float32Array(Math.floor(bytes.length / size));
  for (let i = 0; i < floats.length; i++) floats[i] = read(i * size);
  return floats;
}
