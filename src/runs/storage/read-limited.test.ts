import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readLimited } from './read-limited.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-read-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, bytes: number) => {
  writeFileSync(
    join(folder, name),
    Uint8Array.from({ length: bytes }, (_, i) => i % 251),
  );
  return join(folder, name);
};

describe('a file', () => {
  test.each([0, 1, 999, 1000])('of %d bytes is read whole under a limit of 1000', async (bytes) => {
    const read = await readLimited(fileOf('some', bytes), 1000);
    expect(read).toEqual(Uint8Array.from({ length: bytes }, (_, i) => i % 251));
  });

  test('of more is not', async () => {
    expect(await readLimited(fileOf('more', 1001), 1000)).toBeUndefined();
  });

  test('that says it is huge is not opened up', async () => {
    const path = fileOf('sparse', 1);
    truncateSync(path, 5e9);
    expect(await readLimited(path, 1000)).toBeUndefined();
  });

  test('that is not there fails with the code of the system', async () => {
    await expect(readLimited(join(folder, 'none'), 10)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(readLimited(folder, 1e6)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  test.runIf(existsSync('/dev/zero'))('that never ends is given up', async () => {
    expect(await readLimited('/dev/zero', 200_000)).toBeUndefined();
    expect(await readLimited('/dev/null', 10)).toEqual(new Uint8Array());
  });

  test.runIf(process.platform !== 'win32')('that is a pipe is read to its end', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', `head -c 150000 /dev/zero > '${pipe}'`]);
    expect(await readLimited(pipe, 150_000)).toEqual(new Uint8Array(150_000));
    writer.kill();
  });
});
