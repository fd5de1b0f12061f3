/**
 * One writer per run folder. Each start takes the next generation by making `owner.<generation>.json` exclusively, so
 * of two that try at once one wins; a run is owned by its highest generation. An owner rewrites its file as a heartbeat
 * and has lost the run as soon as a higher generation is there. All it writes carries its generation, so that a process
 * that lost without noticing does no harm.
 */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { printable } from '../formats/data-error.ts';
import { readCapped } from './capped-read.ts';
import { type ProcessIdentity, type ProcessTable } from './process-identity.ts';
import { highestGeneration, ownerFile, ownersAmong } from './run-files.ts';
import { parseJsonObject } from './run-json.ts';
import { cannotWrite, diskFailure } from './storage/commit-file.ts';
import { hasCode, type Storage, StorageError } from './storage/storage.ts';

/** Milliseconds between heartbeats, and how old the last one is when the owner counts as gone. */
export const heartbeatEveryMs = 5_000;
export const staleAfterMs = 60_000;

export interface OwnerRecord extends ProcessIdentity {
  readonly generation: number;
  readonly startedMs: number;
  readonly heartbeatMs: number;
  /** Set when the owner left in good order. */
  readonly endedMs?: number;
}

export interface OwnershipEnvironment {
  readonly storage: Storage;
  readonly folder: string;
  readonly processes: ProcessTable;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class Ownership {
  readonly generation: number;
  readonly #environment: OwnershipEnvironment;
  readonly #startedMs: number;
  #lastBeatMs: number;

  private constructor(environment: OwnershipEnvironment, generation: number, startedMs: number) {
    this.#environment = environment;
    this.generation = generation;
    this.#startedMs = startedMs;
    this.#lastBeatMs = startedMs;
  }

  /**
   * Takes the run's next generation. The folder exists.
   * @throws {LabError} exit code 73 while another process has the run
   */
  static async take(environment: OwnershipEnvironment): Promise<Ownership> {
    const { storage, folder, processes, now } = environment;
    for (let attempt = 0; attempt < 20; attempt++) {
      // One look at the names for both: an owner that came between two would be passed over.
      const names = await storage.list(folder);
      await refuseWhileAlive(environment, names);
      const generation = highestGeneration(names) + 1;
      const startedMs = now();
      const mine = { ...processes.self, generation, startedMs, heartbeatMs: startedMs };
      if (!(await makeExclusively(environment, generation, encode(mine)))) continue;
      const ownership = new Ownership(environment, generation, startedMs);
      try {
        await storage.syncDirectory(folder);
        if (await ownership.isHeld()) return ownership;
      } catch (error) {
        await ownership.release();
        throw error;
      }
    }
    throw new LabError(
      `${folder}: other processes keep taking this run; stop them first`,
      exitCodes.cannotWrite,
    );
  }

  /** Whether no later owner has come. */
  async isHeld(): Promise<boolean> {
    const { storage, folder } = this.#environment;
    return ownersAmong(await storage.list(folder)).at(-1) === this.generation;
  }

  /** `ownedStorage` puts this before every write. @throws {LabError} exit code 75 once the run is another's */
  async assertHeld(): Promise<void> {
    if (await this.isHeld()) return;
    throw new LabError(
      `${this.#environment.folder}: another process has taken this run over; this one stops without writing`,
      exitCodes.stoppedResumable,
    );
  }

  /** Rewrites the owner's file when its last heartbeat is old enough. @throws {LabError} as `assertHeld` */
  async beat(): Promise<void> {
    const now = this.#environment.now();
    if (now - this.#lastBeatMs < heartbeatEveryMs) return;
    await this.assertHeld();
    this.#lastBeatMs = now;
    await this.#write({ heartbeatMs: now });
  }

  /** Leaves in good order, so that the next start need not wait. Never fails: at worst the next start has to. */
  async release(): Promise<void> {
    try {
      if (!(await this.isHeld())) return;
    } catch (error) {
      if (error instanceof StorageError) return;
      throw error;
    }
    const now = this.#environment.now();
    await this.#write({ heartbeatMs: now, endedMs: now });
  }

  async #write(changes: Pick<OwnerRecord, 'heartbeatMs' | 'endedMs'>): Promise<void> {
    const { storage, folder, processes } = this.#environment;
    const record = { ...processes.self, generation: this.generation, startedMs: this.#startedMs, ...changes };
    const temporary = `${folder}/owner.${this.generation}.beat.tmp`;
    try {
      await storage.remove(temporary).catch((error: unknown) => {
        if (!hasCode(error, 'ENOENT')) throw error;
      });
      await storage.create(temporary, encode(record));
      await storage.sync(temporary); // or a power cut could leave the name with nothing in it
      await storage.rename(temporary, `${folder}/${ownerFile(this.generation)}`);
    } catch (error) {
      // A late heartbeat costs nothing but a takeover when another start asks for the run; saves report a bad disk.
      if (!(error instanceof StorageError)) throw error;
    }
  }
}

/** @returns false where another process made it first */
async function makeExclusively(
  { storage, folder, processes }: OwnershipEnvironment,
  generation: number,
  bytes: Uint8Array,
): Promise<boolean> {
  const { host, pid } = processes.self;
  const claim = `${folder}/${claimStem(generation)}${host.replace(/[^\w-]/g, '_').slice(0, 40)}-${pid}.tmp`;
  const target = `${folder}/${ownerFile(generation)}`;
  const removeClaim = () =>
    storage.remove(claim).catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error; // one that stays costs nothing
    });
  try {
    await storage.create(claim, bytes);
    await storage.sync(claim);
    await storage.link(claim, target);
    await removeClaim();
    return true;
  } catch (error) {
    if (!hasCode(error, 'ENOTSUP')) {
      await removeClaim();
      if (hasCode(error, 'EEXIST', 'ENOENT')) return false;
      throw error instanceof StorageError ? cannotWrite(target, error) : error;
    }
  }
  try {
    // File systems without links: exclusive too, but not written at once. The claim stays beside it until it is whole,
    // so that whoever finds a part of it can tell whose it is.
    await storage.syncDirectory(folder);
    await storage.create(target, bytes);
    await storage.sync(target);
    await removeClaim();
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error instanceof StorageError ? cannotWrite(target, error) : error;
    await removeClaim();
    return false;
  }
}

function claimStem(generation: number): string {
  return `owner.${generation}.claim-`;
}

/** Who has a run, as far as can be told from here. */
export interface RunOwner {
  /** Undefined where its file cannot be read. */
  readonly record: OwnerRecord | undefined;
  /** `ended`: it left in good order. `gone`: it was killed, or has been silent for too long. */
  readonly state: 'running' | 'ended' | 'gone';
  /** Its last sign of life, milliseconds since 1970. */
  readonly lastSignMs: number;
}

/**
 * The owner of a run's highest generation; undefined where nobody ever had it.
 * @param names what the folder holds
 * @throws {StorageError}
 */
export async function ownerOf(
  { storage, folder, processes, now }: OwnershipEnvironment,
  names: readonly string[],
): Promise<RunOwner | undefined> {
  const generation = ownersAmong(names).at(-1);
  if (generation === undefined) return undefined;
  const path = `${folder}/${ownerFile(generation)}`;
  let record: OwnerRecord | undefined;
  try {
    record = decode(await readCapped(storage, path, 'owner'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined; // removed meanwhile
    if (!(error instanceof LabError)) throw error; // too large for one is as unreadable as any other damage
  }
  // A beat of the future is a damaged digit or a wrong clock; it must not keep everybody out until then.
  const beatMs = record?.heartbeatMs ?? Number.POSITIVE_INFINITY;
  const isPlausible = beatMs <= now() + staleAfterMs;
  const lastSignMs = isPlausible ? beatMs : ((await storage.status(path))?.modifiedMs ?? 0);
  if (record?.endedMs !== undefined) return { record, state: 'ended', lastSignMs };
  const makers = record ? [record] : await claimsOf(storage, folder, names, generation);
  const areGone = makers.length > 0 && makers.every((maker) => processes.isAlive(maker) === false);
  const isGone = areGone || now() - lastSignMs > staleAfterMs;
  return { record, state: isGone ? 'gone' : 'running', lastSignMs };
}

/** Who tried to become the owner of a generation and has not yet tidied up after it. */
async function claimsOf(
  storage: Storage,
  folder: string,
  names: readonly string[],
  generation: number,
): Promise<OwnerRecord[]> {
  const claims: OwnerRecord[] = [];
  for (const name of names.filter((known) => known.startsWith(claimStem(generation)))) {
    try {
      const claim = decode(await readCapped(storage, `${folder}/${name}`, 'owner'));
      if (claim) claims.push(claim);
    } catch (error) {
      if (!hasCode(error, 'ENOENT') && !(error instanceof LabError)) throw error;
    }
  }
  return claims;
}

async function refuseWhileAlive(environment: OwnershipEnvironment, names: readonly string[]): Promise<void> {
  const { folder, now } = environment;
  let owner: RunOwner | undefined;
  try {
    owner = await ownerOf(environment, names);
  } catch (error) {
    throw error instanceof StorageError ? diskFailure(error) : error;
  }
  if (owner?.state !== 'running') return;
  const { record, lastSignMs } = owner;
  const who = record ? `process ${record.pid} on ${record.host}` : 'another process';
  const seconds = Math.max(0, Math.round((now() - lastSignMs) / 1000));
  throw new LabError(
    `${folder}: ${who} is running this run (last sign of life ${seconds} s ago); stop it, or give another --out`,
    exitCodes.cannotWrite,
  );
}

function encode(record: OwnerRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record)}\n`);
}

/** Undefined for anything that is not a whole owner's record. */
function decode(bytes: Uint8Array): OwnerRecord | undefined {
  const notOne = new LabError('not an owner record', exitCodes.badData);
  try {
    return ownerRecord(parseJsonObject(bytes, () => notOne));
  } catch (error) {
    if (error === notOne) return undefined;
    throw error;
  }
}

/** A process id the system could give: 0 and below mean whole groups of processes to it. */
const mostProcessId = 2 ** 31 - 1;

function ownerRecord(value: Readonly<Record<string, unknown>>): OwnerRecord | undefined {
  const { host, bootId, pid, startTime, pidNamespace, generation, startedMs, heartbeatMs, endedMs } = value;
  if (!isText(host) || !isText(bootId) || !isText(startTime)) return undefined;
  if (!isCount(pid) || pid < 1 || pid > mostProcessId || !isCount(generation)) return undefined;
  if (!isMoment(startedMs) || !isMoment(heartbeatMs)) return undefined;
  if (pidNamespace !== undefined && !isText(pidNamespace)) return undefined;
  const identity = { host, bootId, pid, startTime, ...(pidNamespace === undefined ? {} : { pidNamespace }) };
  const record = { ...identity, generation, startedMs, heartbeatMs };
  if (endedMs === undefined) return record;
  return isMoment(endedMs) ? { ...record, endedMs } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 255 && printable(value, 255) === value;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Milliseconds since 1970, perhaps with a fraction. */
function isMoment(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
