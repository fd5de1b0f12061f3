/**
 * `Storage` in memory, for tests and for runs that need no disk. It keeps what a power cut may leave (`power-loss.ts`)
 * beside what is visible: a file's bytes as of its last `sync`, a directory's names as of its last `syncDirectory`, and
 * every change of a name since.
 */
import { createHash } from 'node:crypto';
import { bytesLeft, harshestCut, type PowerCut } from './power-loss.ts';
import { type FileStatus, type Storage, StorageError } from './storage.ts';

interface Inode {
  bytes: Uint8Array;
  /** As of the last sync; the beginning of `bytes`, but for zeros where a sync failed. */
  durable: Uint8Array;
  /** Spans of `bytes` that a failed sync has lost. */
  lost: readonly (readonly [from: number, to: number])[];
  modifiedMs: number;
}

/** One change that a directory sync makes durable as a whole. */
interface NameChange {
  readonly removes?: string;
  readonly adds?: readonly [name: string, inode: Inode];
}

interface Directory {
  names: Map<string, Inode>;
  durable: Map<string, Inode>;
  changes: NameChange[];
}

/** A write that stops half-way: a part of the bytes is there, then the error. */
export interface PartialWrite {
  /** Of the bytes, 0 to 1. */
  readonly fraction: number;
  readonly error: Error;
}

/** An operation that is done all the same, and reports this. */
export interface LateFailure {
  readonly afterwards: Error;
}

export type Fault = PartialWrite | LateFailure;

/**
 * Called before every operation; what it throws is what the operation throws, with nothing done.
 * @param bytes what is to be written, where something is
 */
export type Interceptor = (
  operation: keyof Storage,
  path: string,
  bytes?: Uint8Array,
) => void | Fault | Promise<void | Fault>;

export interface MemoryStorageOptions {
  readonly now?: () => number;
  readonly freeBytes?: number;
  readonly intercept?: Interceptor;
}

export class MemoryStorage implements Storage {
  readonly #directories = new Map<string, Directory>();
  readonly #now: () => number;
  readonly #freeBytes: number;
  #intercept: Interceptor;

  constructor({
    now = Date.now,
    freeBytes = 2 ** 40,
    intercept = () => undefined,
  }: MemoryStorageOptions = {}) {
    this.#now = now;
    this.#freeBytes = freeBytes;
    this.#intercept = intercept;
  }

  intercept(interceptor: Interceptor): void {
    this.#intercept = interceptor;
  }

  /** What is left after the machine stops: by default synced names alone, with the bytes they were synced with. */
  afterPowerLoss(cut: PowerCut = harshestCut): MemoryStorage {
    const left = new MemoryStorage({ now: this.#now, freeBytes: this.#freeBytes });
    const files = new Map<Inode, Inode>();
    const fileLeft = (inode: Inode) => {
      const known = files.get(inode);
      if (known) return known;
      const isSynced = inode.durable.length === inode.bytes.length;
      const bytes = isSynced
        ? inode.durable
        : bytesLeft(inode.durable, inode.bytes, cut.remainderOf(files.size));
      const made: Inode = { bytes, durable: bytes, lost: [], modifiedMs: inode.modifiedMs };
      files.set(inode, made);
      return made;
    };
    let change = 0;
    for (const [path, { durable, changes }] of this.#directories) {
      const names = new Map(durable);
      for (const { removes, adds } of changes) {
        if (!cut.keepsName(change++)) continue;
        if (removes !== undefined) names.delete(removes);
        if (adds) names.set(...adds);
      }
      const kept = new Map([...names].map(([name, inode]) => [name, fileLeft(inode)]));
      left.#directories.set(path, { names: kept, durable: new Map(kept), changes: [] });
    }
    return left;
  }

  /** How many changes of names are not durable yet. */
  get unsyncedNames(): number {
    return [...this.#directories.values()].reduce((sum, { changes }) => sum + changes.length, 0);
  }

  /** The same disk once more, to go on from here in two ways; what intercepts stays behind. */
  clone(): MemoryStorage {
    const copy = new MemoryStorage({ now: this.#now, freeBytes: this.#freeBytes });
    const files = new Map<Inode, Inode>();
    const same = (inode: Inode) => {
      const known = files.get(inode) ?? { ...inode };
      files.set(inode, known);
      return known;
    };
    const all = (names: ReadonlyMap<string, Inode>) =>
      new Map([...names].map(([name, inode]) => [name, same(inode)]));
    for (const [path, { names, durable, changes }] of this.#directories) {
      copy.#directories.set(path, {
        names: all(names),
        durable: all(durable),
        changes: changes.map(({ adds, ...rest }) =>
          adds ? { ...rest, adds: [adds[0], same(adds[1])] } : rest,
        ),
      });
    }
    return copy;
  }

  /** Equal for disks with the same names and bytes, durable to the same extent. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const [path, { names, durable, changes }] of this.#directories) {
      for (const [name, { bytes, durable: synced }] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
        hash.update(`${path}/${name} ${bytes.length} ${synced.length} ${durable.has(name)}\n`).update(bytes);
      }
      hash.update(String(changes.length));
    }
    return hash.digest('hex');
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#do('makeDirectory', path, () => {
      if (this.#directories.has(path)) return;
      this.#directories.set(path, { names: new Map(), durable: new Map(), changes: [] });
    });
  }

  async create(path: string, bytes: Uint8Array): Promise<void> {
    const work = (written: Uint8Array) => {
      const [directory, name] = this.#place('create', path);
      if (directory.names.has(name)) throw new StorageError('EEXIST', 'create', path);
      const inode: Inode = {
        bytes: written.slice(),
        durable: new Uint8Array(),
        lost: [],
        modifiedMs: this.#now(),
      };
      change(directory, { adds: [name, inode] });
    };
    await this.#write('create', path, bytes, work);
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    await this.#write('append', path, bytes, (written) => {
      const inode = this.#inode('append', path);
      const longer = new Uint8Array(inode.bytes.length + written.length);
      longer.set(inode.bytes);
      longer.set(written, inode.bytes.length);
      inode.bytes = longer;
      inode.modifiedMs = this.#now();
    });
  }

  async sync(path: string): Promise<void> {
    try {
      await this.#do('sync', path, () => {
        const inode = this.#inode('sync', path);
        const durable = inode.bytes.slice();
        for (const [from, to] of inode.lost) durable.fill(0, from, to);
        inode.durable = durable;
      });
    } catch (error) {
      const [directory, name] = this.#place('sync', path);
      const inode = directory.names.get(name);
      if (inode) inode.lost = [...inode.lost, [inode.durable.length, inode.bytes.length]];
      throw error;
    }
  }

  async link(from: string, to: string): Promise<void> {
    await this.#do('link', to, () => {
      const inode = this.#inode('link', from);
      const [directory, name] = this.#place('link', to);
      if (directory.names.has(name)) throw new StorageError('EEXIST', 'link', to);
      change(directory, { adds: [name, inode] });
    });
  }

  /** Within one directory, which is all that a run needs. */
  async rename(from: string, to: string): Promise<void> {
    await this.#do('rename', to, () => {
      const inode = this.#inode('rename', from);
      const [directory, name] = this.#place('rename', to);
      const [source, sourceName] = this.#place('rename', from);
      if (source !== directory) throw new StorageError('EXDEV', 'rename', to);
      change(directory, { removes: sourceName, adds: [name, inode] });
    });
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#do('syncDirectory', path, () => {
      const directory = this.#directory('syncDirectory', path);
      directory.durable = new Map(directory.names);
      directory.changes = [];
    });
  }

  async remove(path: string): Promise<void> {
    await this.#do('remove', path, () => {
      this.#inode('remove', path);
      const [directory, name] = this.#place('remove', path);
      change(directory, { removes: name });
    });
  }

  async list(path: string): Promise<string[]> {
    return this.#do('list', path, () => [...this.#directory('list', path).names.keys()].sort());
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#do('read', path, () => this.#inode('read', path).bytes.slice());
  }

  async status(path: string): Promise<FileStatus | undefined> {
    return this.#do('status', path, () => {
      const [directory, name] = split(path);
      const inode = this.#directories.get(directory)?.names.get(name);
      return inode && { bytes: inode.bytes.length, modifiedMs: inode.modifiedMs };
    });
  }

  async freeBytes(path: string): Promise<number> {
    return this.#do('freeBytes', path, () => this.#freeBytes);
  }

  async #write(
    operation: 'create' | 'append',
    path: string,
    bytes: Uint8Array,
    work: (written: Uint8Array) => void,
  ): Promise<void> {
    const fault = await this.#intercept(operation, path, bytes);
    const isPartial = fault && 'error' in fault;
    work(isPartial ? bytes.subarray(0, Math.floor(fault.fraction * bytes.length)) : bytes);
    if (fault) throw isPartial ? fault.error : fault.afterwards;
  }

  async #do<T>(operation: keyof Storage, path: string, work: () => T): Promise<T> {
    const fault = await this.#intercept(operation, path);
    if (fault && 'error' in fault) throw fault.error;
    const done = work();
    if (fault) throw fault.afterwards;
    return done;
  }

  #directory(operation: string, path: string): Directory {
    const directory = this.#directories.get(path);
    if (!directory) throw new StorageError('ENOENT', operation, path);
    return directory;
  }

  #place(operation: string, path: string): [Directory, string] {
    const [directory, name] = split(path);
    return [this.#directory(operation, directory), name];
  }

  #inode(operation: string, path: string): Inode {
    const [directory, name] = this.#place(operation, path);
    const inode = directory.names.get(name);
    if (!inode) throw new StorageError('ENOENT', operation, path);
    return inode;
  }
}

function change(directory: Directory, made: NameChange): void {
  const { removes, adds } = made;
  if (removes !== undefined) directory.names.delete(removes);
  if (adds) directory.names.set(...adds);
  directory.changes.push(made);
}

function split(path: string): [string, string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
}
