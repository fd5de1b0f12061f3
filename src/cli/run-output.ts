/**
 * Tells a person or a program how a run goes: one line redrawn on a terminal, with a line that stays whenever another
 * strategy takes over; sparse plain lines in a log; one JSON object per event with `--json`.
 */
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import { formatSequences } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import type { RunEvent, RunResult } from '../runs/run-events.ts';
import type { LabContext, OutputStream } from './context.ts';
import { shortLine } from './error-line.ts';
import { type Accuracies, accuraciesOf, formatDuration, meterLine, strategyText } from './meter.ts';

export interface RunOutput {
  onEvent(event: RunEvent): void;
  /** The first stop signal has come. */
  onStop(name: string): void;
  /** Ends the output. */
  finish(result: RunResult): void;
  /** An error ends the run: leaves the terminal clean for its line. */
  fail(): void;
}

/** A speed is measured over this long, so that it follows the machine but does not jump. */
const speedWindowMs = 30_000;
/** Milliseconds between two redrawings. */
const redrawEveryMs = 100;
/** A log shows about so many evaluations of a whole run, and every change of strategy. */
const logLines = 40;
const logWidth = 160;

/** Sequences per second over the last half minute, evaluations and all. */
class Speed {
  readonly #samples: { readonly at: number; readonly sequences: number }[] = [];

  add(at: number, sequences: number): void {
    this.#samples.push({ at, sequences });
    while (this.#samples.length > 2 && at - this.#samples[0].at > speedWindowMs) this.#samples.shift();
  }

  value(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at - first.at < 500) return undefined;
    return (1000 * (last.sequences - first.sequences)) / (last.at - first.at);
  }
}

/** What all forms of output know about the run. */
class Progress {
  readonly #elapsed: () => number;
  readonly #speed = new Speed();
  readonly #started: number;
  sequences = 0;
  trainSequences = 0;
  /** Of the last moments; of the steps before the last evaluation. */
  loss: number | undefined;
  evaluationLoss: number | undefined;
  accuracies: Accuracies | undefined;
  isEvaluating = false;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
    this.#started = elapsed();
  }

  /** @returns the strategy that has just taken over, if another one has */
  take(event: RunEvent): string | undefined {
    if (event.kind === 'started') {
      this.sequences = event.sequences;
      this.trainSequences = event.trainSequences;
      this.#speed.add(this.#elapsed(), event.sequences);
      const last = event.evaluations.at(-1)?.sequences;
      if (last !== undefined)
        this.#evaluated(event.evaluations.filter(({ sequences }) => sequences === last));
    } else if (event.kind === 'progress') {
      this.sequences = event.sequences;
      this.loss = event.loss;
      this.isEvaluating = false;
      this.#speed.add(this.#elapsed(), event.sequences);
    } else if (event.kind === 'evaluating') {
      this.sequences = event.sequences;
      this.isEvaluating = true;
    } else if (event.kind === 'evaluation') {
      this.sequences = event.sequences;
      this.isEvaluating = false;
      this.evaluationLoss = event.loss;
      const before = strategyText(this.accuracies);
      this.#evaluated(event.records);
      const now = strategyText(this.accuracies);
      return now !== before && before !== '' ? now : undefined;
    }
    return undefined;
  }

  #evaluated(records: readonly EvaluationRecord[]): void {
    this.accuracies = accuraciesOf(records);
  }

  line(columns: number): string {
    return meterLine({ ...this, sequencesPerSecond: this.#speed.value() }, columns);
  }

  /** The line of an evaluation: its loss depends on the run alone, never on the clock. */
  evaluationLine(columns: number): string {
    const loss = this.evaluationLoss;
    return meterLine({ ...this, loss, sequencesPerSecond: this.#speed.value() }, columns);
  }

  seconds(): number {
    return (this.#elapsed() - this.#started) / 1000;
  }
}

function summary({ outcome, folder, sequences, requested }: RunResult, seconds: number): string {
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

function startLine(event: RunEvent & { kind: 'started' }): string {
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
  return stdout.isTerminal ? terminalOutput(context, stdout, stderr) : logOutput(context, stdout, stderr);
}

/** Blue for ICL, yellow for CIWL, where the terminal has colours. */
function coloured(strategy: string, stream: OutputStream, env: LabContext['process']['env']): string {
  if (stream.getColorDepth(env) < 4) return strategy;
  const code = strategy.startsWith('ICL') ? 34 : strategy.startsWith('CIWL') ? 33 : 2;
  return `\u001b[${code}m${strategy}\u001b[0m`;
}

function terminalOutput(
  { elapsed, process: { env } }: Pick<LabContext, 'process' | 'elapsed'>,
  stdout: OutputStream,
  stderr: OutputStream,
): RunOutput {
  const progress = new Progress(elapsed);
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

function logOutput(
  { elapsed }: Pick<LabContext, 'process' | 'elapsed'>,
  stdout: OutputStream,
  stderr: OutputStream,
): RunOutput {
  const progress = new Progress(elapsed);
  let shown = -1;
  return {
    onEvent(event) {
      const strategy = progress.take(event);
      if (event.kind === 'started') stdout.write(`${visibleLine(startLine(event))}\n`);
      if (event.kind === 'warning') stderr.write(`${shortLine(`iclab: warning: ${event.message}`)}\n`);
      if (event.kind !== 'evaluation') return;
      const part = Math.floor((logLines * event.sequences) / Math.max(1, progress.trainSequences));
      if (part === shown && strategy === undefined) return;
      shown = part;
      stdout.write(`${progress.evaluationLine(logWidth)}\n`);
    },
    onStop: (name) => stdout.write(`${name}: stopping after this step\n`),
    finish: (result) => stdout.write(`${visibleLine(summary(result, progress.seconds()))}\n`),
    fail: () => undefined,
  };
}

function jsonOutput({ process: { stdout }, elapsed }: Pick<LabContext, 'process' | 'elapsed'>): RunOutput {
  let progressAt = Number.NEGATIVE_INFINITY;
  const write = (value: object) => stdout.write(`${JSON.stringify(value)}\n`);
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
