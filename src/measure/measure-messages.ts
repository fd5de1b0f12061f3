/** What a measuring process is asked, and what it answers: one reply for each request. */
import type { RoundTimes } from './engine-bench.ts';
import type { ShapeName } from './shapes.ts';

export interface MeasureRequest {
  readonly shape: ShapeName;
  /** Timed steps; 0 only builds the run. */
  readonly steps: number;
}

export interface MeasureReply {
  /** Absent for 0 steps. */
  readonly times?: RoundTimes;
}
