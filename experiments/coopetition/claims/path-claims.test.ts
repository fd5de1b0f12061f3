/** The claims of figures 3b, 3c, 15b and 15c, of section 4 and of appendix C.1: what is left when parts are taken away or replaced. */
import { expect, test } from 'vitest';
import { valueAt } from '../../../src/evaluate/curve.ts';
import { paperAsRun, runInfo } from '../fig1b/test-tables.ts';
import { ablatedLikePaper, graftedLike, heatedLikePaper } from '../mechanism/test-tables.ts';
import { appendixC1Claims, section4Claims } from './ablation-claims.ts';
import { fig3bClaims, fig3cClaims } from './graft-claims.ts';
import { fig15TemperatureClaims } from './head-temperature-claims.ts';
import { viewRun } from './run-view.ts';
import { paperMetrics, verdicts } from './test-verdicts.ts';

test("figures 15b and 15c hold on the paper's numbers, and fail where sharper is no better alone, or no worse together", () => {
  const judge = (...given: Parameters<typeof heatedLikePaper>) =>
    verdicts(fig15TemperatureClaims, paperMetrics, heatedLikePaper(...given));
  expect(judge()).toEqual({ 'F15b-01': 'holds', 'F15c-01': 'holds' });
  expect(judge(undefined, [0.765, 0.76, 0.65])['F15b-01']).toMatch(
    /every head \.005.* gained at \.1, below \.01/,
  );
  expect(judge(undefined, [0.95, 0.76, 0.77])['F15b-01']).toMatch(
    /above \.12; every head .*not below its own/,
  );
  expect(judge(Array.from({ length: 8 }, () => 0.984))['F15c-01']).toBe(
    'fails: at .1 fewer than 5 of 8 heads lose',
  );
});

test("section 4 and appendix C.1 hold on the notebook's numbers, and fail where another path matters", () => {
  const judge = (...given: Parameters<typeof ablatedLikePaper>) => ({
    ...verdicts(section4Claims, paperMetrics, ablatedLikePaper(...given)),
    ...verdicts(appendixC1Claims, paperMetrics, ablatedLikePaper(...given)),
  });
  expect(new Set(Object.values(judge()))).toEqual(new Set(['holds']));
  const same = ablatedLikePaper().accuracies.whole;
  const found = judge({ outputsAndKeys: same, outputsAndQueries: { ...same, ciwl: 0.8 } });
  expect(found['S42-01']).toBe('fails: that is more than .08');
  expect(found['S42-02']).toBe('fails: CIWL is above .72');
  expect(found['S42-05']).toBe(
    'fails: keys lose less than 4 times what queries do; values lose less than 4 times what queries do',
  );
  expect(judge({ outputs: { ...same, flip: 0.03 } })['S41-02']).toMatch(/up to \.015 apart, more than \.01/);
  expect(judge({ earlierHeads: same })['S42-04']).toBe('fails: CIWL is above .75');
  const lost = judge({ allHeads: { ...same, iwl: 0.1 }, directPath: { ...same, ciwl: 0.9 } });
  expect(lost['C1-01']).toMatch(/^fails: CIWL is above \.72/);
  expect(lost['C1-02']).toBe('fails: that is more than .06');
  expect(lost['C1-03']).toBe('fails: not 0 under allHeads');
});

test('figure 3b holds where the late half changes nothing, and fails where it does', () => {
  const run = viewRun(paperAsRun(), runInfo('paper', 2e7));
  const judge = (change: (value: number) => number) => {
    const at = (name: 'train' | 'icl' | 'ciwl' | 'flip', sequences: number) =>
      change(valueAt(run.curves[name], sequences) ?? 0.5);
    const graft = graftedLike(2e7, [1e6, 1.9e7, 1e6], (sequences) => ({
      train: at('train', sequences),
      icl: at('icl', sequences),
      ciwl: at('ciwl', sequences),
      flip: at('flip', sequences),
    }));
    return verdicts(fig3bClaims, paperAsRun(), graft, 'paper', 2e7);
  };
  expect(judge((value) => value + 0.01)).toEqual({
    'F3b-01': 'holds',
    'F3b-02': 'holds',
    'F3b-03': 'holds',
  });
  const found = judge((value) => 0.5 * value + 0.25);
  expect(found['F3b-01']).toMatch(/^fails: train differs by more than \.12/);
  expect(found['F3b-03']).toBe('fails: Flip ends above .10');
});

test('figure 3c holds on flat lines and fails on one that moves', () => {
  const flat = { train: 0.9, icl: 0.8, ciwl: 0.6, flip: 0.7 };
  const still = graftedLike(4e6, [4e6, 2e7, 1e6], () => flat);
  const moves = graftedLike(4e6, [4e6, 2e7, 1e6], (sequences) => ({ ...flat, flip: 0.7 - sequences / 1e8 }));
  expect(verdicts(fig3cClaims, paperAsRun(), [still, moves], 'paper', 2e7)).toEqual({
    'F3c-01': 'holds',
    'F3c-02': 'fails: Flip ends more than .06 from where it began; Flip varies by .160, more than .08',
    'F3c-03': 'not applicable: fewer than two moments have their weights kept',
  });
});
