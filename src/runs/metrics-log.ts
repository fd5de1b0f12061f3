/**
 * A run's metrics: lines of JSON in segments, one segment per owner (or part of one, after a failed write). A segment's
 * first line says which one it follows and after how many of its bytes; nothing is ever truncated or written to by
 * another process. Readers start at the newest segment and take each earlier one up to where the next begins.
 */
import { createHash, type Hash } from 'node:crypto';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { parseRecord, type StoredRecord } from './records.ts';
import { compareSegments, metricsFile, segmentsAmong } from './run-files.ts';
import { cannotWrite, commitFile } from './storage/commit-file.ts';
import { hasCode, type Storage, StorageError } from './storage/storage.ts';

/** A place in the metrics: everything up to it, through all segments before, belongs to the run. */
export interface MetricsPosition {
  readonly segment: string;
  /** Length of that segment's part, in bytes, header included. */
  readonly bytes: number;
  /** Of those bytes. */
  readonly sha256: string;
}

interface SegmentHeader {
  readonly kind: 'segment';
  readonly segment: string;
  /** Null in the first segment of a run. */
  readonly follows: MetricsPosition | null;
}

/** Appends to the segment of one owner. */
export class MetricsWriter {
  readonly #storage: Storage;
  readonly #folder: string;
  readonly #generation: number;
  #part = 1;
  #hash: Hash = createHash('sha256');
  #bytes = 0;
  #synced: MetricsPosition;
  /** Lines since the last sync, in case they have to go to a new file. */
  #unsynced = '';

  private constructor(storage: Storage, folder: string, generation: number, follows: MetricsPosition) {
    this.#storage = storage;
    this.#folder = folder;
    this.#generation = generation;
    this.#synced = follows;
  }

  /**
   * Opens the segment of a generation.
   * @param follows where the resumed checkpoint's metrics end; null at the start of a run
   * @throws {LabError} exit code 73
   */
  static async open(
    storage: Storage,
    folder: string,
    generation: number,
    follows: MetricsPosition | null,
  ): Promise<MetricsWriter> {
    const writer = new MetricsWriter(
      storage,
      folder,
      generation,
      follows ?? { segment: '', bytes: 0, sha256: '' },
    );
    try {
      await writer.#begin(follows, '');
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      writer.#part++;
      await writer.#orStop(() => writer.#begin(follows, ''));
    }
    return writer;
  }

  /** Adds records; they are visible at once and durable after the next `sync`. @throws {LabError} exit code 73 */
  async append(records: readonly StoredRecord[]): Promise<void> {
    if (records.length === 0) return;
    const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    this.#unsynced += lines;
    const bytes = new TextEncoder().encode(lines);
    try {
      await this.#storage.append(this.#path(), bytes);
      this.#hash.update(bytes);
      this.#bytes += bytes.length;
    } catch (error) {
      await this.#moveOn(error);
    }
  }

  /** Makes everything appended durable and returns where it ends. @throws {LabError} exit code 73 */
  async sync(): Promise<MetricsPosition> {
    if (this.#unsynced !== '') {
      try {
        await this.#storage.sync(this.#path());
        this.#markSynced();
      } catch (error) {
        await this.#moveOn(error);
      }
    }
    return this.#synced;
  }

  /** After a failed append or sync the file's end is in doubt: all since the last sync goes to a new segment. */
  async #moveOn(error: unknown): Promise<void> {
    if (!(error instanceof StorageError)) throw error;
    this.#part++;
    await this.#orStop(() => this.#begin(this.#synced, this.#unsynced));
  }

  async #begin(follows: MetricsPosition | null, lines: string): Promise<void> {
    const header: SegmentHeader = { kind: 'segment', segment: this.#segment(), follows };
    const bytes = new TextEncoder().encode(`${JSON.stringify(header)}\n${lines}`);
    await commitFile(
      this.#storage,
      this.#folder,
      `metrics.${this.#segment()}.tmp`,
      metricsFile(this.#segment()),
      bytes,
    );
    this.#hash = createHash('sha256').update(bytes);
    this.#bytes = bytes.length;
    this.#markSynced();
  }

  #markSynced(): void {
    this.#synced = { segment: this.#segment(), bytes: this.#bytes, sha256: this.#hash.copy().digest('hex') };
    this.#unsynced = '';
  }

  async #orStop(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw error instanceof StorageError ? cannotWrite(this.#path(), error) : error;
    }
  }

  #segment(): string {
    return this.#part === 1 ? String(this.#generation) : `${this.#generation}.${this.#part}`;
  }

  #path(): string {
    return `${this.#folder}/${metricsFile(this.#segment())}`;
  }
}

/**
 * Every record of a run so far, in order. Safe while the run is being written: a last line that is not whole yet is
 * left out.
 * @throws {LabError} exit code 65 where a closed part is damaged; a folder without metrics gives no records
 */
export async function readMetrics(storage: Storage, folder: string): Promise<StoredRecord[]> {
  for (const segment of segmentsAmong(await storage.list(folder)).toReversed()) {
    const text = new TextDecoder().decode(await storage.read(`${folder}/${metricsFile(segment)}`));
    const lines = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1);
    const header = parseHeader(lines[0], segment);
    if (!header) continue; // a start cut off before its first line was whole
    const records: StoredRecord[] = [];
    for (const line of lines.slice(1)) {
      const record = parseRecord(line);
      if (!record) break; // what a power cut left of lines never synced
      records.push(record);
    }
    return [...(await recordsUpTo(storage, folder, header.follows)), ...records];
  }
  return [];
}

/** Records of every segment up to a place. @throws {LabError} exit code 65 for anything missing or changed */
export async function recordsUpTo(
  storage: Storage,
  folder: string,
  position: MetricsPosition | null,
): Promise<StoredRecord[]> {
  const parts: StoredRecord[][] = [];
  let end = position;
  while (end !== null) {
    const file = metricsFile(end.segment);
    const fail = (problem: string) => new LabError(`${folder}/${file}: ${problem}`, exitCodes.badData);
    let bytes: Uint8Array;
    try {
      bytes = (await storage.read(`${folder}/${file}`)).subarray(0, end.bytes);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) throw fail('missing');
      throw error;
    }
    if (createHash('sha256').update(bytes).digest('hex') !== end.sha256) {
      throw fail(`its first ${end.bytes} bytes are not those that were written: damaged`);
    }
    const lines = new TextDecoder().decode(bytes).split('\n').slice(0, -1);
    const header = parseHeader(lines[0], end.segment);
    const records = lines.slice(1).map(parseRecord);
    if (!header || records.includes(undefined)) throw fail('a line is not a record of metrics');
    parts.push(records.filter((record) => record !== undefined));
    end = header.follows;
  }
  return parts.toReversed().flat();
}

function parseHeader(line: string | undefined, segment: string): SegmentHeader | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const header = value as Partial<SegmentHeader>;
  if (header.kind !== 'segment' || header.segment !== segment) return undefined;
  const { follows } = header;
  if (follows === null) return { kind: 'segment', segment, follows };
  const valid =
    typeof follows === 'object' &&
    typeof follows.segment === 'string' &&
    compareSegments(follows.segment, segment) < 0 &&
    Number.isSafeInteger(follows.bytes) &&
    typeof follows.sha256 === 'string';
  return valid ? { kind: 'segment', segment, follows } : undefined;
}
