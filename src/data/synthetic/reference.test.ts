import { beforeAll, describe, expect, it } from 'vitest';
import { type SyntheticSourceConfig, syntheticSourceSchema } from './config.ts';
import { normalDraw, syntheticClassReference } from './reference.ts';
import { powerLawVariances, quantisationStep, syntheticTables } from './tables.ts';

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
const meanSquare = (values: ArrayLike<number>) => sum(Array.from(values, (x) => x * x)) / values.length;

describe('normalDraw', () => {
  it('has the moments of a normal number over sqrt 2, on a fine grid of words', () => {
    const strata = 2 ** 16;
    const draws = Array.from(
      { length: strata },
      (_, i) => normalDraw((i - strata / 2 + 0.5) * 2 ** 16) * Math.SQRT2,
    );
    expect(sum(draws) / strata).toBeCloseTo(0, 6);
    expect(meanSquare(draws)).toBeCloseTo(1, 3);
    expect(meanSquare(draws.map((x) => x * x))).toBeCloseTo(3, 1);
    expect(draws.every((x, i) => i === 0 || x >= draws[i - 1] - 1e-6)).toBe(true);
  });

  it('hits known quantiles and is odd', () => {
    expect(normalDraw(0.5 * 2 ** 31)).toBeCloseTo(0.4769362762044699, 6);
    expect(normalDraw(Math.round(0.999 * 2 ** 31))).toBeCloseTo(2.326753765513525, 3);
    expect(normalDraw(2 ** 31 - 1) * Math.SQRT2).toBeCloseTo(5.42, 2);
    for (const word of [0, 1, 12345678, 2 ** 31 - 1]) expect(normalDraw(~word)).toBe(-normalDraw(word));
  });
});

describe('powerLawVariances', () => {
  it('falls as i^-alpha and has mean 1', () => {
    const variances = powerLawVariances(64, 1.5);
    expect(sum(variances)).toBeCloseTo(64, 10);
    expect(variances[7] / variances[0]).toBeCloseTo(8 ** -1.5, 12);
    expect([...powerLawVariances(8, 0)]).toEqual(Array(8).fill(1));
  });
});

describe('a synthetic data set', () => {
  const dim = 64;
  const classes = 500;
  const exemplars = 4;
  const config: SyntheticSourceConfig = syntheticSourceSchema.parse({
    kind: 'synthetic',
    classes,
    exemplars,
    dim,
    alpha: 1,
    sigma: 0.5,
    seed: 3,
  });
  /** Unit-variance features turned back to the axes of the spectrum, `[classes][exemplars][dim]`. */
  let vectors: Float64Array[][];

  /** Inverse of the rotation: D1 H D2 H D3 H, each H its own inverse. */
  function turnedBack(x: Float64Array): Float64Array {
    const { signs, classAmplitudes } = syntheticTables(config);
    for (let round = 2; round >= 0; round--) {
      for (let distance = 1; distance < dim; distance *= 2) {
        for (let i = 0; i < dim; i++) {
          if (i & distance) continue;
          const [a, b] = [x[i], x[i + distance]];
          x[i] = (a + b) * Math.SQRT1_2;
          x[i + distance] = (a - b) * Math.SQRT1_2;
        }
      }
      for (let i = 0; i < dim; i++) {
        const negative = round === 0 ? classAmplitudes[i] < 0 : signs[(round - 1) * dim + i] !== 0;
        if (negative) x[i] = -x[i];
      }
    }
    return x;
  }

  beforeAll(() => {
    vectors = Array.from({ length: classes }, (_, row) => {
      const bytes = syntheticClassReference(config, row);
      return Array.from({ length: exemplars }, (_, exemplar) =>
        turnedBack(
          Float64Array.from(
            bytes.subarray(exemplar * dim, (exemplar + 1) * dim),
            (byte) => byte * quantisationStep,
          ),
        ),
      );
    });
  });

  it('has mean 0 and mean variance 1', () => {
    const flat = vectors.flat();
    expect(Math.abs(sum(flat.map(sum)) / (flat.length * dim))).toBeLessThan(0.02);
    expect(flat.map(meanSquare).reduce((a, b) => a + b) / flat.length).toBeCloseTo(1, 1);
  });

  it('has the spectrum in its class means and in its noise, sigma apart', () => {
    const variances = powerLawVariances(dim, config.alpha);
    const { sigma } = config;
    const betweenRatios: number[] = [];
    const withinRatios: number[] = [];
    for (let i = 0; i < dim; i++) {
      let between = 0;
      let within = 0;
      for (const members of vectors) {
        const mean = sum(members.map((x) => x[i])) / exemplars;
        between += mean * mean;
        for (const x of members) within += (x[i] - mean) ** 2;
      }
      within /= classes * (exemplars - 1);
      between = between / classes - within / exemplars;
      const unit = variances[i] / (1 + sigma * sigma);
      betweenRatios.push(between / unit);
      withinRatios.push(within / (unit * sigma * sigma));
    }
    // 500 classes: standard deviations .07 and .04 (rounding to bytes adds a little to the smallest).
    for (const ratio of betweenRatios) expect(Math.abs(ratio - 1)).toBeLessThan(0.3);
    for (const ratio of withinRatios) expect(Math.abs(ratio - 1)).toBeLessThan(0.2);
    expect(sum(betweenRatios) / dim).toBeCloseTo(1, 1);
    expect(sum(withinRatios) / dim).toBeCloseTo(1, 1);
  });

  it('is another one for another seed', () => {
    expect(syntheticClassReference({ ...config, seed: 4 }, 0)).not.toEqual(
      syntheticClassReference(config, 0),
    );
    expect(syntheticClassReference({ ...config, seed: 3 + 2 ** 32 }, 0)).not.toEqual(
      syntheticClassReference(config, 0),
    );
  });

  it('spreads every direction over all features', () => {
    // Isotropy of the rotation: no feature carries more than a few times its share of the variance.
    const perFeature = new Float64Array(dim);
    for (let row = 0; row < classes; row++) {
      const bytes = syntheticClassReference(config, row);
      for (let i = 0; i < dim; i++) perFeature[i] += (bytes[i] * quantisationStep) ** 2 / classes;
    }
    expect(Math.max(...perFeature)).toBeLessThan(4);
    expect(Math.min(...perFeature)).toBeGreaterThan(0.2);
  });
});
