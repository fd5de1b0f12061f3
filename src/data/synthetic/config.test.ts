import { describe, expect, it } from 'vitest';
import { syntheticSourceSchema } from './config.ts';

describe('synthetic source config', () => {
  it('is the paper-sized source by default', () => {
    const { classes, exemplars, dim } = syntheticSourceSchema.parse({ kind: 'synthetic' });
    expect([classes, exemplars, dim]).toEqual([12800, 20, 512]);
  });

  it.each([
    [{ dim: 100 }, 'dim', 'must be a power of two; got 100'],
    [
      { classes: 1_000_000, exemplars: 10_000 },
      'classes',
      'classes * exemplars * dim must be at most 2147483647; got 5120000000000',
    ],
    [{ scale: 0 }, 'scale', '>0'],
    [{ sigma: -1 }, 'sigma', '>=0'],
    [{ seed: 1.5 }, 'seed', 'int'],
  ])('refuses %j, naming the field', (fields, path, message) => {
    const result = syntheticSourceSchema.safeParse({ kind: 'synthetic', ...fields });
    expect(result.error?.issues).toHaveLength(1);
    expect(result.error?.issues[0].path).toEqual([path]);
    expect(result.error?.issues[0].message).toContain(message);
  });
});
