/** Tells how far analyses are: one line redrawn on a terminal, a line per analysis in a log, events with `--json`. */
import type { AnalysisProgress } from '../analyse/run-analysis.ts';
import type { LabContext } from './context.ts';
import { formatDuration } from './meter.ts';

export interface AnalysisOutput {
  onProgress(progress: AnalysisProgress): void;
  /** Ends the output; also where an error ends the analysis. */
  finish(): void;
}

/** Milliseconds between two redrawings, and between two events. */
const redrawEveryMs = 100;
const eventEveryMs = 1000;

/** @param json whether a program listens */
export function createAnalysisOutput(
  { process: { stdout }, elapsed }: Pick<LabContext, 'process' | 'elapsed'>,
  json: boolean,
): AnalysisOutput {
  const began = elapsed();
  let shownAt = Number.NEGATIVE_INFINITY;
  let isOpen = false;
  return {
    onProgress(progress) {
      const isLast = progress.done === progress.total;
      const every = json ? eventEveryMs : redrawEveryMs;
      if (!isLast && elapsed() - shownAt < every) return;
      shownAt = elapsed();
      if (json) stdout.write(`${JSON.stringify({ kind: 'analysis', ...progress })}\n`);
      else if (stdout.isTerminal) {
        isOpen = true;
        const text = progressText(progress, (elapsed() - began) / 1000);
        stdout.write(`\r\u001b[K${text.slice(0, stdout.columns() - 1)}`);
      } else if (isLast) stdout.write(`${progressText(progress, (elapsed() - began) / 1000)}\n`);
    },
    finish() {
      if (isOpen) stdout.write('\r\u001b[K');
      isOpen = false;
    },
  };
}

/** `attention: 12 of 58 moments  ETA 0:14`; at the end how many of them had to be measured. */
function progressText({ analysis, done, total, measured }: AnalysisProgress, seconds: number): string {
  const moments = `${analysis}: ${done} of ${total} ${total === 1 ? 'moment' : 'moments'}`;
  if (done === total) {
    if (measured === total) return moments;
    return measured === 0 ? `${moments}, known` : `${moments}, ${measured} measured, the others known`;
  }
  return measured === 0
    ? moments
    : `${moments}  ETA ${formatDuration((seconds * (total - done)) / measured)}`;
}
