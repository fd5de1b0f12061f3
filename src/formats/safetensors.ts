/**
 * Safetensors: named tensors in one file, as published by Hugging Face: a 64-bit little-endian header length, a JSON
 * header, then the data. Read from anywhere, so everything declared is checked before it is used: header size, names,
 * sizes against the file, no overlap, no hole, nothing after the last tensor.
 */
import { dataError, quoted } from './data-error.ts';
import { parseStrictJson, type StrictJson, StrictJsonError } from './strict-json.ts';

const arrays = {
  F64: Float64Array,
  F32: Float32Array,
  I64: BigInt64Array,
  I32: Int32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  I8: Int8Array,
} as const;

export type TensorType = keyof typeof arrays;
/** With those that no array holds on every machine: `numeric-bytes.ts` reads them. */
export type AnyTensorType = TensorType | 'F16' | 'BF16';

/** Bytes of one element. */
export function elementBytes(type: AnyTensorType): number {
  return type === 'F16' || type === 'BF16' ? 2 : arrays[type].BYTES_PER_ELEMENT;
}

/** Arrays on any memory, memory shared between threads included. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int32Array
  | BigInt64Array
  | Uint16Array
  | Uint8Array
  | Int8Array;

/** A row-major tensor; `data.length` is the product of `shape` (1 for a scalar's `[]`). */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface SafetensorsContent {
  /** In the order of the header. */
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Map<string, string>;
}

export interface SafetensorsLimits {
  /** Default 1 MB (2^20). */
  readonly maxHeaderBytes?: number;
  /** Element types that are taken; default all but half floats. */
  readonly types?: readonly AnyTensorType[];
}

const typeNames = Object.keys(arrays) as TensorType[];
/** Refused everywhere, so that no reader of ours or others puts it into an object. */
const forbiddenName = '__proto__';

function typeOf(data: TensorData): TensorType {
  const found = typeNames.find((type) => data instanceof arrays[type]);
  if (!found) throw new TypeError(`a tensor's data must be one of ${typeNames.join(', ')}`);
  return found;
}

/**
 * The file's tensors, as views of `bytes` where they are aligned and as copies where not.
 * @param file what to call the file in errors
 * @throws LabError (exit code 65) `file: field: problem`
 */
export function readSafetensors(
  bytes: Uint8Array,
  file: string,
  limits: SafetensorsLimits = {},
): SafetensorsContent {
  const { places, metadata, dataBegin } = readSafetensorsHeader(bytes, bytes.length, file, limits);
  const data = bytes.subarray(dataBegin);
  return { tensors: new Map([...places].map(([name, place]) => [name, viewOf(place, data)])), metadata };
}

/** What a file's header says, checked against the file's size. */
export interface SafetensorsHeader {
  /** In the order of the header; offsets count from `dataBegin`. */
  readonly places: ReadonlyMap<string, TensorPlace>;
  readonly metadata: Map<string, string>;
  /** Where in the file the data begin. */
  readonly dataBegin: number;
}

/**
 * As `readSafetensors`, of a file too large to be read whole.
 * @param head its first bytes: 8 and as many as its header may have, or all there are
 * @param fileBytes size of the whole file
 */
export function readSafetensorsHeader(
  head: Uint8Array,
  fileBytes: number,
  file: string,
  limits: SafetensorsLimits = {},
): SafetensorsHeader {
  const { types = typeNames, maxHeaderBytes = 2 ** 20 } = limits;
  const header = readHeader(head, file, maxHeaderBytes);
  const dataBytes = fileBytes - header.end;
  const metadata = readMetadata(header.members.get('__metadata__'), file);
  const places = new Map<string, TensorPlace>();
  for (const [name, value] of header.members) {
    if (name === '__metadata__') continue;
    if (name === forbiddenName) throw dataError(file, quoted(name), 'this name is not allowed');
    places.set(name, readPlace(name, value, file, dataBytes, types));
  }
  checkLayout([...places.values()], file, dataBytes);
  return { places, metadata, dataBegin: header.end };
}

/** Where in a file's data a tensor is. */
export interface TensorPlace {
  readonly name: string;
  readonly type: AnyTensorType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array, file: string, maxHeaderBytes: number) {
  if (bytes.length < 8)
    throw dataError(file, 'header length', `the file ends after ${bytes.length} of 8 bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length > maxHeaderBytes) {
    throw dataError(
      file,
      'header length',
      `${length} bytes, more than the ${maxHeaderBytes} allowed; not a safetensors file?`,
    );
  }
  const end = 8 + length;
  if (end > bytes.length) {
    throw dataError(
      file,
      'header',
      `${length} bytes declared, only ${bytes.length - 8} in the file; cut short?`,
    );
  }
  if (bytes[8] !== 0x7b) throw dataError(file, 'header', 'does not start with "{"');
  let members: StrictJson;
  try {
    // Copied because TextDecoder refuses shared memory.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.slice(8, end));
    members = parseStrictJson(text, 3);
  } catch (error) {
    if (error instanceof StrictJsonError) throw dataError(file, 'header', error.message);
    if (error instanceof TypeError) throw dataError(file, 'header', 'not valid UTF-8');
    throw error;
  }
  if (!(members instanceof Map)) throw dataError(file, 'header', 'not a JSON object');
  return { members, end };
}

function readMetadata(value: StrictJson | undefined, file: string): Map<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined) return metadata;
  if (!(value instanceof Map)) throw dataError(file, '__metadata__', 'not an object of strings');
  for (const [name, text] of value) {
    const field = `__metadata__.${quoted(name)}`;
    if (name === forbiddenName) throw dataError(file, field, 'this name is not allowed');
    if (typeof text !== 'string') throw dataError(file, field, 'not a string');
    metadata.set(name, text);
  }
  return metadata;
}

/** Shape and offsets are bounded by the file's size here, before anything is allocated. */
function readPlace(
  name: string,
  value: StrictJson,
  file: string,
  dataBytes: number,
  types: readonly AnyTensorType[],
): TensorPlace {
  const fail = (field: string, problem: string) => dataError(file, `${quoted(name)}${field}`, problem);
  if (!(value instanceof Map)) throw fail('', 'not an object');
  for (const key of value.keys()) {
    if (!['dtype', 'shape', 'data_offsets'].includes(key)) throw fail('', `unknown field ${quoted(key)}`);
  }
  const declared = value.get('dtype');
  const type = types.find((known) => known === declared);
  if (!type) {
    const got = typeof declared === 'string' ? quoted(declared) : 'nothing readable';
    throw fail('.dtype', `got ${got}, expected one of ${types.join(', ')}`);
  }
  const shape = naturalNumbers(value.get('shape'));
  if (!shape) throw fail('.shape', 'not a list of integers >= 0');
  if (shape.length > 32) throw fail('.shape', `${shape.length} dimensions, more than the 32 allowed`);
  const offsets = naturalNumbers(value.get('data_offsets'));
  if (offsets?.length !== 2) throw fail('.data_offsets', 'not two integers >= 0');
  const [begin, end] = offsets;
  if (begin > end || end > dataBytes) {
    throw fail('.data_offsets', `[${begin}, ${end}] is outside the ${dataBytes} bytes of data; cut short?`);
  }
  let size = elementBytes(type);
  if (shape.includes(0)) size = 0;
  else for (const dim of shape) if (size <= dataBytes) size *= dim; // stops before a product could be inexact
  if (size !== end - begin) {
    throw fail('.shape', `[${shape.join(', ')}] of ${type} is not the ${end - begin} bytes of data_offsets`);
  }
  return { name, type, shape, begin, end };
}

function naturalNumbers(value: StrictJson | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const numbers: number[] = [];
  for (const item of value) {
    if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0 || Object.is(item, -0))
      return undefined;
    numbers.push(item);
  }
  return numbers;
}

function checkLayout(places: readonly TensorPlace[], file: string, dataBytes: number): void {
  let covered = 0;
  for (const place of places.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (place.begin !== covered) {
      const problem =
        place.begin < covered
          ? 'overlaps the tensor before it'
          : `leaves a hole of ${place.begin - covered} bytes before it`;
      throw dataError(file, `${quoted(place.name)}.data_offsets`, problem);
    }
    covered = place.end;
  }
  if (covered !== dataBytes)
    throw dataError(file, 'data', `${dataBytes - covered} bytes after the last tensor`);
}

function viewOf(place: TensorPlace, data: Uint8Array): Tensor {
  const { shape, begin, end, type } = place;
  if (type === 'F16' || type === 'BF16') throw new TypeError(`${type}: has no array of its own`);
  const bytesPerElement = arrays[type].BYTES_PER_ELEMENT;
  const start = data.byteOffset + begin;
  const [buffer, offset] =
    start % bytesPerElement === 0 ? [data.buffer, start] : [data.slice(begin, end).buffer, 0];
  const ArrayType: new (buffer: ArrayBufferLike, offset: number, length: number) => TensorData = arrays[type];
  return { shape, data: new ArrayType(buffer, offset, (end - begin) / bytesPerElement) };
}

/**
 * The bytes of a file with these tensors; the same input always gives the same bytes. The header lists the names in
 * the order given; the data follow by element size, widest first, so that every tensor is aligned for a view.
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, Tensor]>,
  metadata: Iterable<readonly [string, string]> = [],
): Uint8Array<ArrayBuffer> {
  const entries = [...tensors];
  const header = safetensorsHeader(entries, metadata);
  const parts = inFileOrder(entries).map(([, { data }]) => data);
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, header.length));
  bytes.set(header);
  let at = header.length;
  for (const data of parts) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Widest elements first; among equals the order given. */
function inFileOrder(entries: readonly (readonly [string, Tensor])[]): (readonly [string, Tensor])[] {
  return entries.toSorted(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
}

/** What stands before the data in such a file: for those who write large data piece by piece. */
export function safetensorsHeader(
  entries: readonly (readonly [string, Tensor])[],
  metadata: Iterable<readonly [string, string]> = [],
): Uint8Array<ArrayBuffer> {
  const texts = [...metadata];
  checkNames([...entries.map(([name]) => name), ...(texts.length > 0 ? ['__metadata__'] : [])]);
  checkNames(texts.map(([name]) => name));
  const begins = new Map<string, number>();
  let dataBytes = 0;
  for (const [name, { data }] of inFileOrder(entries)) {
    begins.set(name, dataBytes);
    dataBytes += data.byteLength;
  }
  const members: string[] = [];
  if (texts.length > 0) {
    members.push(
      `"__metadata__":{${texts.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`).join(',')}}`,
    );
  }
  for (const [name, { shape, data }] of entries) {
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (size !== data.length)
      throw new RangeError(`${name}: shape [${shape.join(', ')}] does not hold ${data.length} elements`);
    const begin = begins.get(name) ?? 0;
    const place = { dtype: typeOf(data), shape, data_offsets: [begin, begin + data.byteLength] };
    members.push(`${JSON.stringify(name)}:${JSON.stringify(place)}`);
  }
  const text = new TextEncoder().encode(`{${members.join(',')}}`);
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes).fill(0x20, 8);
  new DataView(bytes.buffer).setUint32(0, headerBytes, true);
  bytes.set(text, 8);
  return bytes;
}

function checkNames(names: readonly string[]): void {
  if (names.includes(forbiddenName)) throw new RangeError(`the tensor name ${forbiddenName} is not allowed`);
  if (new Set(names).size !== names.length) throw new RangeError('two tensors have the same name');
}

/**
 * A tensor's elements as numbers: the data themselves, 64-bit integers converted.
 * @throws LabError when a 64-bit integer is beyond 2^53
 */
export function tensorNumbers(
  tensor: Tensor,
  file: string,
  name: string,
): Exclude<TensorData, BigInt64Array> {
  const { data } = tensor;
  if (!(data instanceof BigInt64Array)) return data;
  return Float64Array.from(data, (value) => {
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw dataError(file, quoted(name), `${value} does not fit a safe integer`);
    return number;
  });
}
