import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import { cannotWrite, commitFile, commitWithRetry } from './commit-file.ts';
import { MemoryStorage } from './memory-storage.ts';
import { nodeStorage } from './node-storage.ts';
import type { PowerCut, Remainder } from './power-loss.ts';
import { type Storage, StorageError } from './storage.ts';

const root = mkdtempSync(join(tmpdir(), 'iclab-storage-'));
afterAll(() => rmSync(root, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const text = async (storage: Storage, path: string) => new TextDecoder().decode(await storage.read(path));
let folders = 0;

/** A new folder of a storage. */
async function folderOf(storage: Storage): Promise<string> {
  const folder = `${root}/deep/${++folders}`;
  await storage.makeDirectory(folder);
  return folder;
}

describe.each<[string, () => Storage]>([
  ['node', () => nodeStorage],
  ['memory', () => new MemoryStorage()],
])('%s storage', (_name, make) => {
  const storage = make();

  test('creates, appends to and reads files', async () => {
    const folder = await folderOf(storage);
    await storage.create(`${folder}/a`, bytes('one'));
    await storage.append(`${folder}/a`, bytes(' two'));
    await storage.sync(`${folder}/a`);
    expect(await text(storage, `${folder}/a`)).toBe('one two');
    expect(await storage.status(`${folder}/a`)).toMatchObject({ bytes: 7 });
    expect(Math.abs(Date.now() - ((await storage.status(`${folder}/a`))?.modifiedMs ?? 0))).toBeLessThan(
      60_000,
    );
  });

  test('keeps what it was given, not what becomes of it', async () => {
    const folder = await folderOf(storage);
    const given = bytes('abc');
    await storage.create(`${folder}/a`, given);
    given.fill(0);
    const got = await storage.read(`${folder}/a`);
    got.fill(0);
    expect(await text(storage, `${folder}/a`)).toBe('abc');
  });

  test('making a directory twice is fine, and it lists its names sorted', async () => {
    const folder = await folderOf(storage);
    await storage.makeDirectory(folder);
    for (const name of ['b', 'a10', 'a9']) await storage.create(`${folder}/${name}`, bytes(''));
    await storage.syncDirectory(folder);
    expect(await storage.list(folder)).toEqual(['a10', 'a9', 'b']);
  });

  test('creates and links exclusively', async () => {
    const folder = await folderOf(storage);
    await storage.create(`${folder}/a`, bytes('first'));
    await storage.create(`${folder}/b`, bytes('second'));
    await expect(storage.create(`${folder}/a`, bytes('x'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(storage.link(`${folder}/b`, `${folder}/a`)).rejects.toMatchObject({ code: 'EEXIST' });
    await storage.link(`${folder}/b`, `${folder}/c`);
    await storage.remove(`${folder}/b`);
    expect([await text(storage, `${folder}/a`), await text(storage, `${folder}/c`)]).toEqual([
      'first',
      'second',
    ]);
  });

  test('renames over what is there', async () => {
    const folder = await folderOf(storage);
    await storage.create(`${folder}/a`, bytes('new'));
    await storage.create(`${folder}/b`, bytes('old'));
    await storage.rename(`${folder}/a`, `${folder}/b`);
    expect(await storage.list(folder)).toEqual(['b']);
    expect(await text(storage, `${folder}/b`)).toBe('new');
  });

  test('says what is missing', async () => {
    const folder = await folderOf(storage);
    const missing = `${folder}/nowhere/a`;
    const calls: [string, () => Promise<unknown>][] = [
      ['create', () => storage.create(missing, bytes(''))],
      ['append', () => storage.append(missing, bytes(''))],
      ['sync', () => storage.sync(missing)],
      ['link', () => storage.link(missing, `${folder}/b`)],
      ['rename', () => storage.rename(missing, `${folder}/b`)],
      ['syncDirectory', () => storage.syncDirectory(`${folder}/nowhere`)],
      ['remove', () => storage.remove(missing)],
      ['list', () => storage.list(`${folder}/nowhere`)],
      ['read', () => storage.read(missing)],
    ];
    for (const [operation, call] of calls) {
      const error = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error, operation).toBeInstanceOf(StorageError);
      expect(error).toMatchObject({ code: 'ENOENT', operation });
    }
    await expect(storage.append(`${folder}/absent`, bytes('x'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await storage.list(folder)).toEqual([]);
    expect(await storage.status(missing)).toBeUndefined();
  });

  test('knows how much space is left', async () => {
    expect(await storage.freeBytes(await folderOf(storage))).toBeGreaterThan(0);
  });

  test('commits a file whole and leaves no other trace', async () => {
    const folder = await folderOf(storage);
    await commitFile(storage, folder, 'a.tmp', 'a.json', bytes('{}'));
    expect(await storage.list(folder)).toEqual(['a.json']);
    await expect(commitFile(storage, folder, 'a.tmp', 'a.json', bytes('[]'))).rejects.toMatchObject({
      code: 'EEXIST',
    });
    expect(await text(storage, `${folder}/a.json`)).toBe('{}');
    await commitFile(storage, folder, 'a.tmp', 'a.json', bytes('[]'), { replace: true });
    expect(await text(storage, `${folder}/a.json`)).toBe('[]');
  });
});

describe('after a power cut', () => {
  test('memory storage has what was synced, as it was then', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('run');
    await storage.create('run/synced', bytes('kept'));
    await storage.sync('run/synced');
    await storage.create('run/unsynced', bytes('bytes are lost'));
    await storage.syncDirectory('run');
    await storage.append('run/synced', bytes(' and more'));
    await storage.create('run/unnamed', bytes('name is lost'));
    await storage.sync('run/unnamed');
    await storage.remove('run/unsynced');
    const left = storage.afterPowerLoss();
    expect(await left.list('run')).toEqual(['synced', 'unsynced']);
    expect([await text(left, 'run/synced'), await text(left, 'run/unsynced')]).toEqual(['kept', '']);
    expect(await storage.list('run')).toEqual(['synced', 'unnamed']);
  });

  test.each(['create', 'sync', 'rename', 'syncDirectory'] as const)(
    'a commit stopped before its %s left the old file or the new one',
    async (at) => {
      const storage = new MemoryStorage();
      await storage.makeDirectory('run');
      await commitFile(storage, 'run', 'a.tmp', 'a', bytes('old'));
      storage.intercept((operation) => {
        if (operation === at) throw new Error('the power goes');
      });
      await expect(commitFile(storage, 'run', 'a.tmp', 'a', bytes('new'), { replace: true })).rejects.toThrow(
        'power',
      );
      expect(await text(storage.afterPowerLoss(), 'run/a')).toBe('old');
    },
  );

  test('a commit that came back is there', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('run');
    await commitFile(storage, 'run', 'a.tmp', 'a', bytes('new'));
    expect(await text(storage.afterPowerLoss(), 'run/a')).toBe('new');
  });
});

describe('what a power cut may leave', () => {
  const cut = (kind: Remainder['kind'], torn = 0.5): PowerCut => ({
    keepsName: () => true,
    remainderOf: () => ({ kind, cut: torn }),
  });

  test.each<[Remainder['kind'], string]>([
    ['none', 'synced'],
    ['half', 'syncedad'],
    ['zeros', 'synced\0\0\0\0'],
    ['all', 'syncedaddd'],
    ['zerosAfter', 'syncedad\0\0'],
    ['zerosBefore', 'synced\0\0dd'],
  ])('of bytes added since the last sync: %s', async (kind, expected) => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('run');
    await storage.create('run/a', bytes('synced'));
    await storage.sync('run/a');
    await storage.append('run/a', bytes('addd'));
    expect(await text(storage.afterPowerLoss(cut(kind)), 'run/a')).toBe(expected);
    await storage.sync('run/a');
    expect(await text(storage.afterPowerLoss(cut(kind)), 'run/a')).toBe('syncedaddd');
  });

  test('of changed names is any part of them, a rename as one', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('run');
    for (const name of ['a', 'b']) {
      await storage.create(`run/${name}`, bytes(name));
      await storage.sync(`run/${name}`);
    }
    await storage.syncDirectory('run');
    await storage.rename('run/a', 'run/c'); // change 0
    await storage.remove('run/b'); // change 1
    await storage.link('run/c', 'run/d'); // change 2
    expect(storage.unsyncedNames).toBe(3);
    const left = (...kept: number[]) =>
      storage.afterPowerLoss({ ...cut('none'), keepsName: (change) => kept.includes(change) }).list('run');
    expect(await left()).toEqual(['a', 'b']);
    expect(await left(0)).toEqual(['b', 'c']);
    expect(await left(1)).toEqual(['a']);
    expect(await left(2)).toEqual(['a', 'b', 'd']);
    expect(await left(0, 1, 2)).toEqual(['c', 'd']);
    expect(await storage.list('run')).toEqual(['c', 'd']);
  });

  test('is never what a failed sync has lost, whatever a later one says', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('run');
    await storage.create('run/a', bytes('lost'));
    await storage.syncDirectory('run');
    let fails = true;
    storage.intercept((operation, path) => {
      if (operation === 'sync' && fails) throw new StorageError('EIO', operation, path);
    });
    await expect(storage.sync('run/a')).rejects.toThrow('EIO');
    fails = false;
    await storage.append('run/a', bytes(' kept'));
    await storage.sync('run/a');
    expect(await text(storage, 'run/a')).toBe('lost kept');
    expect(await text(storage.afterPowerLoss(), 'run/a')).toBe('\0\0\0\0 kept');
  });

  test('does not touch the disk it happened to, nor does going on with a clone', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('run');
    await storage.create('run/a', bytes('one'));
    const before = storage.fingerprint();
    const copy = storage.clone();
    expect(copy.fingerprint()).toBe(before);
    await copy.append('run/a', bytes(' two'));
    await copy.sync('run/a');
    await storage.afterPowerLoss(cut('all')).append('run/a', bytes(' three'));
    expect(storage.fingerprint()).toBe(before);
    expect(copy.fingerprint()).not.toBe(before);
    expect(await text(storage, 'run/a')).toBe('one');
  });
});

describe('an operation that fails', () => {
  const error = new StorageError('EIO', 'append', 'run/a');

  test('half-way has written a part, late has done it all', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('run');
    await storage.create('run/a', bytes('a'));
    storage.intercept(() => ({ fraction: 0.5, error }));
    await expect(storage.append('run/a', bytes('bbcc'))).rejects.toBe(error);
    storage.intercept(() => ({ afterwards: error }));
    await expect(storage.rename('run/a', 'run/b')).rejects.toBe(error);
    storage.intercept(() => undefined);
    expect(await text(storage, 'run/b')).toBe('abb');
  });
});

describe('a failed write', () => {
  /** A storage that fails at its nth creating, syncing or renaming operations. */
  async function failing(code: string, ...at: number[]): Promise<MemoryStorage> {
    const storage = new MemoryStorage();
    await storage.makeDirectory('run');
    let count = 0;
    storage.intercept((operation, path) => {
      if (!['create', 'sync', 'rename', 'syncDirectory'].includes(operation)) return;
      if (at.includes(++count)) throw new StorageError(code, operation, path);
    });
    return storage;
  }

  test.each([1, 2, 3, 4])('is tried once more under a new name (operation %d)', async (at) => {
    const storage = await failing('EIO', at);
    expect(await commitWithRetry(storage, 'run', 'checkpoint-1.g1', 'safetensors', bytes('state'))).toBe(
      'checkpoint-1.g1.2.safetensors',
    );
    expect(await text(storage.afterPowerLoss(), 'run/checkpoint-1.g1.2.safetensors')).toBe('state');
    expect((await storage.list('run')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('then ends in one line with exit code 73, nothing left behind', async () => {
    const storage = await failing('ENOSPC', 2, 4);
    const error = await commitWithRetry(
      storage,
      'run',
      'checkpoint-1.g1',
      'safetensors',
      bytes('state'),
    ).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({
      exitCode: exitCodes.cannotWrite,
      message:
        'run/checkpoint-1.g1.safetensors: cannot write: no space left on the device (ENOSPC); everything saved before ' +
        'is intact: put this right and give the same command again',
    });
    expect(await storage.list('run')).toEqual([]);
  });

  test('of an unknown kind is told with the operation and the code', () => {
    expect(cannotWrite('a', new StorageError('EWEIRD', 'sync', 'a')).message).toContain(
      'sync failed (EWEIRD)',
    );
  });
});
