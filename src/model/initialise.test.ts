import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors, tensorNumbers } from '../formats/safetensors.ts';
import { type ModelShape, modelConfigSchema } from './config.ts';
import { initialiseParameters } from './initialise.ts';
import { parameterSpecs } from './parameters.ts';

const file = 'jax-init-seed5.safetensors';

function shapeOf(model: Record<string, unknown>, labels = 40, exampleDim = 24): ModelShape {
  return {
    ...modelConfigSchema.parse({ dModel: 16, heads: 4, ...model }),
    labels,
    exampleDim,
    contextPairs: 2,
  };
}

describe('initialiseParameters', () => {
  it('draws what the released code draws, to 1e-6 per element', () => {
    const golden = readSafetensors(readFileSync(new URL(`../../test/golden/${file}`, import.meta.url)), file);
    const parameters = initialiseParameters(shapeOf({ mlpRatio: 4 }), 5);
    let compared = 0;
    for (const [name, tensor] of golden.tensors) {
      if (!name.startsWith('param.')) continue;
      const got = parameters.get(name.slice('param.'.length));
      const wanted = Array.from(tensorNumbers(tensor, file, name));
      expect(got?.length).toBe(wanted.length);
      const worst = wanted.reduce(
        (most, value, i) => Math.max(most, Math.abs((got?.[i] ?? NaN) / value - 1)),
        0,
      );
      expect(worst, name).toBeLessThan(1e-6);
      compared++;
    }
    expect(compared).toBe(12);
  });

  it('covers every parameter in order, with biases 0 and norms 1 and 0', () => {
    for (const model of [
      { mlpRatio: 4 },
      { norm: false, position: 'rope' },
      { position: 'sinusoidal', depth: 3 },
    ]) {
      const shape = shapeOf(model);
      const parameters = initialiseParameters(shape, 1);
      expect([...parameters].map(([name, values]) => [name, values.length])).toEqual(
        parameterSpecs(shape).map((spec) => [spec.name, spec.size]),
      );
      for (const [name, values] of parameters) {
        if (name.endsWith('.bias'))
          expect(
            values.every((x) => x === 0),
            name,
          ).toBe(true);
        else if (name.includes('norm'))
          expect(
            values.every((x) => x === 1),
            name,
          ).toBe(true);
        else expect(new Set(values).size, name).toBeGreaterThan(values.length / 2);
      }
    }
  });

  it('gives lecun variance, a small label table and a bounded position table', () => {
    const parameters = initialiseParameters(shapeOf({ dModel: 64, heads: 8 }, 1000, 100), 3);
    const variance = (name: string) => {
      const values = parameters.get(name) ?? new Float32Array();
      return values.reduce((sum, x) => sum + x * x, 0) / values.length;
    };
    expect(variance('exampleEmbed.weight') * 100).toBeCloseTo(1, 1);
    expect(variance('unembed.weight') * 64).toBeCloseTo(1, 1);
    expect(Math.sqrt(variance('labelEmbed.weight'))).toBeCloseTo(0.02 * 0.8796, 3);
    const positions = parameters.get('positionEmbed.weight') ?? new Float32Array();
    expect(Math.max(...positions.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(32));
    expect(Math.max(...positions.map(Math.abs))).toBeGreaterThan(0.99 / Math.sqrt(32));
  });

  it('scales every matrix and table by initScale, and nothing else', () => {
    const one = initialiseParameters(shapeOf({ mlpRatio: 4 }), 7);
    const two = initialiseParameters(shapeOf({ mlpRatio: 4, initScale: 2 }), 7);
    for (const [name, values] of one) {
      const factor = name.includes('norm') || name.endsWith('.bias') ? 1 : 2;
      expect(two.get(name), name).toEqual(values.map((x) => x * factor));
    }
  });

  it('depends on the seed', () => {
    const of = (seed: number) => initialiseParameters(shapeOf({}), seed).get('unembed.weight');
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});
