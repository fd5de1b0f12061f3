/** The real program, stopped and killed from outside: the same command goes on to the same bits. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeCheckpoint } from '../runs/checkpoint-file.ts';
import { readMetrics } from '../runs/metrics-log.ts';
import { checkpointsAmong } from '../runs/run-files.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';

const program = fileURLToPath(new URL('../../bin/iclab.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'iclab-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));

const length = 6400;

/** Starts the program; `seen` is told of each event's sequences. */
function start(name: string, seen: (sequences: number, child: ChildProcess) => void) {
  const words = ['train', 'smoke', `train.trainSequences=${length}`, 'checkpoint.everySequences=1600'];
  const rest = ['evaluate.everySequences=640', '--json', '--out', join(folder, name)];
  const child = spawn(process.execPath, [program, ...words, ...rest], { stdio: ['ignore', 'pipe', 'pipe'] });
  let pending = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) seen((JSON.parse(line) as { sequences: number }).sequences, child);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise<{ code: number | null; signal: string | null; errors: string }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, errors }));
  });
}

async function trace(name: string) {
  const run = join(folder, name);
  const [newest] = checkpointsAmong(readdirSync(run));
  const bytes = new Uint8Array(readFileSync(join(run, newest.name)));
  const { tensors, sequences } = decodeCheckpoint(bytes, newest.name, 'checkpoint');
  return { sequences, tensors, metrics: JSON.stringify(await readMetrics(nodeStorage, run)) };
}

let expected: Awaited<ReturnType<typeof trace>>;
beforeAll(async () => {
  expect(await start('straight', () => undefined)).toEqual({ code: 0, signal: null, errors: '' });
  expected = await trace('straight');
  expect(expected.sequences).toBe(length);
}, 60_000);

describe('the program', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGUSR1'] as const)(
    'on %s saves, ends with 75, and goes on to the same bits',
    async (signal) => {
      let sent = false;
      const stopped = await start(signal, (sequences, child) => {
        if (sequences < 2500 || sent) return;
        sent = true;
        child.kill(signal);
        child.kill(signal); // one key press comes twice when npm stands between
      });
      expect(stopped).toEqual({ code: 75, signal: null, errors: '' });
      const saved = checkpointsAmong(readdirSync(join(folder, signal)))[0].sequences;
      expect(saved).toBeGreaterThanOrEqual(2500);
      expect(saved).toBeLessThan(length);
      let from = -1;
      const resumed = await start(signal, (sequences) => {
        if (from < 0) from = sequences;
      });
      expect(resumed).toEqual({ code: 0, signal: null, errors: '' });
      expect(from).toBe(saved);
      expect(await trace(signal)).toEqual(expected);
    },
    60_000,
  );

  test('killed twice goes on without a hand to the same bits', async () => {
    for (const at of [2000, 4500]) {
      const killed = await start('killed', (sequences, child) => {
        if (sequences >= at) child.kill('SIGKILL');
      });
      expect(killed).toEqual({ code: null, signal: 'SIGKILL', errors: '' });
    }
    expect(await start('killed', () => undefined)).toEqual({ code: 0, signal: null, errors: '' });
    expect(await trace('killed')).toEqual(expected);
  }, 60_000);

  test('started twice at once runs once: the other says who has the run', async () => {
    let second: ReturnType<typeof start> | undefined;
    const first = await start('twice', () => {
      second ??= start('twice', () => undefined);
    });
    const other = await second;
    expect(first).toEqual({ code: 0, signal: null, errors: '' });
    // The first may just have finished when the second looks.
    if (other?.code !== 0) {
      expect(other?.errors).toMatch(/^iclab: .*: process \d+ on \S+ is running this run .*\n$/);
      expect(other?.code).toBe(73);
    }
    expect(await trace('twice')).toEqual(expected);
  }, 60_000);
});
