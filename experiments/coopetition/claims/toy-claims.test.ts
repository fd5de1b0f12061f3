import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { racingModel } from '../../../src/toy/toy-model.ts';
import { runToy } from '../../../src/toy/toy-run.ts';
import { raceWithoutMu } from '../toy/race-settings.ts';
import { gatherToyEvidence, judgeToyClaims, toyClaims } from './toy-claims.ts';

const noted = JSON.parse(readFileSync(new URL('../data/toy-claims.json', import.meta.url), 'utf8')) as {
  id: string;
  paper: string;
  pass_rule: string;
}[];
const evidence = gatherToyEvidence();
const verdicts = judgeToyClaims(evidence);

it('are those that were noted down, with their numbers', () => {
  expect(Object.keys(toyClaims)).toEqual(noted.map(({ id }) => id));
  const numbers = (text: string) => text.replaceAll('..', ' ').match(/\d*\.?\d+(e-?\d+)?/g) ?? [];
  for (const { id, paper } of noted) {
    const ours = Object.entries(toyClaims).find(([name]) => name === id)?.[1].paper ?? '';
    const missing = numbers(paper)
      .map(Number)
      .filter((number) => !numbers(ours.replaceAll(',', ' ')).map(Number).includes(number))
      // How many seeds, how many steps, where the plateau lies and the competition stand elsewhere in words.
      .filter((number) => ![10, 12, 16000, 200, 4000, 0.03].includes(number));
    expect(missing, id).toEqual([]);
  }
});

it('all hold', () => {
  expect(verdicts.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  expect(verdicts).toHaveLength(13);
});

describe('each fails where it should', () => {
  const failing = (changed: typeof evidence) =>
    judgeToyClaims(changed)
      .filter(({ verdict }) => verdict === 'fails')
      .map(({ id }) => id);
  const runs = (change: object) =>
    evidence.withMu.map(({ seed }) =>
      runToy(racingModel({ ...raceWithoutMu.racing, mu1: 0.1, ...change }), seed, {
        rate: 1,
        stop: 1e-6,
        steps: 16_000,
        everySteps: 1,
      }),
    );

  it('another alpha: stops, plateau and divots are elsewhere', () => {
    expect(failing({ ...evidence, withMu: runs({ alpha: 0.001 }) })).toEqual(
      expect.arrayContaining(['T-01', 'T-02', 'T-04', 'T-16.00', 'T-16.04', 'T-16.07']),
    );
  });

  it('mechanism 2 at once: no divot, nothing transient', () => {
    expect(failing({ ...evidence, withMu: runs({ mu1: 10 }) })).toEqual(
      expect.arrayContaining(['T-03', 'T-04', 'T-05', 'T-16.02']),
    );
  });

  it('a cost in place of none: mechanism 2 forms after all', () => {
    expect(failing({ ...evidence, withoutMu: evidence.withMu })).toEqual(['T-06', 'T-17.04']);
  });
});
