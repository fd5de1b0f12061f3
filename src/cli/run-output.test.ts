import { describe, expect, test } from 'vitest';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import type { RunEvent, RunResult } from '../runs/run-events.ts';
import { createRunOutput } from './run-output.ts';
import { fakeContext, type FakeTerminal } from './testing.ts';

function evaluation(sequences: number, train: number, flip: number, loss?: number): RunEvent {
  const record = (evaluator: string, inContextAccuracy: number) =>
    ({
      kind: 'evaluation',
      sequences,
      step: sequences / 32,
      evaluator,
      n: 10,
      inContextAccuracy,
    }) as EvaluationRecord;
  const records = [record('train', train), record('icl', 0.8), record('ciwl', 0.6), record('flip', flip)];
  return {
    kind: 'evaluation',
    sequences,
    step: sequences / 32,
    records,
    ...(loss === undefined ? {} : { loss }),
  };
}

const started: RunEvent = {
  kind: 'started',
  folder: 'runs/x',
  generation: 1,
  sequences: 0,
  trainSequences: 6400,
  evaluations: [],
};
const progress = (sequences: number): RunEvent => ({
  kind: 'progress',
  sequences,
  step: sequences / 32,
  loss: 2,
});
const finished: RunResult = { outcome: 'finished', folder: 'runs/x', sequences: 6400, step: 200 };

function play(terminal: FakeTerminal, events: readonly RunEvent[], result?: RunResult, json = false) {
  const { context, stdout, stderr, clock } = fakeContext([], terminal);
  const output = createRunOutput(context, { json });
  for (const event of events) {
    output.onEvent(event);
    clock.ms += 1000;
  }
  if (result) output.finish(result);
  else output.fail();
  return { stdout: stdout.text(), stderr: stderr.text() };
}

describe('in a log', () => {
  test('a run is a line at its start, at evaluations and at its end', () => {
    const events = [
      started,
      evaluation(0, 0.5, 0.5),
      progress(3200),
      evaluation(3200, 0.9, 0.8, 3.5),
      progress(6400),
    ];
    expect(play({}, events, finished).stdout).toBe(
      'run in runs/x: 6.4k sequences\n' +
        '0/6.4k  0%  ETA -  train .50  ICL .80  CIWL .60  Flip .50  no strategy yet\n' +
        '3.2k/6.4k  50%  1.6k/s  ETA 0:02  loss 3.500  train .90  ICL .80  CIWL .60  Flip .80  ICL rules\n' +
        'finished 6.4k sequences in 0:05: runs/x\n',
    );
  });

  test('does not show the loss of the moment, which depends on the machine', () => {
    const before = [started, evaluation(0, 0.5, 0.5)];
    const lines = (moment: RunEvent) => play({}, [...before, moment, evaluation(3200, 0.9, 0.8, 3.5)]).stdout;
    expect(lines({ ...progress(3200), loss: 7 } as RunEvent)).toBe(lines(progress(3200)));
  });

  test('a run that is finished further than asked for says so', () => {
    const further: RunResult = {
      ...finished,
      outcome: 'alreadyFinished',
      sequences: 64_000,
      requested: 32_000,
    };
    expect(play({}, [], further).stdout).toBe(
      'already further, finished at 64k sequences (32k asked for): runs/x\n',
    );
  });

  test('lines are sparse however often it is evaluated, but every change of strategy has one', () => {
    const often = Array.from({ length: 201 }, (_, i) =>
      evaluation(32 * i, i < 100 ? 0.5 : 0.9, i < 150 ? 0.8 : 0.1),
    );
    const lines = play({}, [started, ...often]).stdout.split('\n');
    expect(lines.length).toBeLessThanOrEqual(45);
    expect(lines.find((line) => line.endsWith('ICL rules'))).toContain('50%');
    expect(lines.find((line) => line.endsWith('CIWL rules'))).toContain('75%');
  });

  test('has no control characters, whatever the folder is called', () => {
    const { stdout, stderr } = play({}, [
      { ...started, folder: 'runs/\u001b[31m\nx' },
      { kind: 'warning', message: 'a\u0007\nb' },
    ]);
    expect(stdout).toBe('run in runs/\\u{1b}[31m x: 6.4k sequences\n');
    expect(stderr).toBe('iclab: warning: a\\u{7} b\n');
  });

  test('a resumed run says from where, and knows the last evaluation', () => {
    const last = evaluation(3200, 0.9, 0.8);
    const evaluations = last.kind === 'evaluation' ? last.records : [];
    const resumed: RunEvent = {
      ...started,
      sequences: 3200,
      resumedFrom: 'checkpoint-3200.g1.safetensors',
      evaluations,
    };
    const { stdout } = play({}, [resumed, evaluation(3232, 0.9, 0.1)], { ...finished, outcome: 'stopped' });
    expect(stdout).toContain('going on from checkpoint-3200.g1.safetensors\n3.23k/6.4k');
    expect(stdout).toContain('stopped after 6.4k sequences, saved in runs/x; the same command goes on\n');
  });
});

describe('on a terminal', () => {
  const terminal = { isTerminal: true, columns: 60 };

  test('one line is redrawn and never wraps', () => {
    const { stdout } = play(
      terminal,
      [started, progress(32), evaluation(64, 0.5, 0.5), progress(96)],
      finished,
    );
    const drawn = stdout.split('\r\u001b[K').flatMap((piece) => piece.split('\n'));
    expect(drawn.length).toBeGreaterThan(5);
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThan(60);
  });

  test('redraws at most ten times a second', () => {
    const { context, stdout, clock } = fakeContext([], terminal);
    const output = createRunOutput(context, { json: false });
    output.onEvent(started);
    for (let i = 1; i <= 1000; i++) {
      clock.ms += 1;
      output.onEvent(progress(32 * i));
    }
    expect(stdout.text().split('\r').length).toBeLessThan(15);
  });

  test('a change of strategy stays on the screen, in colour only where there is any', () => {
    const events = [started, evaluation(0, 0.5, 0.5), evaluation(64, 0.9, 0.8), evaluation(128, 0.9, 0.2)];
    expect(play(terminal, events).stdout).toContain('\r\u001b[K64: ICL rules\n');
    expect(play(terminal, events).stdout).toContain('\r\u001b[K128: CIWL rules\n');
    const coloured = play({ ...terminal, colourDepth: 8 }, events).stdout;
    expect(coloured).toContain('64: \u001b[34mICL rules\u001b[0m\n');
  });

  test('an error that follows starts on a clean line', () => {
    expect(play(terminal, [started, progress(32)]).stdout).toMatch(/\r\u001b\[K$/);
  });
});

test('for a program every event is a line of JSON, progress at most once a second', () => {
  const { context, stdout, clock } = fakeContext();
  const output = createRunOutput(context, { json: true });
  output.onEvent(started);
  for (let i = 0; i < 50; i++) {
    output.onEvent(progress(32 * i));
    clock.ms += 50;
  }
  output.onStop('SIGINT');
  output.finish(finished);
  const events = stdout
    .text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  expect(events.map(({ kind }) => kind)).toEqual([
    'started',
    'progress',
    'progress',
    'progress',
    'stopping',
    'end',
  ]);
  expect(events.at(-1)).toEqual({ kind: 'end', ...finished });
});
