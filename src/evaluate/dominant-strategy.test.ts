import { expect, it } from 'vitest';
import { dominantStrategy } from './dominant-strategy.ts';

it('is none until train reaches .6, whatever Flip is', () => {
  expect(dominantStrategy(0.599, 0.9)).toBe('none');
  expect(dominantStrategy(0.5, 0.1)).toBe('none');
});

it('is ICL from Flip .5 on, else CIWL', () => {
  expect(dominantStrategy(0.6, 0.5)).toBe('icl');
  expect(dominantStrategy(0.6, 0.499)).toBe('ciwl');
});

it('is unknown where either was not measured', () => {
  expect(dominantStrategy(Number.NaN, 0.5)).toBeUndefined();
  expect(dominantStrategy(0.7, Number.NaN)).toBeUndefined();
});
