/**
 * `Storage` in memory, for tests and for runs that need no disk. It keeps what a power cut would leave beside what is
 * visible: a file's bytes as of its last `sync`, a directory's names as of its last `syncDirectory`.
 */
import { type FileStatus, type Storage, StorageError } from './storage.ts';

interface Inode {
  bytes: Uint8Array;
  durable: Uint8Array | undefined;
  modifiedMs: number;
}

interface Directory {
  names: Map<string, Inode>;
  durable: Map<string, Inode>;
}

/** Called before every operation; what it throws is what the operation throws, with nothing done. */
export type Interceptor = (operation: keyof Storage, path: string) => void | Promise<void>;

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

  /** What is left after the machine stops: synced names, each with the bytes it was last synced with (or none). */
  afterPowerLoss(): MemoryStorage {
    const left = new MemoryStorage({ now: this.#now, freeBytes: this.#freeBytes });
    for (const [path, { durable }] of this.#directories) {
      const names = new Map<string, Inode>();
      for (const [name, inode] of durable) {
        const bytes = inode.durable ?? new Uint8Array();
        names.set(name, { bytes, durable: bytes, modifiedMs: inode.modifiedMs });
      }
      left.#directories.set(path, { names, durable: new Map(names) });
    }
    return left;
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#intercept('makeDirectory', path);
    if (!this.#directories.has(path)) this.#directories.set(path, { names: new Map(), durable: new Map() });
  }

  async create(path: string, bytes: Uint8Array): Promise<void> {
    await this.#intercept('create', path);
    const [directory, name] = this.#place('create', path);
    if (directory.names.has(name)) throw new StorageError('EEXIST', 'create', path);
    directory.names.set(name, { bytes: bytes.slice(), durable: undefined, modifiedMs: this.#now() });
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    await this.#intercept('append', path);
    const inode = this.#inode('append', path);
    const longer = new Uint8Array(inode.bytes.length + bytes.length);
    longer.set(inode.bytes);
    longer.set(bytes, inode.bytes.length);
    inode.bytes = longer;
    inode.modifiedMs = this.#now();
  }

  async sync(path: string): Promise<void> {
    await this.#intercept('sync', path);
    const inode = this.#inode('sync', path);
    inode.durable = inode.bytes;
  }

  async link(from: string, to: string): Promise<void> {
    await this.#intercept('link', to);
    const inode = this.#inode('link', from);
    const [directory, name] = this.#place('link', to);
    if (directory.names.has(name)) throw new StorageError('EEXIST', 'link', to);
    directory.names.set(name, inode);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#intercept('rename', to);
    const inode = this.#inode('rename', from);
    const [target, targetName] = this.#place('rename', to);
    const [source, sourceName] = this.#place('rename', from);
    source.names.delete(sourceName);
    target.names.set(targetName, inode);
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#intercept('syncDirectory', path);
    const directory = this.#directory('syncDirectory', path);
    directory.durable = new Map(directory.names);
  }

  async remove(path: string): Promise<void> {
    await this.#intercept('remove', path);
    this.#inode('remove', path);
    const [directory, name] = this.#place('remove', path);
    directory.names.delete(name);
  }

  async list(path: string): Promise<string[]> {
    await this.#intercept('list', path);
    return [...this.#directory('list', path).names.keys()].sort();
  }

  async read(path: string): Promise<Uint8Array> {
    await this.#intercept('read', path);
    return this.#inode('read', path).bytes.slice();
  }

  async status(path: string): Promise<FileStatus | undefined> {
    await this.#intercept('status', path);
    const [directory, name] = split(path);
    const inode = this.#directories.get(directory)?.names.get(name);
    return inode && { bytes: inode.bytes.length, modifiedMs: inode.modifiedMs };
  }

  async freeBytes(path: string): Promise<number> {
    await this.#intercept('freeBytes', path);
    return this.#freeBytes;
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

function split(path: string): [string, string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
}
