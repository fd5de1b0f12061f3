import { expect, it } from 'vitest';
import claims from '../data/fig1b-claims.json' with { type: 'json' };
import { formatAccuracy } from '../../../src/report/format.ts';
import type { Criterion } from './criterion.ts';
import type { Time } from './run-view.ts';
import { fig1bClaimIds, fig1bHeadlines, fig1bRules, type JudgedRule, type Rule } from './fig1b-rules.ts';

const judgedIds = (rules: Readonly<Record<string, Rule>>): string[] =>
  Object.entries(rules).flatMap(([id, rule]) => (rule.judged ? [id] : []));

it('has the committed claims, no more and no fewer', () => {
  expect(claims.map((claim) => claim.id)).toEqual([...fig1bClaimIds]);
  expect(Object.keys(fig1bHeadlines)).toEqual([...fig1bClaimIds]);
});

it('judges at each scale the claims that were chosen for it', () => {
  expect(judgedIds(fig1bRules.smoke)).toEqual([]);
  expect(judgedIds(fig1bRules.quick)).toEqual(
    ['01', '03', '04', '05', '07', '08', '09', '10'].map((number) => `F1b-${number}`),
  );
  expect(judgedIds(fig1bRules.paper)).toEqual([...fig1bClaimIds]);
});

it("takes the paper scale's words from the committed claims", () => {
  for (const rule of Object.values(fig1bRules.paper)) expect(rule).not.toHaveProperty('passRule');
});

/** The accuracies a criterion judges by, bounds that bound nothing aside. */
function thresholds(criterion: Criterion): number[] {
  const bounding = (range: readonly number[]): number[] =>
    range.filter((value) => value !== 0 && value !== 1);
  switch (criterion.kind) {
    case 'levels':
      return [
        ...Object.values(criterion.ranges).flatMap(bounding),
        ...(criterion.iclBelowPeak === undefined ? [] : [criterion.iclBelowPeak]),
      ];
    case 'peak':
      return [
        ...bounding(criterion.range),
        ...(criterion.laterAtMost === undefined ? [] : [criterion.laterAtMost]),
      ];
    case 'coexistence':
      return [criterion.above];
    case 'ordering':
      return [criterion.trainAboveCiwl, criterion.exchange];
    case 'transience':
      return [criterion.drop];
    case 'rise':
    case 'fall':
      return [];
  }
}

const quickJudged = Object.entries(fig1bRules.quick).filter(
  (entry): entry is [string, JudgedRule] => entry[1].judged,
);

it.each(quickJudged)('says in words every number %s is judged by at quick scale', (_id, rule) => {
  for (const value of thresholds(rule.criterion)) expect(rule.passRule).toContain(formatAccuracy(value));
});

/** The times of a criterion in sequences, as the written rules write them: `3.5e6`. */
function times(criterion: Criterion): string[] {
  const all: (Time | number)[] = [];
  if ('from' in criterion) all.push(criterion.from, criterion.to);
  if ('window' in criterion) all.push(...criterion.window);
  if ('slowestSequences' in criterion) all.push(criterion.slowestSequences);
  if ('lasting' in criterion) all.push(criterion.lasting);
  return all.flatMap((time) => {
    const sequences = typeof time === 'number' ? time : time.at === 'sequences' ? time.sequences : undefined;
    return sequences === undefined ? [] : [sequences.toExponential().replace('e+', 'e')];
  });
}

it.each(Object.entries(fig1bRules.paper))('judges %s at paper scale by its written rule', (id, rule) => {
  const written = claims.find((claim) => claim.id === id);
  const words = `${written?.pass_rule} ${written?.paper} ${written?.how} ${written?.when}`;
  expect(rule.judged).toBe(true);
  if (!rule.judged) return;
  const { criterion } = rule;
  // The size of "ICL falls while CIWL rises" is ours: the written rule has none (docs/claims.md).
  const ours = criterion.kind === 'ordering' ? [criterion.exchange] : [];
  const numbers = thresholds(criterion).filter((value) => !ours.includes(value));
  for (const value of numbers) expect(words).toContain(String(value).replace(/^0/, ''));
  for (const time of times(criterion)) expect(words).toContain(time);
});
