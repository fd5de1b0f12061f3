/**
 * Tells a person or a program how a run goes: one line redrawn on a terminal, with a line that stays whenever another
 * strategy takes over; sparse plain lines in a log; one JSON object per event with `--json`.
 */
import { formatSequences } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import type { RunEvent, RunResult } from '../runs/run-events.ts';
import type { LabContext, OutputStream } from './context.ts';
import { shortLine } from './error-line.ts';
import { formatDuration } from './meter.ts';
import { RunProgress } from './run-progress.ts';

export interface RunOutput {
  onEvent(event: RunEvent): void;
  /** The first stop signal has come. */
  onStop(name: string): void;
  /** Ends the output. */
  finish(result: RunResult): void;
  /** An error ends the run: leaves the terminal clean for its line. */
  fail(): void;
}

/** Milliseconds between two redrawings. */
export const redrawEveryMs = 100;
/** A log shows about so many evaluations of a whole run, and every change of strategy. */
export const logLines = 40;
const logWidth = 160;

/** The line of a run that came to an end. */
export function summary({ outcome, folder, sequences, requested }: RunResult, seconds: number): string {
  const seen = `${formatSequences(sequences)} sequences`;
  switch (outcome) {
    case 'finished':
      return `finished ${seen} in ${formatDuration(seconds)}: ${folder}`;
    case 'alreadyFinished':
      return requested === undefined
        ? `already finished, after ${seen}: ${folder}`
        : `already further, finished at ${seen} (${formatSequences(requested)} asked for): ${folder}`;
    case 'stopped':
      return `stopped after ${seen}, saved in ${folder}; the same command goes on`;
  }
}

export function startLine(event: RunEvent & { kind: 'started' }): string {
  const { folder, trainSequences, resumedFrom } = event;
  const from = resumedFrom === undefined ? '' : `, going on from ${resumedFrom}`;
  return `run in ${folder}: ${formatSequences(trainSequences)} sequences${from}`;
}

/** @param stdout where the run is told of; warnings go to stderr */
export function createRunOutput(
  context: Pick<LabContext, 'process' | 'elapsed'>,
  { json }: { readonly json: boolean },
): RunOutput {
  const { stdout, stderr } = context.process;
  if (json) return jsonOutput(context);
  return stdout.isTerminal
    ? terminalOutput(context, stdout, stderr)
    : logOutput(context, stdout, stderr, logLines);
}

/** Blue for ICL, yellow for CIWL, where the terminal has colours. */
export function coloured(strategy: string, stream: OutputStream, env: LabContext['process']['env']): string {
  if (stream.getColorDepth(env) < 4) return strategy;
  const code = strategy.startsWith('ICL') ? 34 : strategy.startsWith('CIWL') ? 33 : 2;
  return `\u001b[${code}m${strategy}\u001b[0m`;
}

function terminalOutput(
  { elapsed, process: { env } }: Pick<LabContext, 'process' | 'elapsed'>,
  stdout: OutputStream,
  stderr: OutputStream,
): RunOutput {
  const progress = new RunProgress(elapsed);
  let drawnAt = Number.NEGATIVE_INFINITY;
  const clear = '\r\u001b[K';
  const draw = () => {
    drawnAt = elapsed();
    // The last column stays free: some terminals wrap when it is written to.
    stdout.write(clear + progress.line(stdout.columns() - 1));
  };
  const say = (stream: OutputStream, text: string) => {
    stdout.write(clear);
    stream.write(`${text}\n`);
  };
  return {
    onEvent(event) {
      const strategy = progress.take(event);
      if (event.kind === 'started') say(stdout, visibleLine(startLine(event)));
      if (event.kind === 'warning') say(stderr, shortLine(`iclab: warning: ${event.message}`));
      if (strategy !== undefined) {
        say(stdout, `${formatSequences(progress.sequences)}: ${coloured(strategy, stdout, env)}`);
      }
      if (event.kind !== 'saved' && (event.kind !== 'progress' || elapsed() - drawnAt >= redrawEveryMs))
        draw();
    },
    onStop: () => say(stdout, 'stopping after this step; once more to stop at once'),
    finish(result) {
      // Of a run that had nothing to do there is nothing to show.
      if (result.outcome === 'alreadyFinished') stdout.write(clear);
      else stdout.write(`${clear}${progress.line(stdout.columns() - 1)}\n`);
      stdout.write(`${visibleLine(summary(result, progress.seconds()))}\n`);
    },
    fail: () => stdout.write(clear),
  };
}

/** @param lines about so many evaluations of the whole run are shown */
export function logOutput(
  { elapsed }: Pick<LabContext, 'elapsed'>,
  stdout: Pick<OutputStream, 'write'>,
  stderr: Pick<OutputStream, 'write'>,
  lines: number,
): RunOutput {
  const progress = new RunProgress(elapsed);
  let shown = -1;
  return {
    onEvent(event) {
      const strategy = progress.take(event);
      if (event.kind === 'started') stdout.write(`${visibleLine(startLine(event))}\n`);
      if (event.kind === 'warning') stderr.write(`${shortLine(`iclab: warning: ${event.message}`)}\n`);
      if (event.kind !== 'evaluation') return;
      const part = Math.floor((lines * event.sequences) / Math.max(1, progress.trainSequences));
      if (part === shown && strategy === undefined) return;
      shown = part;
      stdout.write(`${progress.evaluationLine(logWidth)}\n`);
    },
    onStop: (name) => stdout.write(`${name}: stopping after this step\n`),
    finish: (result) => stdout.write(`${visibleLine(summary(result, progress.seconds()))}\n`),
    fail: () => undefined,
  };
}

/** @param tag fields that stand before those of every event */
export function jsonOutput(
  { process: { stdout }, elapsed }: Pick<LabContext, 'process' | 'elapsed'>,
  tag: object = {},
): RunOutput {
  let progressAt = Number.NEGATIVE_INFINITY;
  const write = (value: object) => stdout.write(`${JSON.stringify({ ...tag, ...value })}\n`);
  return {
    onEvent(event) {
      if (event.kind === 'progress') {
        if (elapsed() - progressAt < 1000) return;
        progressAt = elapsed();
      }
      write(event);
    },
    onStop: (name) => write({ kind: 'stopping', signal: name }),
    finish: (result) => write({ kind: 'end', ...result }),
    fail: () => undefined, // told where the command ends, whatever it was doing
  };
}
