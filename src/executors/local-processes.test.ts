/** What becomes of a run whose process does not end as it should; how real ones end, `test/reliability` has. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { LabError } from '../errors/lab-error.ts';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed } from '../runs/presets/index.ts';
import type { RunEvent } from '../runs/run-events.ts';
import type { RunEnd } from './executor.ts';
import { localProcesses } from './local-processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-processes-'));
afterAll(() => rmSync(folder, { recursive: true }));

let programs = 0;

/** Runs a program in place of a run. */
async function run(text: string): Promise<{ end: RunEnd; events: RunEvent[] }> {
  const path = join(folder, `program-${++programs}.mjs`);
  writeFileSync(path, text);
  const events: RunEvent[] = [];
  const config = loadConfig({ preset: presetNamed('smoke') });
  const job = { config, folder: 'runs/x', command: ['iclab'] };
  const end = await localProcesses(pathToFileURL(path)).start(job, (event) => events.push(event)).ended;
  return { end, events };
}

const onStart = (text: string) => `process.once('message', ({ job }) => { ${text} });`;
describe('a process', () => {
  test('that is killed is a failed run', async () => {
    const { end } = await run(onStart(`process.kill(process.pid, 'SIGKILL')`));
    expect(end).toEqual({
      kind: 'failed',
      error: new LabError(
        'runs/x: the process of this run ended without a word (SIGKILL); the same command goes on from its newest checkpoint; give a smaller --jobs where memory is short',
        70,
      ),
    });
  });

  test('that ends by itself is one too, with the first of what it said', async () => {
    const { end } = await run(onStart(`console.error('FATAL ERROR: heap\\nat 0x1'); process.exit(3)`));
    expect(end).toEqual({
      kind: 'failed',
      error: new LabError(
        'runs/x: the process of this run ended without a word (exit code 3): FATAL ERROR: heap; the same command goes on from its newest checkpoint; give a smaller --jobs where memory is short',
        70,
      ),
    });
  });

  test('that a stop signal met before it had begun is none', async () => {
    expect((await run(onStart(`process.kill(process.pid, 'SIGINT')`))).end).toEqual({ kind: 'notBegun' });
  });

  test('gets the job as it is; what it tells arrives, numbers that are none included', async () => {
    const { end, events } = await run(
      onStart(
        `process.send({ kind: 'event', event: { kind: 'progress', sequences: job.config.train.batchSize, step: 1, loss: NaN } });
        process.send({ kind: 'failed', message: 'runs/x: cannot', exitCode: 73 }); process.disconnect();`,
      ),
    );
    expect(events).toEqual([{ kind: 'progress', sequences: 32, step: 1, loss: Number.NaN }]);
    expect(end).toEqual({ kind: 'failed', error: new LabError('runs/x: cannot', 73) });
  });

  test('that has a bug gives it with the place where it is', async () => {
    const { end } = await run(
      onStart(`process.send({ kind: 'crashed', error: new TypeError('x is not') }); process.disconnect();`),
    );
    expect(end).toMatchObject({ kind: 'failed', error: { name: 'TypeError', message: 'x is not' } });
    expect(end.kind === 'failed' && (end.error as Error).stack).toContain('program-');
  });
});

test('a machine that starts no process', async () => {
  const { execPath } = process;
  process.execPath = join(folder, 'no-such-node');
  try {
    const { end } = await run('');
    expect(end.kind === 'failed' && (end.error as LabError).message).toBe(
      `runs/x: no process could be started for this run: spawn ${process.execPath} ENOENT; give a smaller --jobs`,
    );
  } finally {
    process.execPath = execPath;
  }
});
