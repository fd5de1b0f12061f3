import { expect, it } from 'vitest';
import claims from '../data/fig1b-claims.json' with { type: 'json' };
import { formatAccuracy, formatSequences } from '../../../src/report/format.ts';
import type { Criterion } from './criterion.ts';
import type { Time } from './run-view.ts';
import { fig1bRules, type JudgedRule, type Rule } from './fig1b-rules.ts';
import { fig1bClaimIds, fig1bWords, paperReasons, quickReasons } from './fig1b-words.ts';

const judgedIds = (rules: Readonly<Record<string, Rule>>): string[] =>
  Object.entries(rules).flatMap(([id, rule]) => (rule.judged ? [id] : []));

it('has the committed claims, no more and no fewer', () => {
  expect(claims.map((claim) => claim.id)).toEqual([...fig1bClaimIds]);
  expect(Object.keys(fig1bWords)).toEqual([...fig1bClaimIds]);
});

it('judges at each scale the claims that were chosen for it', () => {
  expect(judgedIds(fig1bRules.smoke)).toEqual([]);
  expect(judgedIds(fig1bRules.quick)).toEqual(
    ['01', '03', '04', '05', '07', '08', '09', '10'].map((number) => `F1b-${number}`),
  );
  expect(judgedIds(fig1bRules.paper)).toEqual([...fig1bClaimIds]);
});

it('says why for every rule it judges by, and for no other', () => {
  expect(Object.keys(quickReasons)).toEqual(judgedIds(fig1bRules.quick));
  expect(Object.keys(paperReasons)).toEqual(judgedIds(fig1bRules.paper));
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

/** The times of a criterion that are in sequences. */
function times(criterion: Criterion): number[] {
  const all: (Time | number)[] = [];
  if ('from' in criterion) all.push(criterion.from, criterion.to);
  if ('window' in criterion) all.push(...criterion.window);
  if ('slowestSequences' in criterion) all.push(criterion.slowestSequences);
  if ('lasting' in criterion) all.push(criterion.lasting);
  if ('at' in criterion) all.push(criterion.at);
  return all.flatMap((time) => {
    const sequences = typeof time === 'number' ? time : time.at === 'sequences' ? time.sequences : undefined;
    return sequences === undefined ? [] : [sequences];
  });
}

const judged = (['quick', 'paper'] as const).flatMap((scale) =>
  Object.entries(fig1bRules[scale])
    .filter((entry): entry is [string, JudgedRule] => entry[1].judged)
    .map(([id, rule]) => [id, scale, rule] as const),
);

it.each(judged)('says in words every number %s is judged by at %s scale', (_id, _scale, rule) => {
  for (const value of thresholds(rule.criterion)) expect(rule.passRule).toContain(formatAccuracy(value));
  for (const time of times(rule.criterion)) expect(rule.passRule).toContain(formatSequences(time));
});

/** Accuracies in a text, and times in sequences, however they are written: `.71`, `0.71`; `3.5e6`, `3.5M`. */
function numbersIn(text: string): { accuracies: string[]; sequences: number[] } {
  const sequences = [...text.matchAll(/(\d+(?:\.\d+)?)(e\d|M\b|k\b)/g)].map(([, number, unit]) =>
    Math.round(Number(number) * (unit === 'M' ? 1e6 : unit === 'k' ? 1e3 : Number(`1${unit}`))),
  );
  const accuracies = [...text.matchAll(/(?<!\d)0?(\.\d+)(?![\de]|M\b|k\b)/g)].map((match) => match[1]);
  return { accuracies, sequences };
}

it.each(claims)("gives the paper's numbers for $id as they were noted down, in plain words", (claim) => {
  const words = fig1bWords[fig1bClaimIds.find((id) => id === claim.id) ?? fig1bClaimIds[0]];
  const noted = numbersIn(Object.values(claim).join(' '));
  const shown = numbersIn(`${words.paper} ${words.how}`);
  expect(shown.accuracies.length + shown.sequences.length).toBeGreaterThan(0);
  for (const value of shown.accuracies) expect(noted.accuracies).toContain(value);
  for (const value of shown.sequences) expect(noted.sequences).toContain(value);
});

it('shows a reader no shorthand', () => {
  const rules = Object.values(fig1bRules).flatMap((scale) => Object.values(scale));
  const shown = [
    ...Object.values(fig1bWords).flatMap(({ headline, where, how, paper }) => [headline, where, how, paper]),
    ...Object.values(paperReasons),
    ...Object.values(quickReasons),
    ...rules.flatMap((rule) => (rule.judged ? [rule.passRule] : [rule.reason])),
  ];
  for (const text of shown) expect(text).not.toMatch(/\de\d|ckpt|D-\d|A\(|A=|\bt\(|annot\b|i7d2|\.md\b/);
});

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
  for (const time of times(criterion)) expect(numbersIn(words).sequences).toContain(time);
});
