/** Tables of attention over a run's moments, as figures take them. */
import type { AttentionTable } from '../../../src/analyse/attention.ts';
import type { AnalysedMoment } from '../../../src/analyse/run-analysis.ts';
import type { RunScale } from '../scale.ts';

export type AttentionMoment = AnalysedMoment<AttentionTable>;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whether figures over training need room for their beginning: at these scales' rate most happens there. */
export function isEarlyScale(scale: RunScale): boolean {
  return scale === 'quick' || scale === 'smoke';
}

/** The moments up to the end of the paper's figures over training, a whole batch more or less. */
export function upTo(moments: readonly AttentionMoment[], sequences: number): AttentionMoment[] {
  return moments.filter((moment) => moment.sequences <= 1.01 * sequences);
}
