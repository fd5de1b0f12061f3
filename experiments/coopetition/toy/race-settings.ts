/** The toy runs of the paper (section 6, appendix D; docs/toy.md). */
import { racingDefaults, type RacingSettings } from '../../../src/toy/toy-model.ts';
import { type DescentSettings, descentDefaults } from '../../../src/toy/toy-run.ts';

/** All that makes a run but its seed. */
export interface RaceSettings {
  readonly racing: RacingSettings;
  readonly descent: DescentSettings;
}

/** Figures 5a (seed 7) and 16 (seeds 0 to 11). */
export const paperRace: RaceSettings = { racing: racingDefaults, descent: descentDefaults };

/** The loss at which runs with mu1 = 0 stop: it never comes to 1e-6, for M2 grows while M1 vanishes. */
export const stopWithoutMu = 1e-3;

/** Figure 17: nothing is left of the loss once mechanism 1 is perfect, and so mechanism 2 has no reason to form. */
export const raceWithoutMu: RaceSettings = {
  racing: { ...racingDefaults, mu1: 0 },
  descent: { ...descentDefaults, stop: stopWithoutMu },
};

/** The seeds of figures 16 and 17. */
export const paperSeeds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;

export const fig5aSeed = 7;

/** `.1`, `1e-6`. */
export function shortNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value).replace(/^0\./, '.');
}

/** `mu1 .1, alpha .1, dims 20, 20, 20, 160`, and what else is not as in the paper. */
export function settingsText({ racing, descent }: RaceSettings): string {
  const { mu1, mu2, alpha, dims, clamp = {} } = racing;
  const clamped = Object.entries(clamp).map(([name, n]) =>
    n === Infinity ? name : `${n} entries of ${name}`,
  );
  return [
    `mu1 ${shortNumber(mu1)}`,
    ...(mu2 === 0 ? [] : [`mu2 ${shortNumber(mu2)}`]),
    `alpha ${shortNumber(alpha)}`,
    `dims ${dims.join(', ')}`,
    ...(descent.rate === descentDefaults.rate ? [] : [`rate ${shortNumber(descent.rate)}`]),
    ...(clamped.length === 0 ? [] : [`clamped: ${clamped.join(', ')}`]),
  ].join(', ');
}
