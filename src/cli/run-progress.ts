/** How far a run is, from its events: what its meter and its lines in a log are made from. */
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import type { RunEvent } from '../runs/run-events.ts';
import { type Accuracies, accuraciesOf, meterLine, strategyText } from './meter.ts';

/** A speed is measured over this long, so that it follows the machine but does not jump. */
const speedWindowMs = 30_000;
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

/** What all forms of output know about a run. */
export class RunProgress {
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

  /** Undefined until there is something to measure it by. */
  sequencesPerSecond(): number | undefined {
    return this.#speed.value();
  }

  line(columns: number): string {
    return meterLine({ ...this, sequencesPerSecond: this.sequencesPerSecond() }, columns);
  }

  /** The line of an evaluation: its loss depends on the run alone, never on the clock. */
  evaluationLine(columns: number): string {
    const loss = this.evaluationLoss;
    return meterLine({ ...this, loss, sequencesPerSecond: this.sequencesPerSecond() }, columns);
  }

  seconds(): number {
    return (this.#elapsed() - this.#started) / 1000;
  }
}
