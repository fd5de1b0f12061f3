/** Arrays in NumPy's own format (`.npy`, numpy.lib.format), read from anywhere; objects in them are never unpickled. */
import { dataError, quoted } from './data-error.ts';
import { bytesOf, type ElementType, elementTypes, floatsOf } from './numbers.ts';

export interface NumberArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
const mostHeaderBytes = 2 ** 16;
const mostDimensions = 32;

/**
 * @param file what to call it in errors
 * @throws {LabError} exit code 65: no such file, cut short, or an array of something else than numbers in C order
 */
export function readNpy(bytes: Uint8Array, file: string): NumberArray {
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte))
    throw dataError(file, '', 'not a .npy file; numpy.save makes them');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isShort = bytes[6] === 1;
  const length = isShort ? view.getUint16(8, true) : view.getUint32(8, true);
  const begin = (isShort ? 10 : 12) + length;
  if (bytes[6] < 1 || bytes[6] > 3 || length > mostHeaderBytes || begin > bytes.length)
    throw dataError(file, 'header', 'damaged, or of a version that is not known');
  const text = new TextDecoder('latin1').decode(bytes.slice(begin - length, begin));
  const type = elementType(text, file);
  if (!/'fortran_order':\s*False\b/.test(text))
    throw dataError(file, '', 'in Fortran order; save numpy.ascontiguousarray(array)');
  const shape = shapeOf(text, file);
  const data = bytes.subarray(begin);
  let size = bytesOf(type.name);
  if (shape.includes(0)) size = 0;
  else for (const dim of shape) if (size <= data.length) size *= dim; // stops before a product could be inexact
  if (size !== data.length)
    throw dataError(
      file,
      '',
      `[${shape.join(', ')}] of ${type.descr} is not the ${data.length} bytes in it; cut short?`,
    );
  return { shape, values: floatsOf(data, type.name, type.isLittle) };
}

function elementType(header: string, file: string): { name: ElementType; descr: string; isLittle: boolean } {
  const [, descr = ''] = /'descr':\s*'([^']*)'/.exec(header) ?? [];
  const name = elementTypes.find((type) => type === descr.slice(1));
  if (name === undefined || name === 'b2' || !'<>|='.includes(descr[0]))
    throw dataError(
      file,
      'dtype',
      `got ${quoted(descr)}; expected numbers like float32: save array.astype("float32")`,
    );
  return { name, descr, isLittle: descr[0] !== '>' };
}

function shapeOf(header: string, file: string): number[] {
  const [, list] = /'shape':\s*\(([\d,\s]*)\)/.exec(header) ?? [];
  const words = list?.split(',').map((word) => word.trim()) ?? [];
  const shape = words.filter((word) => word !== '').map(Number);
  if (list === undefined || shape.length > mostDimensions || !shape.every(Number.isSafeInteger))
    throw dataError(file, 'shape', 'damaged');
  return shape;
}
