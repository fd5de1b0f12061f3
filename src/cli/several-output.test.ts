import { describe, expect, test } from 'vitest';
import { LabError } from '../errors/lab-error.ts';
import { loadConfig } from '../runs/load-config.ts';
import { presetNamed } from '../runs/presets/index.ts';
import type { RunEvent } from '../runs/run-events.ts';
import { createSeveralOutput, type SeveralOutput } from './several-output.ts';
import { fakeContext, type FakeTerminal } from './testing.ts';

const config = loadConfig({ preset: presetNamed('smoke') });
const runs = [1, 2, 3].map((seed) => ({ name: `seed ${seed}`, config, folder: `runs/${seed}` }));

const started = (index: number): RunEvent => ({
  kind: 'started',
  folder: runs[index].folder,
  generation: 1,
  sequences: 0,
  trainSequences: 32_000,
  evaluations: [],
});
const progress = (sequences: number): RunEvent => ({
  kind: 'progress',
  sequences,
  step: sequences / 32,
  loss: 2,
});
const ended = (index: number, outcome: 'finished' | 'stopped') =>
  ({
    kind: 'ended',
    result: { outcome, folder: runs[index].folder, sequences: 32_000, step: 1000 },
  }) as const;

/** Two of three run, one fails, the third never begins. */
function play(terminal: FakeTerminal, json = false) {
  const { context, stdout, stderr, clock } = fakeContext([], terminal);
  const output = createSeveralOutput(context, runs, { json });
  const steps: ((told: SeveralOutput) => void)[] = [
    (told) => told.onStart(0),
    (told) => told.onStart(1),
    (told) => told.onEvent(0, started(0)),
    (told) => told.onEvent(1, started(1)),
    (told) => told.onEvent(0, progress(3200)),
    (told) => told.onEvent(1, progress(1600)),
    (told) => told.onEvent(0, progress(6400)),
    (told) => told.onEvent(1, progress(3200)),
    (told) => told.onEvent(1, { kind: 'warning', message: 'odd' }),
    (told) => told.onStop('SIGINT'),
    (told) => told.onEnd(1, { kind: 'failed', error: new LabError('runs/2: broken', 70) }),
    (told) => told.onEnd(0, ended(0, 'stopped')),
    (told) => told.finish(),
  ];
  const afterEach = steps.map((step) => {
    step(output);
    clock.ms += 1000;
    return stdout.text();
  });
  return { stdout: stdout.text(), stderr: stderr.text(), afterEach };
}

/** What a terminal shows: lines, after carriage returns, ways up and clearing. */
function screen(text: string): string[] {
  const rows: string[] = [''];
  let [row, column] = [0, 0];
  // oxlint-disable-next-line no-control-regex -- finding control characters is the point
  for (const [piece, up, clear] of text.matchAll(/\u001b\[(\d+)A|\u001b\[(J)|[^\u001b]/g)) {
    if (up !== undefined) row -= Number(up);
    else if (clear !== undefined) {
      rows.length = row + 1;
      rows[row] = rows[row].slice(0, column);
    } else if (piece === '\r') column = 0;
    else if (piece === '\n') {
      row++;
      column = 0; // a terminal makes it a carriage return too
      rows[row] ??= '';
    } else {
      rows[row] = rows[row].slice(0, column) + piece;
      column++;
    }
  }
  return rows;
}

describe('on a terminal', () => {
  test('a line for each that is running and one for all, redrawn below what stays', () => {
    const { afterEach, stderr } = play({ isTerminal: true, columns: 70 });
    expect(screen(afterEach[7])).toEqual([
      'seed 1: run in runs/1: 32k sequences',
      'seed 2: run in runs/2: 32k sequences',
      'seed 1  6.4k/32k  20%  1.6k/s  ETA 0:16  loss 2.000',
      'seed 2  3.2k/32k  10%  800/s  ETA 0:36  loss 2.000',
      '0 of 3 done, 2 running, 1 waiting  ETA 0:36',
    ]);
    expect(screen(afterEach.at(-1) ?? '')).toEqual([
      'seed 1: run in runs/1: 32k sequences',
      'seed 2: run in runs/2: 32k sequences',
      'all runs stop after this step; once more to stop at once',
      'seed 1: stopped after 32k sequences, saved in runs/1; the same command goes on',
      '',
    ]);
    expect(stderr).toBe('iclab: warning: seed 2: odd\niclab: seed 2: runs/2: broken\n');
  });

  test('however narrow, what is redrawn does not wrap', () => {
    const { afterEach } = play({ isTerminal: true, columns: 24 });
    const drawn = screen(afterEach[7]).slice(2);
    expect(drawn).toHaveLength(3);
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThan(24);
  });
});

test('in a log each line says whose it is', () => {
  const { stdout, stderr } = play({});
  expect(stdout).toBe(
    'seed 1: run in runs/1: 32k sequences\n' +
      'seed 2: run in runs/2: 32k sequences\n' +
      'SIGINT: all runs stop after this step\n' +
      'seed 1: stopped after 32k sequences, saved in runs/1; the same command goes on\n',
  );
  expect(stderr).toBe('iclab: warning: seed 2: odd\niclab: seed 2: runs/2: broken\n');
});

test('for a program every event has its run', () => {
  const { stdout, stderr } = play({}, true);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.map(({ run, kind }) => [run, kind])).toEqual([
    ['seed 1', 'started'],
    ['seed 2', 'started'],
    ['seed 1', 'progress'],
    ['seed 2', 'progress'],
    ['seed 1', 'progress'],
    ['seed 2', 'progress'],
    ['seed 2', 'warning'],
    [undefined, 'stopping'],
    ['seed 2', 'end'],
    ['seed 1', 'end'],
  ]);
  expect(events[8]).toEqual({
    run: 'seed 2',
    kind: 'end',
    outcome: 'failed',
    exitCode: 70,
    message: 'runs/2: broken',
  });
  expect(stderr).toBe('iclab: seed 2: runs/2: broken\n');
});
