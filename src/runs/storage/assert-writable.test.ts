import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exitCodes } from '../../errors/lab-error.ts';
import { assertWritable } from './assert-writable.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-writable-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder that can be made or written is fine, and is not made', async () => {
  await assertWritable(folder);
  await assertWritable(join(folder, 'a/b/c'));
  expect(readdirSync(folder)).toEqual([]);
});

test('one below a file is not', async () => {
  writeFileSync(join(folder, 'file'), '');
  for (const path of ['file', 'file/run', 'file/a/run']) {
    await expect(assertWritable(join(folder, path))).rejects.toMatchObject({
      exitCode: exitCodes.cannotWrite,
      message: expect.stringContaining(
        `${join(folder, path)}: cannot write: a part of the path is a file (ENOTDIR)`,
      ) as string,
    });
  }
});

test('one that is not permitted says so, of the folder that was asked for', async () => {
  const refuse = (path: string) => Promise.reject(Object.assign(new Error(path), { code: 'EACCES' }));
  await expect(assertWritable(join(folder, 'run'), refuse)).rejects.toMatchObject({
    exitCode: exitCodes.cannotWrite,
    message: expect.stringContaining(
      `${join(folder, 'run')}: cannot write: permission denied (EACCES)`,
    ) as string,
  });
});
