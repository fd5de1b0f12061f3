/**
 * Tells a person or a program how several runs go that one command started: a line for each that is running, redrawn on a
 * terminal; in a log the sparse lines of each, its name before them; with `--json` the events of each, its name in them.
 */
import type { RunEnd } from '../executors/executor.ts';
import { formatSequences } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import type { RunEvent } from '../runs/run-events.ts';
import type { LabContext, OutputStream } from './context.ts';
import { errorLine, exitCodeOf, shortLine } from './error-line.ts';
import { formatDuration } from './meter.ts';
import { type ListedRun } from './run-list.ts';
import {
  coloured,
  jsonOutput,
  logLines,
  logOutput,
  redrawEveryMs,
  startLine,
  summary,
} from './run-output.ts';
import { RunProgress } from './run-progress.ts';

export interface SeveralOutput {
  /** Run number `index` of the list has something to tell. */
  onEvent(index: number, event: RunEvent): void;
  onStart(index: number): void;
  onEnd(index: number, end: RunEnd): void;
  /** The first stop signal has come. */
  onStop(signal: string): void;
  /** All have ended: leaves the terminal clean. */
  finish(): void;
}

type Context = Pick<LabContext, 'process' | 'elapsed'>;

/** However many run at once, a terminal has so many lines. */
const mostLines = 16;

export function createSeveralOutput(
  context: Context,
  runs: readonly ListedRun[],
  { json }: { readonly json: boolean },
): SeveralOutput {
  if (json) return jsonLines(context, runs);
  return context.process.stdout.isTerminal ? terminalLines(context, runs) : logOfAll(context, runs);
}

/** An event as one of several runs has it: a warning says whose it is. */
function named(name: string, event: RunEvent): RunEvent {
  return event.kind === 'warning' ? { ...event, message: `${name}: ${event.message}` } : event;
}

function notBegunLine(name: string): string {
  return `${name}: not begun; the same command goes on\n`;
}

/** Lines of one run within a log of all. */
function prefixed(stream: OutputStream, name: string): Pick<OutputStream, 'write'> {
  return { write: (text) => stream.write(text.replace(/^(?=.)/gm, `${visibleLine(name)}: `)) };
}

function logOfAll(context: Context, runs: readonly ListedRun[]): SeveralOutput {
  const { stdout, stderr } = context.process;
  const lines = Math.max(5, Math.ceil(logLines / runs.length));
  const outputs = new Map<number, ReturnType<typeof logOutput>>();
  const outputOf = (index: number) => {
    const output =
      outputs.get(index) ?? logOutput(context, prefixed(stdout, runs[index].name), stderr, lines);
    outputs.set(index, output);
    return output;
  };
  return {
    onStart: (index) => void outputOf(index),
    onEvent: (index, event) => outputOf(index).onEvent(named(runs[index].name, event)),
    onEnd: (index, end) => {
      if (end.kind === 'ended') outputOf(index).finish(end.result);
      else if (end.kind === 'failed') stderr.write(`${errorLine(end.error, runs[index].name)}\n`);
      else stdout.write(notBegunLine(runs[index].name));
    },
    onStop: (signal) => stdout.write(`${signal}: all runs stop after this step\n`),
    finish: () => undefined,
  };
}

function jsonLines(context: Context, runs: readonly ListedRun[]): SeveralOutput {
  const outputs = runs.map(({ name }) => jsonOutput(context, { run: name }));
  const { stdout, stderr } = context.process;
  return {
    onStart: () => undefined,
    onEvent: (index, event) => outputs[index].onEvent(event),
    onEnd: (index, end) => {
      const { name } = runs[index];
      if (end.kind === 'ended') outputs[index].finish(end.result);
      if (end.kind !== 'failed') return;
      const message = errorLine(end.error).replace(/^iclab: /, '');
      const failed = { run: name, kind: 'end', outcome: 'failed', exitCode: exitCodeOf(end.error), message };
      stdout.write(`${JSON.stringify(failed)}\n`);
      stderr.write(`${errorLine(end.error, name)}\n`);
    },
    onStop: (signal) => stdout.write(`${JSON.stringify({ kind: 'stopping', signal })}\n`),
    finish: () => undefined,
  };
}

function terminalLines({ elapsed, process }: Context, runs: readonly ListedRun[]): SeveralOutput {
  const { stdout, stderr, env } = process;
  const running = new Map<number, RunProgress>();
  const startedMs = elapsed();
  const nameWidth = Math.max(...runs.map(({ name }) => name.length));
  let ended = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let drawnLines = 0;
  const clear = () => (drawnLines > 1 ? `\r\u001b[${drawnLines - 1}A\u001b[J` : '\r\u001b[J');

  const draw = () => {
    drawnAt = elapsed();
    // The last column stays free: some terminals wrap when it is written to.
    const width = stdout.columns() - 1;
    const shown = [...running].slice(0, mostLines);
    const lines = shown.map(([index, progress]) => {
      const name = visibleLine(runs[index].name)
        .padEnd(nameWidth)
        .slice(0, Math.floor(width / 2));
      return `${name}  ${progress.line(width - name.length - 2)}`;
    });
    const text = [...lines, totalLine(runs, [...running.values()], ended).slice(0, width)];
    stdout.write(clear() + text.join('\n'));
    drawnLines = text.length;
  };
  const say = (stream: OutputStream, text: string) => {
    stdout.write(clear());
    drawnLines = 0;
    stream.write(`${text}\n`);
    draw();
  };
  const sayOf = (index: number, text: string) => say(stdout, `${visibleLine(runs[index].name)}: ${text}`);
  return {
    onStart(index) {
      running.set(index, new RunProgress(elapsed));
      draw();
    },
    onEvent(index, event) {
      const progress = running.get(index);
      const strategy = progress?.take(event);
      if (event.kind === 'started') sayOf(index, visibleLine(startLine(event)));
      if (event.kind === 'warning') {
        say(stderr, shortLine(`iclab: warning: ${runs[index].name}: ${event.message}`));
      }
      if (strategy !== undefined) {
        sayOf(index, `${formatSequences(progress?.sequences ?? 0)}: ${coloured(strategy, stdout, env)}`);
      }
      if (elapsed() - drawnAt >= redrawEveryMs) draw();
    },
    onEnd(index, end) {
      const seconds = running.get(index)?.seconds() ?? (elapsed() - startedMs) / 1000;
      running.delete(index);
      ended++;
      if (end.kind === 'ended') sayOf(index, visibleLine(summary(end.result, seconds)));
      else if (end.kind === 'failed') say(stderr, errorLine(end.error, runs[index].name));
      else sayOf(index, 'not begun; the same command goes on');
    },
    onStop: () => say(stdout, 'all runs stop after this step; once more to stop at once'),
    finish: () => stdout.write(clear()),
  };
}

/** `2 of 5 done, 2 running  ETA 1:02:03`: of all runs together, at the speed of those that are running. */
function totalLine(runs: readonly ListedRun[], running: readonly RunProgress[], ended: number): string {
  const rates = running.map((progress) => progress.sequencesPerSecond() ?? 0);
  const rate = rates.reduce((sum, each) => sum + each, 0);
  const waiting = runs.length - ended - running.length;
  const ofWaiting = runs
    .slice(runs.length - waiting)
    .reduce((sum, { config }) => sum + config.train.trainSequences, 0);
  const left = running.reduce(
    (sum, { sequences, trainSequences }) => sum + Math.max(0, trainSequences - sequences),
    ofWaiting,
  );
  // The last to end runs alone: all cannot be sooner done than it.
  const longest = running.map(({ sequences, trainSequences }, i) => (trainSequences - sequences) / rates[i]);
  const isKnown = running.length > 0 && rates.every((each) => each > 0);
  const eta = isKnown ? `  ETA ${formatDuration(Math.max(left / rate, ...longest))}` : '';
  return `${ended} of ${runs.length} done, ${running.length} running${waiting > 0 ? `, ${waiting} waiting` : ''}${eta}`;
}
