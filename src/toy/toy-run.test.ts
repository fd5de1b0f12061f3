import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { regimeOf } from './regime.ts';
import { racingDefaults, racingModel, singleMechanismModel } from './toy-model.ts';
import { descentDefaults, finiteRun, runToy } from './toy-run.ts';
import { traceColumn } from './toy-trace.ts';

interface Reference {
  readonly paper_stop_iter: number | null;
  readonly rerun_stop_iter: number | null;
  readonly iter: readonly number[];
  readonly 'L,M1,M2,Cost': readonly (readonly number[])[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/toy-reference.json', import.meta.url), 'utf8'),
) as Record<'mu1=0.1,thresh=1e-6' | 'mu1=0,thresh=1e-3', Record<string, Reference>>;
const paper = racingModel(racingDefaults);
const withoutMu = racingModel({ ...racingDefaults, mu1: 0 });
const seeds = [0, 2, 4, 7];

/** The largest relative difference from the reference at its steps, over L, M1, M2 and the competition. */
function largestDifference(model: typeof paper, seed: number, stop: number, reference: Reference): number {
  const { trace } = runToy(model, seed, { ...descentDefaults, stop, everySteps: 1 });
  if (trace === undefined) throw new Error('no trace');
  const columns = ['loss', 'mechanism1', 'mechanism2', 'competition1'].map((name) =>
    traceColumn(trace, name),
  );
  const differences = reference.iter.flatMap((step, i) =>
    columns.map((column, k) => Math.abs(column[step] / reference['L,M1,M2,Cost'][i][k] - 1)),
  );
  return Math.max(...differences);
}

describe("the paper's runs", () => {
  it.each(seeds)(
    'seed %i with mu1 .1 stops at the very step the notebook prints, and lies on the reference',
    (seed) => {
      const reference = golden['mu1=0.1,thresh=1e-6'][seed];
      expect(runToy(paper, seed, descentDefaults).stoppedAt).toBe(reference.paper_stop_iter);
      // Five digits are given; losses below 1e-9 carry the float64 rounding of the reference's closed form.
      expect(largestDifference(paper, seed, 1e-6, reference)).toBeLessThan(2e-4);
    },
  );

  it.each(seeds)('seed %i with mu1 0 stops within 2%% of the notebook, where float order decides', (seed) => {
    const reference = golden['mu1=0,thresh=1e-3'][seed];
    const { stoppedAt } = runToy(withoutMu, seed, { ...descentDefaults, stop: 1e-3 });
    const wanted = reference.rerun_stop_iter;
    if (wanted === null) expect(stoppedAt).toBeNull();
    else expect(Math.abs(Number(stoppedAt) - wanted)).toBeLessThanOrEqual(0.02 * wanted);
    expect(largestDifference(withoutMu, seed, 1e-3, reference)).toBeLessThan(2e-4);
  });

  it('starts on its reference, whose first row is the untouched draw', () => {
    const { final } = runToy(paper, 7, { ...descentDefaults, steps: 1 });
    expect(final.loss).toBeCloseTo(0.55757, 5);
    expect(final.mechanisms[0]).toBeCloseTo(0.74974, 5);
  });
});

describe('events', () => {
  const run = runToy(paper, 7, descentDefaults);

  it('finds plateau, formation, transience and divot of figure 5a', () => {
    expect(run.untrained[0]).toBeCloseTo(0.2257, 4);
    expect(run.plateauEnd).toBe(4466);
    expect(run.mechanisms[0]).toMatchObject({ formed: 4810, lost: 8921, minimum: { step: 5658 } });
    const [divot] = run.divots;
    expect([divot?.minimum.step, divot?.maximum.step]).toEqual([4628, 4808]);
    expect(divot?.minimum.value).toBeCloseTo(0.3092, 4);
    expect(divot?.maximum.value).toBeCloseTo(0.3203, 4);
    expect(divot?.rise).toBeCloseTo(0.0111, 4);
  });

  it('finds none in a run that never leaves its plateau', () => {
    const stuck = runToy(paper, 2, descentDefaults);
    expect(stuck).toMatchObject({ plateauEnd: null, stoppedAt: null, divots: [null], steps: 16_000 });
    expect(
      stuck.mechanisms.map(({ formed, leftPlateau, steepest, lost }) => [
        formed,
        leftPlateau,
        steepest,
        lost,
      ]),
    ).toEqual([
      [null, null, null, null],
      [null, null, null, null],
    ]);
  });

  it('tells the regimes apart', () => {
    const regime = (mu1: number, alpha: number, d: number, seed: number) =>
      regimeOf(runToy(racingModel({ mu1, mu2: 0, alpha, dims: [20, 20, 20, d] }), seed, descentDefaults));
    expect(regime(0.1, 0.1, 160, 7)).toBe('transient');
    expect(regime(0.1, 0.1, 160, 2)).toBe('noEscape');
    expect(regime(0.001, 0.1, 160, 7)).toBe('stays');
    expect(regime(0.1, 0.001, 160, 7)).toBe('both');
    expect(regime(3, 0.1, 160, 7)).toBe('secondAtOnce');
    expect(regime(0.1, 1000, 160, 7)).toBe('diverges');
  });
});

describe('a trace', () => {
  const { trace, steps } = runToy(paper, 4, { ...descentDefaults, everySteps: 100 });
  if (trace === undefined) throw new Error('no trace');

  it('has every 100th step and the last, and every quantity', () => {
    const step = traceColumn(trace, 'step');
    expect(Array.from(step.slice(0, 3))).toEqual([0, 100, 200]);
    expect(step.at(-1)).toBe(steps - 1);
    expect(trace.rows).toBe(95);
    expect([...trace.columns.keys()]).toEqual(
      (
        'step loss mechanism1 mechanism2 competition1 norm_a norm_b norm_c norm_d cosine_a cosine_b cosine_c cosine_d ' +
        'distance_a distance_b distance_c distance_d gradient_a gradient_b gradient_c gradient_d'
      ).split(' '),
    );
    expect(() => traceColumn(trace, 'norm_e')).toThrow('no column "norm_e" in the trace');
  });

  it('ends with a gone and the others on the lines of their targets', () => {
    const last = (name: string) => Number(traceColumn(trace, name).at(-1));
    expect(last('norm_a')).toBeLessThan(0.05);
    // Scale and sign are free within a product: here b and d point away from their targets, and d o b o c is right.
    expect(['b', 'c', 'd'].map((name) => Math.round(last(`cosine_${name}`) * 1e9) / 1e9)).toEqual([
      -1, 1, -1,
    ]);
    expect(last('mechanism2')).toBeLessThan(1e-11);
    expect(last('distance_d')).toBeGreaterThan(last('norm_d'));
  });
});

describe('clamping', () => {
  it('keeps a vector, or its first entries, at the target', () => {
    const clamped = racingModel({ ...racingDefaults, clamp: { b: Infinity, c: 5 } });
    const { trace } = runToy(clamped, 7, { ...descentDefaults, everySteps: 50 });
    if (trace === undefined) throw new Error('no trace');
    expect(Math.max(...traceColumn(trace, 'distance_b'))).toBe(0);
    expect(Math.max(...traceColumn(trace, 'gradient_b'))).toBe(0);
    expect(Math.min(...traceColumn(trace, 'cosine_b'))).toBeCloseTo(1, 12);
    expect(traceColumn(trace, 'distance_c')[0]).toBeGreaterThan(1);
  });

  it('shortens the plateau, as in the earlier work', () => {
    const dims = [20, 20, 20] as const;
    const formed = (clamp?: Record<string, number>) =>
      runToy(singleMechanismModel(dims, clamp), 7, { ...descentDefaults, rate: 1 }).mechanisms[0].formed ??
      Infinity;
    expect(formed({ b: Infinity })).toBeLessThan(formed());
    expect(formed({ b: Infinity, c: Infinity })).toBeLessThan(formed({ b: Infinity }));
  });
});

describe('what is wrong', () => {
  it('is said of a rate that diverges, with the step', () => {
    const settings = { ...descentDefaults, rate: 300 };
    const run = runToy(paper, 3, settings);
    expect(run.stoppedAt).toBeNull();
    expect(() => finiteRun(run, settings)).toThrow(
      /^rate 300, seed 3: diverges, the loss is no finite number at step \d+; take a smaller rate$/,
    );
    expect(finiteRun(runToy(paper, 3, { ...descentDefaults, steps: 2 }), descentDefaults).steps).toBe(2);
  });

  it('is said of settings out of range', () => {
    const wrong = (change: object) => () => runToy(paper, 7, change);
    expect(wrong({ rate: 0 })).toThrow('rate: expected a number > 0; got 0');
    expect(wrong({ rate: Number.NaN })).toThrow('rate: expected a number > 0; got NaN');
    expect(wrong({ stop: -1 })).toThrow('stop: expected a loss >= 0; got -1');
    expect(wrong({ everySteps: 0 })).toThrow('everySteps: expected an integer > 0; got 0');
    expect(() => runToy(paper, -1)).toThrow('toy seed: expected an integer from 0 to 4294967295; got -1');
    expect(wrong({ steps: 0 })).toThrow('steps: expected an integer from 1 to 1,000,000; got 0');
  });
});
