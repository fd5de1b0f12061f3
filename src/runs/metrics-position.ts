/** A place in a run's metrics, as checkpoints and segments name it, and its reading from what may be damaged. */
import type { StrictJson } from '../formats/strict-json.ts';
import { metricsFile, segmentsAmong } from './run-files.ts';

/** Everything up to it, through all segments before, belongs to the run. */
export interface MetricsPosition {
  readonly segment: string;
  /** Length of that segment's part, in bytes, header included. */
  readonly bytes: number;
  /** Of those bytes. */
  readonly sha256: string;
}

/** The position that a value of a file tells; undefined where it tells none. */
export function metricsPosition(value: StrictJson | undefined): MetricsPosition | undefined {
  if (!(value instanceof Map) || value.size !== 3) return undefined;
  const [segment, bytes, sha256] = ['segment', 'bytes', 'sha256'].map((name) => value.get(name));
  // The segment becomes part of a path: it has to be one that a listing of the folder could give.
  if (typeof segment !== 'string' || segmentsAmong([metricsFile(segment)])[0] !== segment) return undefined;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 1) return undefined;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  return { segment, bytes, sha256 };
}
