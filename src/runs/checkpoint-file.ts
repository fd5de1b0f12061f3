/**
 * One checksummed safetensors file is one commit of a run: weights, optimizer state, where training and its metrics
 * stand, under which config and engine. The SHA-256 in the header is taken over every byte of the file with the
 * checksum's own 64 digits as zeros, so that no flipped bit goes unnoticed.
 */
import { createHash } from 'node:crypto';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readSafetensors, type Tensor, writeSafetensors } from '../formats/safetensors.ts';
import type { MetricsPosition } from './metrics-log.ts';

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
  /** Of a checkpoint; a snapshot has none. */
  readonly metrics?: MetricsPosition;
  readonly progress?: SessionProgress;
  readonly tensors: ReadonlyMap<string, FloatTensor>;
}

const formats = { checkpoint: 'iclab-checkpoint-1', snapshot: 'iclab-snapshot-1' } as const;
const zeros = '0'.repeat(64);

export function encodeCheckpoint(content: CheckpointContent): Uint8Array {
  const { kind, tensors, metrics, progress } = content;
  const metadata = new Map<string, string>([
    ['format', formats[kind]],
    ['sequences', String(content.sequences)],
    ['step', String(content.step)],
    ['generation', String(content.generation)],
    ['configHash', content.configHash],
    ['engineVersion', content.engineVersion],
    ...(metrics ? [['metrics', JSON.stringify(metrics)] as const] : []),
    ...(progress ? [['progress', JSON.stringify(progress)] as const] : []),
    ['sha256', zeros],
  ]);
  // The writer copies, so memory shared between threads is as good as any.
  const bytes = writeSafetensors(tensors, metadata);
  const place = checksumPlace(bytes, zeros);
  if (place === undefined) throw new Error('the checksum has no place in its own file');
  bytes.set(new TextEncoder().encode(digest(bytes, place)), place);
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
  const fail = (problem: string) => new LabError(`${file}: ${problem}`, exitCodes.badData);
  const text = (name: string) => {
    const value = metadata.get(name);
    if (value === undefined) throw fail(`no "${name}" in its header; not a ${kind} of this program`);
    return value;
  };
  if (text('format') !== formats[kind])
    throw fail(`format is "${text('format')}", expected "${formats[kind]}"`);
  const sha256 = text('sha256');
  const place = /^[0-9a-f]{64}$/.test(sha256) ? checksumPlace(bytes, sha256) : undefined;
  if (place === undefined || digest(bytes, place) !== sha256)
    throw fail('its checksum does not match: damaged');
  const common = {
    kind,
    sequences: Number(text('sequences')),
    step: Number(text('step')),
    generation: Number(text('generation')),
    configHash: text('configHash'),
    engineVersion: text('engineVersion'),
    tensors: floatTensors(tensors, fail),
  };
  if (kind === 'snapshot') return common;
  // The checksum has vouched that this program wrote these two.
  const metrics = JSON.parse(text('metrics')) as MetricsPosition;
  const progress = JSON.parse(text('progress')) as SessionProgress;
  return { ...common, metrics, progress };
}

function floatTensors(
  tensors: ReadonlyMap<string, Tensor>,
  fail: (problem: string) => LabError,
): Map<string, FloatTensor> {
  const floats = new Map<string, FloatTensor>();
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array || data instanceof Float64Array)) throw fail(`${name} holds integers`);
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
