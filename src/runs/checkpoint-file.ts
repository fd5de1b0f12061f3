/**
 * One checksummed safetensors file is one commit of a run: weights, optimizer state, where training and its metrics
 * stand, under which config and engine. The SHA-256 in the header is taken over every byte of the file with the
 * checksum's own 64 digits as zeros, so that no flipped bit goes unnoticed.
 */
import { createHash } from 'node:crypto';
import type { LabError } from '../errors/lab-error.ts';
import { dataError, quoted } from '../formats/data-error.ts';
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors.ts';
import { parseStrictJson, type StrictJson, StrictJsonError } from '../formats/strict-json.ts';
import { type MetricsPosition, metricsPosition } from './metrics-position.ts';

export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** What the session has to remember besides the trainer's tensors to go on exactly. */
export interface SessionProgress {
  /** Sum and number of the training losses since the last training record. */
  readonly lossSum: number;
  readonly lossCount: number;
  /** Sequences seen at the last evaluation and snapshot; -1 before the first. */
  readonly lastEvaluated: number;
  readonly lastSnapshot: number;
  /** Sum and number of the training losses since the last evaluation; absent where they are not known. */
  readonly sinceEvaluation?: { readonly lossSum: number; readonly lossCount: number };
}

export interface CheckpointContent {
  readonly kind: 'checkpoint' | 'snapshot';
  readonly sequences: number;
  readonly step: number;
  readonly generation: number;
  readonly configHash: string;
  readonly engineVersion: string;
  /** What was done to the model's activations while it learned, one line each (docs/interventions.md). */
  readonly interventions?: readonly string[];
  /** Of a checkpoint; a snapshot has none. */
  readonly metrics?: MetricsPosition;
  readonly progress?: SessionProgress;
  readonly tensors: ReadonlyMap<string, FloatTensor>;
}

const formats = { checkpoint: 'iclab-checkpoint-1', snapshot: 'iclab-snapshot-1' } as const;
const zeros = '0'.repeat(64);

/** Copies the tensors before it gives way: while the checksum is computed, on another thread, others may run. */
export async function encodeCheckpoint(content: CheckpointContent): Promise<Uint8Array> {
  const { kind, tensors, metrics, progress } = content;
  const metadata = new Map<string, string>([
    ['format', formats[kind]],
    ['sequences', String(content.sequences)],
    ['step', String(content.step)],
    ['generation', String(content.generation)],
    ['configHash', content.configHash],
    ['engineVersion', content.engineVersion],
    ...(content.interventions ? [['interventions', JSON.stringify(content.interventions)] as const] : []),
    ...(metrics ? [['metrics', JSON.stringify(metrics)] as const] : []),
    ...(progress ? [['progress', JSON.stringify(progress)] as const] : []),
    ['sha256', zeros],
  ]);
  // The writer copies, so memory shared between threads is as good as any.
  const bytes = writeSafetensors(tensors, metadata);
  const place = checksumPlace(bytes, zeros);
  if (place === undefined) throw new Error('the checksum has no place in its own file');
  const sha256 = await globalThis.crypto.subtle.digest('SHA-256', bytes);
  bytes.set(new TextEncoder().encode(Buffer.from(sha256).toString('hex')), place);
  return bytes;
}

/**
 * @param file what to call it in errors
 * @throws {LabError} exit code 65, `file: problem`, for anything but a whole, unchanged file of the kind
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  file: string,
  kind: CheckpointContent['kind'],
): CheckpointContent {
  const { tensors, metadata } = readSafetensors(bytes, file);
  const fail = (problem: string) => dataError(file, '', problem);
  const text = (name: string) => {
    const value = metadata.get(name);
    if (value === undefined) throw fail(`no "${name}" in its header; not a ${kind} of this program`);
    return value;
  };
  if (text('format') !== formats[kind])
    throw fail(`format is ${quoted(text('format'))}, expected "${formats[kind]}"`);
  const sha256 = text('sha256');
  const place = /^[0-9a-f]{64}$/.test(sha256) ? checksumPlace(bytes, sha256) : undefined;
  if (place === undefined || digest(bytes, place) !== sha256)
    throw fail('its checksum does not match: damaged');
  // A checksum tells of damage, not of who wrote the file: what follows is checked all the same.
  const count = (name: string) => {
    const value = Number(text(name));
    if (String(value) === text(name) && isCount(value, 0)) return value;
    throw dataError(file, name, `got ${quoted(text(name))}, expected a whole number`);
  };
  const word = (name: string) => {
    if (/^[\x21-\x7e]{1,100}$/.test(text(name))) return text(name);
    throw dataError(file, name, `got ${quoted(text(name))}, expected a word of at most 100 letters`);
  };
  const common = {
    kind,
    sequences: count('sequences'),
    step: count('step'),
    generation: count('generation'),
    configHash: word('configHash'),
    engineVersion: word('engineVersion'),
    ...interventionsIn(metadata.get('interventions'), file),
    tensors: floatTensors(tensors, fail),
  };
  if (kind === 'snapshot') return common;
  const metrics = metricsPosition(jsonIn(text('metrics'), 'metrics', file));
  if (!metrics) throw dataError(file, 'metrics', 'does not name a place in the metrics');
  const progress = sessionProgress(jsonIn(text('progress'), 'progress', file));
  if (!progress) throw dataError(file, 'progress', 'does not tell where the session stood');
  return { ...common, metrics, progress };
}

function interventionsIn(text: string | undefined, file: string): Pick<CheckpointContent, 'interventions'> {
  if (text === undefined) return {};
  const lines = jsonIn(text, 'interventions', file);
  const isLine = (line: StrictJson): line is string => typeof line === 'string';
  if (Array.isArray(lines) && lines.every(isLine)) return { interventions: lines };
  throw dataError(file, 'interventions', 'does not list interventions');
}

function jsonIn(text: string, name: string, file: string): StrictJson {
  try {
    return parseStrictJson(text, 2);
  } catch (error) {
    if (error instanceof StrictJsonError) throw dataError(file, name, error.message);
    throw error;
  }
}

function sessionProgress(value: StrictJson): SessionProgress | undefined {
  const losses = lossesIn(value);
  if (!losses || !(value instanceof Map)) return undefined;
  const lastEvaluated = value.get('lastEvaluated');
  const lastSnapshot = value.get('lastSnapshot');
  if (!isCount(lastEvaluated, -1) || !isCount(lastSnapshot, -1)) return undefined;
  const known = { ...losses, lastEvaluated, lastSnapshot };
  if (!value.has('sinceEvaluation')) return value.size === 4 ? known : undefined;
  const since = value.get('sinceEvaluation');
  const sinceEvaluation = lossesIn(since);
  if (!sinceEvaluation || (since instanceof Map && since.size !== 2) || value.size !== 5) return undefined;
  return { ...known, sinceEvaluation };
}

function lossesIn(value: StrictJson | undefined) {
  if (!(value instanceof Map)) return undefined;
  const lossSum = value.get('lossSum');
  const lossCount = value.get('lossCount');
  if (typeof lossSum !== 'number' || !Number.isFinite(lossSum) || !isCount(lossCount, 0)) return undefined;
  return { lossSum, lossCount };
}

function isCount(value: StrictJson | undefined, least: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && !Object.is(value, -0);
}

function floatTensors(
  tensors: ReadonlyMap<string, Tensor>,
  fail: (problem: string) => LabError,
): Map<string, FloatTensor> {
  const floats = new Map<string, FloatTensor>();
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array || data instanceof Float64Array))
      throw fail(`${quoted(name)} holds integers`);
    floats.set(name, { shape, data });
  }
  return floats;
}

/** Offset of the checksum's digits in the header, which is where they stand once and quoted. */
function checksumPlace(bytes: Uint8Array, sha256: string): number | undefined {
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, 8 + headerBytes).toString('latin1');
  const member = `"sha256":"${sha256}"`;
  const at = header.indexOf(member);
  if (at < 0 || header.indexOf(member, at + 1) >= 0) return undefined;
  return at + '"sha256":"'.length;
}

function digest(bytes: Uint8Array, place: number): string {
  return createHash('sha256')
    .update(bytes.subarray(0, place))
    .update(zeros)
    .update(bytes.subarray(place + zeros.length))
    .digest('hex');
}
