/**
 * A file of features: a safetensors file with the quantised features (`quantise.ts`), and in its metadata what they
 * are, how they came about and their checksum. Any reader of safetensors gives `offset + step * features` back.
 */
import { dataError, printable, quoted } from '../../formats/data-error.ts';
import {
  readSafetensors,
  readSafetensorsHeader,
  safetensorsHeader,
  type Tensor,
} from '../../formats/safetensors.ts';
import { parseStrictJson, type StrictJson, StrictJsonError } from '../../formats/strict-json.ts';
import type { ExemplarSource } from '../exemplar-source.ts';
import { describeStored, type FeatureFacts } from './config.ts';
import { featureAt, type QuantisedFeatures } from './quantise.ts';

/** What the metadata's `format` says. */
const format = 'iclab features 1';

/** Bytes the part before the features may have. */
export const mostHeaderBytes = 2 ** 16;

/** In which order a run counts the rows: the first of every block, then what is left of each. */
export interface RowBlocks {
  /** Rows of one block. */
  readonly rows: number;
  /** How many of them come first. */
  readonly first: number;
}

export interface StoreDescription {
  /** What the features are, in one line: every figure made of them says it. */
  readonly name: string;
  readonly sha256: string;
  /** How they came about: drawings, encoder, preprocessing, error of quantisation. Plain data. */
  readonly provenance: Readonly<Record<string, unknown>>;
  /** Absent where a run counts rows as they are stored. */
  readonly blocks?: RowBlocks | undefined;
}

/** The parts of a file in order: what its checksum is taken over comes after the first. */
export interface StoreParts {
  readonly header: Uint8Array;
  readonly data: readonly Uint8Array[];
}

const bytesOf = (array: Uint8Array | Uint16Array | Float32Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** What the checksum is taken over, in this order. */
export function checkedParts({ offset, step, steps }: QuantisedFeatures): Uint8Array[] {
  return [bytesOf(offset), bytesOf(step), bytesOf(steps)];
}

/** A file as it is written; the features are not copied. */
export function encodeStore(features: QuantisedFeatures, description: StoreDescription): StoreParts {
  const { classes, exemplars, dim, offset, step, steps } = features;
  const tensors: [string, Tensor][] = [
    ['offset', { shape: [dim], data: offset }],
    ['step', { shape: [dim], data: step }],
    ['features', { shape: [classes, exemplars, dim], data: steps }],
  ];
  const { name, sha256, provenance, blocks } = description;
  const metadata: [string, string][] = [
    ['format', format],
    ['name', name],
    ['sha256', sha256],
    ['provenance', JSON.stringify(provenance)],
    ...(blocks ? [['blocks', JSON.stringify(blocks)] as [string, string]] : []),
  ];
  return { header: safetensorsHeader(tensors, metadata), data: checkedParts(features) };
}

/** What the part of a file before its features says. */
export interface StoreHeader {
  readonly facts: FeatureFacts;
  readonly blocks: RowBlocks | undefined;
  /** As it stands in the file: JSON. */
  readonly provenance: string;
}

export type DecodedStore = QuantisedFeatures & StoreHeader;

/**
 * @param head the file's first bytes: all, or 8 and `mostHeaderBytes`
 * @param fileBytes size of the whole file
 * @throws {LabError} exit code 65
 */
export function readStoreHeader(head: Uint8Array, fileBytes: number, file: string): StoreHeader {
  const limits = { maxHeaderBytes: mostHeaderBytes };
  const { places, metadata } = readSafetensorsHeader(head, fileBytes, file, limits);
  if (metadata.get('format') !== format)
    throw dataError(file, '', 'not a file of features made by this program; iclab data makes them');
  const features = places.get('features');
  const [classes = 0, exemplars = 0, dim = 0] = features?.shape ?? [];
  const isWhole = features?.type === 'U16' || features?.type === 'U8';
  if (!isWhole || features.shape.length !== 3 || classes < 2 || exemplars < 1 || dim < 1)
    throw dataError(file, 'features', 'expected [classes, exemplars, dim] of U16 or U8: damaged');
  for (const name of ['offset', 'step']) {
    const place = places.get(name);
    if (place?.type !== 'F32' || place.shape.join() !== String(dim))
      throw dataError(file, name, `expected [${dim}] of F32: damaged`);
  }
  const [name, sha256] = [metadata.get('name') ?? '', metadata.get('sha256') ?? ''];
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw dataError(file, 'sha256', 'expected 64 hexadecimal digits: damaged');
  return {
    facts: { name: printable(name, 200), sha256, classes, exemplars, dim },
    blocks: readBlocks(metadata.get('blocks'), classes, file),
    provenance: metadata.get('provenance') ?? '{}',
  };
}

/**
 * @param bytes of the whole file; what comes back are views of them
 * @throws {LabError} exit code 65. The checksum is not looked at: `checkedParts` are what it is of
 */
export function decodeStore(bytes: Uint8Array, file: string): DecodedStore {
  const header = readStoreHeader(bytes, bytes.length, file);
  const { tensors } = readSafetensors(bytes, file, { maxHeaderBytes: mostHeaderBytes });
  const [offset, step, steps] = ['offset', 'step', 'features'].map((name) => tensors.get(name)?.data);
  const { classes, exemplars, dim } = header.facts;
  const isSound =
    offset instanceof Float32Array &&
    step instanceof Float32Array &&
    (steps instanceof Uint16Array || steps instanceof Uint8Array);
  if (!isSound || ![...offset, ...step].every(Number.isFinite))
    throw dataError(file, 'offset', 'a number that is not finite: damaged');
  return { classes, exemplars, dim, steps, offset, step, ...header };
}

function readBlocks(text: string | undefined, classes: number, file: string): RowBlocks | undefined {
  if (text === undefined) return undefined;
  let value: StrictJson;
  try {
    value = parseStrictJson(text, 2);
  } catch (error) {
    if (error instanceof StrictJsonError) throw dataError(file, 'blocks', error.message);
    throw error;
  }
  const [rows, first] = value instanceof Map ? [value.get('rows'), value.get('first')] : [];
  if (!isCount(rows) || !isCount(first) || first > rows || classes % rows !== 0)
    throw dataError(file, 'blocks', `${quoted(text)} does not divide ${classes} rows: damaged`);
  return { rows, first };
}

function isCount(value: StrictJson | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** The stored row of each class of a run. */
export function rowsInOrder(classes: number, blocks: RowBlocks | undefined): Uint32Array {
  const all = Uint32Array.from({ length: classes }, (_, row) => row);
  if (!blocks) return all;
  const isFirst = (row: number) => row % blocks.rows < blocks.first;
  const first = all.filter(isFirst);
  const ordered = new Uint32Array(classes);
  ordered.set(first);
  ordered.set(
    all.filter((row) => !isFirst(row)),
    first.length,
  );
  return ordered;
}

/** The exemplar source that a file is. */
export function storedSource(store: DecodedStore): ExemplarSource {
  const { classes, exemplars, dim, steps, offset, step, facts, blocks } = store;
  const rows = rowsInOrder(classes, blocks);
  return {
    description: describeStored(facts),
    classes,
    exemplars,
    dim,
    copyFeatures(classIndex, exemplar, out, at) {
      const from = (rows[classIndex] * exemplars + exemplar) * dim;
      for (let i = 0; i < dim; i++) out[at + i] = featureAt(offset[i], step[i], steps[from + i]);
    },
  };
}
