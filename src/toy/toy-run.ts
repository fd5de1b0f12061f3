/** A whole toy run: gradient descent to its stop, with events, and every step recorded where that is asked for. */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { ToyDescent } from './descent.ts';
import { type Divot, DivotWatch, type MechanismEvents, MechanismWatch } from './events.ts';
import type { ToyModel } from './toy-model.ts';
import { drawStarts } from './toy-start.ts';
import { ToyRecorder, type ToyTrace } from './toy-trace.ts';

export interface DescentSettings {
  /** Learning rate. */
  readonly rate: number;
  /** The run ends at the first step with a smaller loss. */
  readonly stop: number;
  /** At most so many steps are looked at, the start being the first. */
  readonly steps: number;
}

const mostSteps = 1_000_000;

/** As in figure 5a; figure 17 (mu1 = 0) stops at 1e-3. */
export const descentDefaults: DescentSettings = { rate: 1, stop: 1e-6, steps: 16_000 };

export interface ToyRun {
  readonly seed: number;
  /** The step at which the loss was below `stop`, or null where it never was. */
  readonly stoppedAt: number | null;
  /** The step at which the loss was no finite number any more: the rate is too large. Nothing else counts then. */
  readonly divergedAt: number | null;
  /** Steps looked at. */
  readonly steps: number;
  /** Losses at the last of them; `mechanisms` without their offsets, `competitions` without their strengths. */
  readonly final: {
    readonly loss: number;
    readonly mechanisms: readonly number[];
    readonly competitions: readonly number[];
  };
  /** 1/2 mean x*^2 per mechanism, where its plateau lies. */
  readonly untrained: readonly number[];
  /** When the first mechanism left its plateau to form; null where none did. */
  readonly plateauEnd: number | null;
  readonly mechanisms: readonly MechanismEvents[];
  /** Of every mechanism but the first: how it turned up until the first was at its best, or null where it did not. */
  readonly divots: readonly (Divot | null)[];
  readonly trace?: ToyTrace;
}

/** What is left out is as in figure 5a. */
export interface ToyRunOptions extends Partial<DescentSettings> {
  /** Every so many steps are recorded, and the last one; left out, none. */
  readonly everySteps?: number | undefined;
}

/**
 * @param seed an integer from 0 to 2^32 - 1
 * @throws {LabError} exit code 64 where the seed or an option is out of range
 */
export function runToy(model: ToyModel, seed: number, options: ToyRunOptions = {}): ToyRun {
  const { everySteps, ...given } = options;
  const { rate, stop, steps } = checkedDescent({ ...descentDefaults, ...given });
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new LabError(`toy seed: expected an integer from 0 to 4294967295; got ${seed}`);
  }
  if (everySteps !== undefined && !(Number.isInteger(everySteps) && everySteps > 0)) {
    throw new LabError(`everySteps: expected an integer > 0; got ${everySteps}`);
  }
  const descent = new ToyDescent(model, drawStarts(model, seed));
  const watches = descent.untrainedLosses.map((level) => new MechanismWatch(level));
  const divots = watches.slice(1).map(() => new DivotWatch());
  const recorder = everySteps === undefined ? undefined : new ToyRecorder(descent);
  let ended: 'stopped' | 'diverged' | undefined;
  let step = 0;
  for (; ; step++) {
    descent.evaluate();
    const { loss, mechanismLosses } = descent;
    if (!Number.isFinite(loss)) ended = 'diverged';
    else if (loss < stop) ended = 'stopped';
    for (let k = 0; k < divots.length; k++) divots[k].see(step, mechanismLosses[k + 1]);
    for (let k = 0; k < watches.length; k++) {
      const isBest = watches[k].see(step, mechanismLosses[k]);
      if (k === 0 && isBest) for (const divot of divots) divot.keep();
    }
    const isLast = ended !== undefined || step === steps - 1;
    if (everySteps !== undefined && (step % everySteps === 0 || isLast)) recorder?.record(step);
    if (isLast) break;
    descent.step(rate);
  }
  const mechanisms = watches.map((watch) => watch.events());
  const left = mechanisms.flatMap(({ leftPlateau }) => leftPlateau ?? []);
  return {
    seed,
    stoppedAt: ended === 'stopped' ? step : null,
    divergedAt: ended === 'diverged' ? step : null,
    steps: step + 1,
    final: {
      loss: descent.loss,
      mechanisms: [...descent.mechanismLosses],
      competitions: [...descent.competitionLosses],
    },
    untrained: descent.untrainedLosses,
    plateauEnd: left.length === 0 ? null : Math.min(...left),
    mechanisms,
    divots: divots.map((divot) => divot.divot()),
    ...(recorder === undefined ? {} : { trace: recorder.trace() }),
  };
}

/**
 * The run, where it stayed finite.
 * @throws {LabError} exit code 70 where it diverged
 */
export function finiteRun(run: ToyRun, { rate }: Pick<DescentSettings, 'rate'>): ToyRun {
  if (run.divergedAt === null) return run;
  throw new LabError(
    `rate ${rate}, seed ${run.seed}: diverges, the loss is no finite number at step ${run.divergedAt}; take a smaller rate`,
    exitCodes.crash,
  );
}

/** @throws {LabError} exit code 64 where a setting is out of range */
function checkedDescent(settings: DescentSettings): DescentSettings {
  const { rate, stop, steps } = settings;
  if (!(Number.isFinite(rate) && rate > 0)) throw new LabError(`rate: expected a number > 0; got ${rate}`);
  if (!(Number.isFinite(stop) && stop >= 0)) throw new LabError(`stop: expected a loss >= 0; got ${stop}`);
  if (!Number.isInteger(steps) || steps < 1 || steps > mostSteps) {
    throw new LabError(`steps: expected an integer from 1 to 1,000,000; got ${steps}`);
  }
  return settings;
}
