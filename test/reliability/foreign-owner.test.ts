/** Owners that cannot be asked: of a folder copied from another machine, and one whose process number is used again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/errors/lab-error.ts';
import { staleAfterMs } from '../../src/runs/ownership.ts';
import { nodeProcessTable } from '../../src/runs/process-identity.ts';
import { ownerFile } from '../../src/runs/run-files.ts';
import { runSession } from '../../src/runs/run-session.ts';
import { systemClock } from '../../src/runs/session-parts.ts';
import { nodeStorage } from '../../src/runs/storage/node-storage.ts';
import { fakeSession } from '../../src/runs/testing.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'iclab-foreign-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const processes = nodeProcessTable();

/** Starts a run on this machine's disk, clock and processes in a folder that says it has an owner. */
function startWhereOwnerIs(changes: Readonly<Record<string, string | number>>) {
  const now = Date.now();
  const owner = { ...processes.self, generation: 1, startedMs: now, heartbeatMs: now, ...changes };
  writeFileSync(join(folder, ownerFile(1)), JSON.stringify(owner));
  return runSession(fakeSession(nodeStorage, { folder, processes, clock: systemClock }).options);
}

describe('a folder copied from another machine', () => {
  const elsewhere = { host: 'elsewhere.invalid', bootId: 'another', pid: 4242 };

  test('within a minute of its last heartbeat may still be run there: refused, naming it', async () => {
    await expect(startWhereOwnerIs(elsewhere)).rejects.toMatchObject({
      exitCode: exitCodes.cannotWrite,
      message: expect.stringMatching(/: process 4242 on elsewhere\.invalid is running this run /) as string,
    });
  });

  test('later goes on', async () => {
    const heartbeatMs = Date.now() - staleAfterMs - 1;
    expect(await startWhereOwnerIs({ ...elsewhere, heartbeatMs })).toMatchObject({ outcome: 'finished' });
  });
});

test('an owner in another container of this machine, where numbers mean other processes, may still be running', async () => {
  await expect(startWhereOwnerIs({ pidNamespace: 'pid:[1]', startTime: '1' })).rejects.toThrow(
    'is running this run',
  );
});

describe('an owner that crashed', () => {
  test('before this machine was started again holds nothing up', async () => {
    expect(await startWhereOwnerIs({ bootId: 'another' })).toMatchObject({ outcome: 'finished' });
  });

  test.skipIf(processes.self.startTime === '')(
    'whose process number is used again, by this very process, holds nothing up',
    async () => {
      expect(await startWhereOwnerIs({ startTime: '1' })).toMatchObject({ outcome: 'finished' });
    },
  );

  test('and was none: the process is there', async () => {
    await expect(startWhereOwnerIs({ pid: process.ppid, startTime: '' })).rejects.toThrow(
      'is running this run',
    );
  });
});
