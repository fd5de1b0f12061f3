/** What a run folder that cannot be read is told, word for word. */
import { beforeEach, describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readExportedRun } from './metrics-export.ts';
import { Ownership } from './ownership.ts';
import { readFolder, readLastStart } from './run-folder.ts';
import { runSession } from './run-session.ts';
import { cannotRead } from './storage/commit-file.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { StorageError } from './storage/storage.ts';
import { fakeFolder as folder, fakeMachine, fakeSession } from './testing.ts';

const badData = (message: string) => new LabError(message, exitCodes.badData);

let storage = new MemoryStorage();

beforeEach(async () => {
  storage = new MemoryStorage();
  await runSession(fakeSession(storage).options);
});

async function replace(name: string, change: (text: string) => string): Promise<void> {
  const text = new TextDecoder().decode(await storage.read(`${folder}/${name}`));
  expect(change(text)).not.toBe(text);
  await storage.remove(`${folder}/${name}`);
  await storage.create(`${folder}/${name}`, new TextEncoder().encode(change(text)));
}

describe('a small file that was changed', () => {
  test.each<[name: string, change: (text: string) => string, message: string]>([
    [
      'config.json',
      () => '{"a":1,"a":2}',
      'runs/test/config.json: not readable as JSON: damaged; give another --out to start anew ' +
        '(the name "a" is given twice)',
    ],
    [
      'config.json',
      () => '[]',
      'runs/test/config.json: not readable as JSON: damaged; give another --out to start anew (not an object)',
    ],
    [
      'config.json',
      (text) => text.replace('"depth": 2', '"depth": 200'),
      'runs/test/config.json: model.depth: Too big: expected number to be <=64: damaged or of another version; ' +
        'give another --out to start anew',
    ],
    [
      'config.json',
      (text) => text.replace('"init": ', '"init": 1'),
      'runs/test/config.json: not as it was written: damaged; remove it and give the same command again',
    ],
    [
      'done.json',
      () => '{}',
      'runs/test/done.json: does not say after how many sequences: damaged; remove it and the run goes on',
    ],
    [
      'done.json',
      (text) => text.replace('"step": 10', '"step": 11'),
      'runs/test/done.json: not as it was written: damaged; remove it and the run goes on',
    ],
  ])('%s: case %#', async (name, change, message) => {
    await replace(name, change);
    await expect(readFolder(storage, folder)).rejects.toThrow(badData(message));
  });

  test('to bytes that are no text', async () => {
    await storage.remove(`${folder}/done.json`);
    await storage.create(`${folder}/done.json`, Uint8Array.of(0x7b, 0xff));
    await expect(readFolder(storage, folder)).rejects.toThrow(
      badData(
        'runs/test/done.json: not readable as JSON: damaged; give another --out to start anew (not valid UTF-8)',
      ),
    );
  });
});

test('a folder that no start was recorded in', async () => {
  await storage.remove(`${folder}/run.json`);
  await expect(readLastStart(storage, folder)).rejects.toThrow(
    badData('runs/test/run.json: missing; was this run started by this program?'),
  );
});

test('a run that was removed between being found and read', async () => {
  await storage.remove(`${folder}/config.json`);
  await expect(readExportedRun(storage, { folder, name: 'test', id: undefined })).rejects.toThrow(
    badData('runs/test: no run in this folder any more'),
  );
});

test('a run that others take again and again', async () => {
  storage.intercept((operation, path) => {
    if (operation === 'link') throw new StorageError('EEXIST', operation, path);
  });
  const environment = { storage, folder, processes: fakeMachine().process(2), now: () => 2e12 };
  await expect(Ownership.take(environment)).rejects.toThrow(
    new LabError('runs/test: other processes keep taking this run; stop them first', exitCodes.cannotWrite),
  );
});

test('a disk that fails while the folder is looked at', async () => {
  storage.intercept((operation, path) => {
    if (operation === 'read' && path.endsWith('/config.json')) throw new StorageError('EIO', operation, path);
  });
  await expect(runSession(fakeSession(storage).options)).rejects.toThrow(
    new LabError(
      'runs/test/config.json: cannot be read: the device failed (EIO); everything saved before is intact: ' +
        'put this right and give the same command again',
      exitCodes.cannotWrite,
    ),
  );
});

describe('why something cannot be read', () => {
  test.each([
    ['EACCES', 'permission denied (EACCES)'],
    ['EDQUOT', 'the disk quota is used up (EDQUOT)'],
    ['EEXIST', 'there is a file of that name (EEXIST)'],
    ['EFBIG', 'the file would be too large for the file system (EFBIG)'],
    ['EIO', 'the device failed (EIO)'],
    ['EISDIR', 'it is a folder (EISDIR)'],
    ['ELOOP', 'links lead in a circle (ELOOP)'],
    ['EMFILE', 'too many open files (EMFILE)'],
    ['ENAMETOOLONG', 'the name is too long (ENAMETOOLONG)'],
    ['ENFILE', 'too many open files on this machine (ENFILE)'],
    ['ENOENT', 'the file or its folder is gone (ENOENT)'],
    ['ENOSPC', 'no space left on the device (ENOSPC)'],
    ['ENOTDIR', 'a part of the path is a file (ENOTDIR)'],
    ['ENOTFILE', 'it is a device or a pipe (ENOTFILE)'],
    ['EPERM', 'not permitted (EPERM)'],
    ['EROFS', 'the file system is read-only (EROFS)'],
    ['ERR_INVALID_ARG_VALUE', 'no path may have a zero byte (ERR_INVALID_ARG_VALUE)'],
    ['EWHATEVER', 'read failed (EWHATEVER)'],
  ])('%s', (code, words) => {
    const error = cannotRead('runs/x', new StorageError(code, 'read', 'runs/x'));
    expect(error).toEqual(badData(`runs/x: cannot be read: ${words}`));
  });
});
