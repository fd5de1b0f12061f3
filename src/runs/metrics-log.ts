/**
 * A run's metrics: lines of JSON in segments, one segment per owner (or part of one, after a failed write). A segment's
 * first line says which one it follows and after how many of its bytes; nothing is ever truncated or written to by
 * another process. Readers start at the newest segment and take each earlier one up to where the next begins.
 */
import { createHash, type Hash } from 'node:crypto';
import { dataError } from '../formats/data-error.ts';
import { parseStrictJson, type StrictJson, StrictJsonError } from '../formats/strict-json.ts';
import { readCapped } from './capped-read.ts';
import { type MetricsPosition, metricsPosition } from './metrics-position.ts';
import { parseRecord } from './parse-record.ts';
import type { StoredRecord } from './records.ts';
import { compareSegments, metricsFile, segmentsAmong } from './run-files.ts';
import { cannotWrite, commitFile } from './storage/commit-file.ts';
import { hasCode, type Storage, StorageError } from './storage/storage.ts';

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
 * Every record of a run so far, in order. Safe while the run is being written: from the first line on that is not whole
 * or no record, what the newest segment holds is left out.
 * @throws {LabError} exit code 65 where a closed part is damaged; a folder without metrics gives no records
 */
export async function readMetrics(storage: Storage, folder: string): Promise<StoredRecord[]> {
  for (const segment of segmentsAmong(await storage.list(folder)).toReversed()) {
    const lines = linesOf(await readCapped(storage, `${folder}/${metricsFile(segment)}`, 'metrics'));
    const header = parseHeader(lines.next().value, segment);
    if (!header) continue; // a start cut off before its first line was whole
    const records: StoredRecord[] = [];
    for (const line of lines) {
      const record = line === undefined ? undefined : parseRecord(line);
      if (!record) break; // what a power cut left of lines never synced
      records.push(record);
    }
    return [...(await recordsUpTo(storage, folder, header.follows)), ...records];
  }
  return [];
}

/**
 * As `readMetrics`, and what `done.json` vouches for is held to its checksum.
 * @param finished where the metrics stood when the run was finished; undefined where it was not, or does not say
 * @throws {LabError} exit code 65 for anything missing or changed in it
 */
export async function readCheckedMetrics(
  storage: Storage,
  folder: string,
  finished: MetricsPosition | undefined,
): Promise<StoredRecord[]> {
  if (finished) await recordsUpTo(storage, folder, finished);
  return readMetrics(storage, folder); // the run may have been made longer since
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
    const path = `${folder}/${metricsFile(end.segment)}`;
    const bytes = (await readClosed(storage, path)).subarray(0, end.bytes);
    if (createHash('sha256').update(bytes).digest('hex') !== end.sha256) {
      throw dataError(path, '', `its first ${end.bytes} bytes are not those that were written: damaged`);
    }
    const lines = linesOf(bytes);
    const header = parseHeader(lines.next().value, end.segment);
    if (!header) throw dataError(path, 'line 1', 'not the first line of this segment: damaged');
    const records: StoredRecord[] = [];
    for (const line of lines) {
      const record = line === undefined ? undefined : parseRecord(line);
      if (!record)
        throw dataError(path, `line ${records.length + 2}`, 'not a whole record of metrics: damaged');
      records.push(record);
    }
    parts.push(records);
    end = header.follows;
  }
  return parts.toReversed().flat();
}

async function readClosed(storage: Storage, path: string): Promise<Uint8Array> {
  try {
    return await readCapped(storage, path, 'metrics');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw dataError(path, '', 'missing');
    throw error;
  }
}

/** The lines one after another, so that none is taken out that nobody looks at; undefined for one that is not whole. */
function* linesOf(bytes: Uint8Array): Generator<Buffer | undefined, undefined> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let start = 0; start < buffer.length; ) {
    const end = buffer.indexOf(0x0a, start);
    yield end < 0 ? undefined : buffer.subarray(start, end);
    start = end < 0 ? buffer.length : end + 1;
  }
}

/** Of a segment's first line; about 200 are used. */
const longestHeader = 1024;

function parseHeader(line: Buffer | undefined, segment: string): SegmentHeader | undefined {
  if (line === undefined || line.length > longestHeader) return undefined;
  let value: StrictJson;
  try {
    value = parseStrictJson(line.toString('latin1'), 2);
  } catch (error) {
    if (error instanceof StrictJsonError) return undefined;
    throw error;
  }
  if (!(value instanceof Map) || value.size !== 3) return undefined;
  if (value.get('kind') !== 'segment' || value.get('segment') !== segment) return undefined;
  if (value.get('follows') === null) return { kind: 'segment', segment, follows: null };
  const follows = metricsPosition(value.get('follows'));
  // Each segment follows an earlier one, so that a chain of them has an end.
  if (!follows || compareSegments(follows.segment, segment) >= 0) return undefined;
  return { kind: 'segment', segment, follows };
}
