import { expect, it } from 'vitest';
import type { Curve } from '../../../src/evaluate/curve.ts';
import { strategySpans } from './strategy-spans.ts';

const every100 = (values: readonly number[]): Curve =>
  values.map((value, i) => ({ sequences: 100 * i, value }));

const rest = { icl: [], ciwl: [], iwl: [] };

it('changes halfway between evaluations and joins equal neighbours', () => {
  const train = every100([0.5, 0.55, 0.7, 0.8, 0.9]);
  const flip = every100([0.5, 0.6, 0.7, 0.6, 0.3]);
  expect(strategySpans({ ...rest, train, flip })).toEqual([
    { strategy: 'none', from: 0, to: 150 },
    { strategy: 'icl', from: 150, to: 350 },
    { strategy: 'ciwl', from: 350, to: 400 },
  ]);
});

it('bridges a gap of train, and says nothing where it is not known', () => {
  const train: Curve = [
    { sequences: 100, value: 0.5 },
    { sequences: 300, value: 0.9 },
  ];
  const flip = every100([0.5, 0.5, 0.6, 0.4, 0.4]);
  expect(strategySpans({ ...rest, train, flip })).toEqual([
    { strategy: 'none', from: 100, to: 150 },
    { strategy: 'icl', from: 150, to: 250 },
    { strategy: 'ciwl', from: 250, to: 300 },
  ]);
});

it('is empty without evaluations', () => {
  expect(strategySpans({ ...rest, train: [], flip: [] })).toEqual([]);
});
