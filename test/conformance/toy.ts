/** Toy runs: every number of a trajectory, the same bits everywhere. */
import { describe, expect, test } from 'vitest';
import { racingDefaults, racingModel, type ToyModel } from '../../src/toy/toy-model.ts';
import { descentDefaults, runToy } from '../../src/toy/toy-run.ts';
import { sha256 } from '../../src/runs/state-hash.ts';

const cases: readonly (readonly [what: string, model: ToyModel, seed: number, hash: string])[] = [
  [
    'seed 7 of figure 5a',
    racingModel(racingDefaults),
    7,
    '6d5926e368ad12bf280f781612a4276798c8a5188fe4659f077b58bfb077a190',
  ],
  [
    'seed 11, which leaves at once',
    racingModel(racingDefaults),
    11,
    'f36e2af28741842b5229591652f3c50bcf464d0ddfc9c114ee930ac4a4d74257',
  ],
  [
    'mu1 = 0',
    racingModel({ ...racingDefaults, mu1: 0 }),
    0,
    '59f4986a2d362470ea6ba64bda147bb5553bd87833f6c81ab83739cf40964424',
  ],
  [
    'clamped, other sizes',
    racingModel({ mu1: 0.3, mu2: 0.02, alpha: 0.5, dims: [7, 11, 5, 31], clamp: { b: Infinity, c: 2 } }),
    5,
    'b5e619ef1367dc0b1850b034889202a6fba62df6c499722302e2855dbe6abd6f',
  ],
];

export function toySuite(): void {
  describe('toy model: bits that must not depend on the engine', () => {
    test.each(cases)('%s', async (_, model, seed, hash) => {
      const { trace } = runToy(model, seed, { ...descentDefaults, everySteps: 1 });
      const numbers = Float64Array.from(
        [...(trace?.columns.values() ?? [])].flatMap((column) => [...column]),
      );
      expect(numbers.length).toBeGreaterThan(10_000);
      expect(await sha256(numbers)).toBe(hash);
    });
  });
}
