/** The toy figures of the paper: which runs each shows. */
import { racingModel } from '../../../src/toy/toy-model.ts';
import { finiteRun, runToy, type ToyRun } from '../../../src/toy/toy-run.ts';
import type { RaceFigure } from './race-figure.ts';
import {
  fig5aSeed,
  paperRace,
  paperSeeds,
  type RaceSettings,
  raceWithoutMu,
  settingsText,
} from './race-settings.ts';

/**
 * Runs of one setting, recorded at every step, one after the other.
 * @throws {LabError} exit code 64 for a setting out of range, 70 for a rate that diverges
 */
export function recordedRaces(settings: RaceSettings, seeds: readonly number[], everySteps = 1): ToyRun[] {
  const model = racingModel(settings.racing);
  return seeds.map((seed) =>
    finiteRun(runToy(model, seed, { ...settings.descent, everySteps }), settings.descent),
  );
}

/** Below this loss figure 17 is cut off. */
const fig17End = 3e-3;

/** The figure of recorded runs: one of the paper's where they are those. */
export function raceFigure(settings: RaceSettings, runs: readonly ToyRun[]): RaceFigure {
  const seeds = runs.map(({ seed }) => seed);
  const is = (other: RaceSettings, wanted: readonly number[]) =>
    settingsText(settings) === settingsText(other) &&
    settings.descent.stop === other.descent.stop &&
    settings.descent.steps === other.descent.steps &&
    seeds.join() === wanted.join();
  const plain = { settings, runs };
  if (is(paperRace, [fig5aSeed])) {
    return { ...plain, title: 'Figure 5a: strategy racing in the toy model, seed 7' };
  }
  if (is(paperRace, paperSeeds)) {
    return { ...plain, title: 'Figure 16: strategy racing in the toy model, twelve seeds' };
  }
  if (is(raceWithoutMu, paperSeeds)) {
    const title = 'Figure 17: with mu1 = 0 mechanism 1 stays, and mechanism 2 never forms';
    return { ...plain, title, untilLoss: fig17End };
  }
  const which = seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`;
  return { ...plain, title: `Strategy racing in the toy model: ${settingsText(settings)}, ${which}` };
}
