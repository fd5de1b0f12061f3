/** Starting weights and the elementary functions beneath them: the same bits everywhere, for ever. */
import { describe, expect, test } from 'vitest';
import { cos, exp, log, log1p, pow, sin } from '../../src/engine/elementary.ts';
import { modelConfigSchema } from '../../src/model/config.ts';
import { initialiseParameters } from '../../src/model/initialise.ts';
import { sha256 } from '../../src/runs/state-hash.ts';

export function initialiseSuite(): void {
  describe('bits that must not depend on the engine', () => {
    test('elementary functions', async () => {
      const values = Float64Array.from({ length: 6000 }, (_, i) => {
        const x = (Math.floor(i / 6) - 499.5) * 0.37;
        return [exp(x), sin(x), cos(x), log(Math.abs(x)), log1p(Math.abs(x)), pow(Math.abs(x), -1.5)][i % 6];
      });
      expect(await sha256(values)).toBe('592f6b96971bf45c211dba58d8e3f8108ffc513f7eac9ddc5b04634528ca5948');
    });

    test('starting weights', async () => {
      const model = modelConfigSchema.parse({ dModel: 32, heads: 4, mlpRatio: 2 });
      const parameters = initialiseParameters({ ...model, labels: 50, exampleDim: 48, contextPairs: 2 }, 101);
      const all = Float32Array.from([...parameters.values()].flatMap((values) => [...values]));
      expect(await sha256(all)).toBe('53bd0957b0d2bcd7300471b4be44279df0a64b79089911acd72c2367f47a2aac');
    });
  });
}
