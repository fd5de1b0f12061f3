/** What the file system of this machine can do to a write: little at a time, none, errors at any call, real limits. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { nodeStorage } from './node-storage.ts';
import { StorageError } from './storage.ts';

/** What the next files that are opened do otherwise; `opened` counts those not closed again. */
const disk = vi.hoisted(() => ({
  opened: 0,
  write: undefined as ((length: number) => number) | undefined,
  failing: new Map<'write' | 'sync' | 'close', string>(),
}));

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const failure = (call: 'write' | 'sync' | 'close') => {
    const code = disk.failing.get(call);
    return code === undefined ? undefined : Object.assign(new Error(code), { code });
  };
  const open = async (...given: Parameters<typeof original.open>) => {
    const file = await original.open(...given);
    disk.opened++;
    return {
      write: async (bytes: Uint8Array, at: number, length: number) => {
        const error = failure('write');
        if (error) throw error;
        const taken = disk.write?.(length) ?? length;
        return taken === 0 ? { bytesWritten: 0 } : file.write(bytes, at, taken);
      },
      sync: async () => {
        const error = failure('sync');
        if (error) throw error;
        await file.sync();
      },
      close: async () => {
        disk.opened--;
        await file.close();
        const error = failure('close');
        if (error) throw error;
      },
    } as unknown as FileHandle;
  };
  return { ...original, open };
});

const root = mkdtempSync(join(tmpdir(), 'iclab-node-storage-'));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => {
  disk.write = undefined;
  disk.failing.clear();
  expect(disk.opened).toBe(0);
});

const bytes = new TextEncoder().encode('a record of some length\n');
let files = 0;
const newPath = () => join(root, String(++files));

test('a system that takes few bytes at a time gets them all', async () => {
  const path = newPath();
  disk.write = (length) => Math.min(3, length);
  await nodeStorage.create(path, bytes);
  await nodeStorage.append(path, bytes);
  expect(readFileSync(path)).toEqual(Buffer.concat([bytes, bytes]));
});

test('one that takes none has failed, and is not asked for ever', async () => {
  disk.write = () => 0;
  await expect(nodeStorage.create(newPath(), bytes)).rejects.toMatchObject({
    code: 'EIO',
    operation: 'create',
  });
});

test.each([
  ['write', 'ENOSPC', 'create'],
  ['close', 'EIO', 'create'],
  ['close', 'EDQUOT', 'append'],
  ['sync', 'EIO', 'sync'],
  ['close', 'EIO', 'sync'],
  ['sync', 'EIO', 'syncDirectory'],
  ['close', 'ENOSPC', 'syncDirectory'],
] as const)('a %s that fails with %s is a failed %s', async (call, code, operation) => {
  const path = newPath();
  if (operation !== 'create') await nodeStorage.create(path, bytes);
  disk.failing.set(call, code);
  const work = {
    create: () => nodeStorage.create(path, bytes),
    append: () => nodeStorage.append(path, bytes),
    sync: () => nodeStorage.sync(path),
    syncDirectory: () => nodeStorage.syncDirectory(root),
  };
  const error = await work[operation]().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StorageError);
  expect(error).toMatchObject({ code, operation });
});

test('of a failed write and a failed close the write is told', async () => {
  disk.failing.set('write', 'ENOSPC').set('close', 'EIO');
  await expect(nodeStorage.create(newPath(), bytes)).rejects.toMatchObject({ code: 'ENOSPC' });
});

test.runIf(existsSync('/dev/full'))('a full device says so', async () => {
  await expect(nodeStorage.append('/dev/full', bytes)).rejects.toMatchObject({
    code: 'ENOSPC',
    operation: 'append',
  });
});

/** What a script says that runs in a process of its own, limited by the shell's words before it. */
function inProcess(limit: string, script: string): unknown {
  const storage = JSON.stringify(new URL('node-storage.ts', import.meta.url).href);
  const commit = JSON.stringify(new URL('commit-file.ts', import.meta.url).href);
  const code = `
    const { nodeStorage } = await import(${storage});
    const { commitWithRetry } = await import(${commit});
    const folder = ${JSON.stringify(root)};
    const told = (work) => work.then(() => 'done', ({ code, exitCode, message }) => exitCode ? exitCode + ' ' + message : code);
    ${script}`;
  const shell = `${limit} exec "$0" --input-type=module -e "$1"`;
  const output = execFileSync('/bin/sh', ['-c', shell, process.execPath, code], { encoding: 'utf8' });
  return JSON.parse(output);
}

const isUnix = process.platform !== 'win32';

test.runIf(isUnix)('beyond the largest file that is allowed nothing is left, and it is told', () => {
  const told = inProcess(
    'ulimit -f 8;',
    `const big = new Uint8Array(2 ** 20);
    const result = await told(commitWithRetry(nodeStorage, folder, 'big', 'bin', big));
    const names = (await nodeStorage.list(folder)).filter((name) => name.startsWith('big'));
    console.log(JSON.stringify([result, names]));`,
  );
  expect(told).toEqual([
    expect.stringMatching(
      /^73 \S+big\.bin: cannot write: the file would be too large .*\(EFBIG\); everything/,
    ),
    [],
  ]);
});

test.runIf(isUnix)('without handles every operation that needs one says so', () => {
  const told = inProcess(
    'ulimit -n 64;',
    `const { openSync, closeSync } = await import('node:fs');
    await nodeStorage.create(folder + '/there', new Uint8Array(3));
    const handles = [];
    try { for (;;) handles.push(openSync('/dev/null')); } catch {}
    const results = [];
    for (const work of [
      () => nodeStorage.create(folder + '/new', new Uint8Array(3)),
      () => nodeStorage.append(folder + '/there', new Uint8Array(3)),
      () => nodeStorage.sync(folder + '/there'),
      () => nodeStorage.syncDirectory(folder),
      () => nodeStorage.list(folder),
      () => nodeStorage.read(folder + '/there'),
    ]) results.push(await told(work()));
    handles.forEach(closeSync);
    results.push(await told(nodeStorage.append(folder + '/there', new Uint8Array(3))));
    console.log(JSON.stringify(results));`,
  );
  expect(told).toEqual(['EMFILE', 'EMFILE', 'EMFILE', 'EMFILE', 'EMFILE', 'EMFILE', 'done']);
});

test.runIf(isUnix)('a folder that may only be read refuses what changes it', () => {
  const told = inProcess(
    '',
    `const { chmodSync } = await import('node:fs');
    const inner = folder + '/read-only';
    await nodeStorage.makeDirectory(inner);
    await nodeStorage.create(inner + '/a', new Uint8Array(3));
    chmodSync(folder, 0o755);
    chmodSync(inner, 0o555);
    if (process.getuid() === 0) process.setuid(65534);
    const results = [];
    for (const work of [
      () => nodeStorage.create(inner + '/b', new Uint8Array(3)),
      () => nodeStorage.rename(inner + '/a', inner + '/b'),
      () => nodeStorage.link(inner + '/a', inner + '/b'),
      () => nodeStorage.remove(inner + '/a'),
      () => nodeStorage.makeDirectory(inner + '/c'),
      () => nodeStorage.read(inner + '/a'),
    ]) results.push(await told(work()));
    console.log(JSON.stringify(results));`,
  );
  // Where files that others own may not be linked, a link is refused as such.
  const link = expect.stringMatching(/^(?:EACCES|ENOTSUP)$/) as string;
  expect(told).toEqual(['EACCES', 'EACCES', link, 'EACCES', 'EACCES', 'done']);
});

test.runIf(existsSync('/dev/zero'))('a device in place of a file is not read: it may never end', async () => {
  await expect(nodeStorage.read('/dev/zero')).rejects.toMatchObject({ code: 'ENOTFILE', operation: 'read' });
});
