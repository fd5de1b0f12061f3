import { describe, expect, test } from 'vitest';
import { paperFig13aCurves } from '../data/fig13a-curves.ts';
import { paperFig14Curve, paperFig14Heads } from '../data/fig14-curves.ts';
import claims from '../data/mechanism-claims.json' with { type: 'json' };
import { madeUpRun, paperAsRun, transientKnots } from '../fig1b/test-tables.ts';
import type { AttentionMoment } from '../mechanism/attention-tables.ts';
import {
  type MadeUpHeads,
  madeUpAttention,
  momentOf,
  paperLikeEnd,
  clampedLikePaper,
} from '../mechanism/test-tables.ts';
import { valueAt } from '../../../src/evaluate/curve.ts';
import type { RunScale } from '../scale.ts';
import { appendixC1Claims, section4Claims } from './ablation-claims.ts';
import { fig2bClaims } from './clamped-strength-claims.ts';
import { fig3bClaims, fig3cClaims } from './graft-claims.ts';
import { fig15aClaims } from './head-agreement-claims.ts';
import { fig15TemperatureClaims } from './head-temperature-claims.ts';
import { fig14Claims } from './label-attention-claims.ts';
import type { MechanismClaim } from './mechanism-claim.ts';
import { fig13Claims } from './one-block-claims.ts';
import { fig12Claims, fig2aClaims } from './query-attention-claims.ts';
import { paperMetrics, verdicts } from './test-verdicts.ts';
import { fig3aClaims } from './strength-claims.ts';

const all = [
  fig2aClaims,
  fig12Claims,
  fig13Claims,
  fig3aClaims,
  fig14Claims,
  fig15aClaims,
  fig2bClaims,
  fig15TemperatureClaims,
  section4Claims,
  appendixC1Claims,
  fig3bClaims,
  fig3cClaims,
].flat() as readonly Pick<MechanismClaim<unknown>, 'id' | 'paper' | 'rules'>[];

/** Numbers of a rule below 10, that is all but times. */
const thresholds = (text: string) =>
  (text.match(/\d*\.\d+/g) ?? []).map(Number).filter((value) => value < 10);

test('the paper scale judges by the numbers that were noted down', () => {
  const notedRule = (id: string) => claims.find((claim) => claim.id === id)?.pass_rule ?? '';
  for (const { id, rules } of all) {
    if (typeof rules.paper === 'string') continue;
    // Figure 12 is noted as the mirror of figure 2a, and what "monotone" allows stands with figure 2b.
    const noted = thresholds(
      notedRule(id) +
        (id === 'F12-01' ? notedRule('F2a-01') : '') +
        // Noted as "same".
        (id.startsWith('F3c') ? notedRule('F3c-01') : '') +
        (id === 'F13-05' ? notedRule('F2b-01') : ''),
    );
    for (const value of thresholds(rules.paper.passRule)) expect(noted, `${id}: ${value}`).toContain(value);
  }
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

describe('figures 2a and 12', () => {
  const judge = (changes: Partial<MadeUpHeads>, scale?: RunScale) => {
    const moment = momentOf(6.4e7, { ...paperLikeEnd, ...changes });
    return {
      ...verdicts(fig2aClaims, paperMetrics, moment, scale),
      ...verdicts(fig12Claims, paperMetrics, moment, scale),
    };
  };

  test.each(['paper', 'quick'] as const)('hold on what the paper shows, at %s scale', (scale) => {
    expect(judge({}, scale)).toEqual({
      'F2a-01': 'holds',
      'S41-01': 'holds',
      'S41-03': 'holds',
      'F12-01': 'holds',
    });
  });

  test.each<[string, readonly [number, number], RegExp]>([
    ['a head that looks elsewhere', [0.7, 0.1], /head 1 \.067 on another token, above \.05/],
    [
      'a head that prefers nothing',
      [0.5, 0.5],
      /head 1 \.500 on the correct label, below \.65; head 1 \.500 on the other/,
    ],
    ['a head that is too sure', [0.99, 0.01], /above \.95.*below \.04/],
  ])('fail with %s', (_what, head, why) => {
    const found = judge({ query: [[0.82, 0.15], head] });
    expect(found['F2a-01']).toMatch(why);
    expect(found['F12-01']).toMatch(/^fails/);
  });

  test('one head that does not turn on Flip is told', () => {
    const found = judge({ strength: () => [0.5, 0.4] });
    expect(found['S41-03']).toMatch(/^fails: head 0 does not prefer CIWL's label on Flip; head 1/);
  });

  test('are not judged on a run that is too short, of its own settings, or smoke', () => {
    const moment = momentOf(2e7, paperLikeEnd);
    expect(verdicts(fig2aClaims, paperAsRun(), moment, 'paper', 2e7)['F2a-01']).toBe(
      'not applicable: run stops at 20M; this needs 64M',
    );
    expect(verdicts(fig2aClaims, paperMetrics, moment, 'own')['F2a-01']).toMatch(
      /^not applicable: .*none of the scales/,
    );
    expect(verdicts(fig2aClaims, paperMetrics, moment, 'smoke')['F2a-01']).toMatch(
      /^not applicable: a smoke run/,
    );
  });
});

describe('figure 14', () => {
  /** The paper's own curves as if they had been measured, every 250,000 sequences. */
  const paperMoments: AttentionMoment[] = Array.from({ length: 80 }, (_, i) => {
    const sequences = 250_000 * (i + 1);
    const at = (target: 'previous' | 'self', evaluator: 'train' | 'icl' | 'ciwl' | 'flip') =>
      paperFig14Heads.map((head) => valueAt(paperFig14Curve(target, evaluator, head), sequences) ?? 0.1);
    return momentOf(sequences, {
      ...paperLikeEnd,
      query: paperFig14Heads.map(() => [0.8, 0.15] as const),
      previous: (evaluator) => at('previous', evaluator as 'train'),
      strength: () => [0, 0, 0],
    });
  });

  test("the paper's own curves pass what they show", () => {
    const found = verdicts(fig14Claims, paperAsRun(), paperMoments, 'paper', 2e7);
    expect(found['F14-01']).toBe('holds');
    expect(found['F14-03']).toBe('holds');
  });

  test('fail where the head stays, and where labels never turn to themselves', () => {
    const stays = paperMoments.map(({ sequences }) =>
      momentOf(sequences, { ...paperLikeEnd, previous: () => [0.9, 0.4] }),
    );
    const found = verdicts(fig14Claims, paperAsRun(), stays, 'paper', 2e7);
    expect(found['F14-01']).toMatch(
      /^fails: no head has a maximum of at least 1.5 times its value at the end/,
    );
    expect(found['F14-02']).toMatch(/^fails: the median head ends below .85; it does not rise by .10/);
  });

  test('fail where train and Flip differ', () => {
    const differ = paperMoments.map(({ sequences }) =>
      momentOf(sequences, {
        ...paperLikeEnd,
        previous: (evaluator) => (evaluator === 'flip' ? [0.2, 0.1] : [0.1, 0.1]),
      }),
    );
    expect(verdicts(fig14Claims, paperAsRun(), differ, 'paper', 2e7)['F14-03']).toBe(
      'fails: that is more than .05',
    );
  });
});

describe('figure 3a', () => {
  const along = (strength: (sequences: number) => number) =>
    Array.from({ length: 81 }, (_, i) => {
      const sequences = 250_000 * i;
      const value = strength(sequences);
      return momentOf(sequences, { ...paperLikeEnd, strength: () => [value, value + 0.02] });
    });
  const paperLike = (sequences: number) => {
    const knots = [
      [0, 0],
      [3e6, 0.01],
      [4.25e6, 0.3],
      [6.5e6, 0],
      [1e7, -0.4],
      [2e7, -0.53],
    ].map(([at, value]) => ({ sequences: at, value }));
    return valueAt(knots, sequences) ?? 0;
  };

  test('holds on what the paper shows', () => {
    expect(verdicts(fig3aClaims, paperAsRun(), along(paperLike), 'paper', 2e7)).toEqual({
      'F3a-01': 'holds',
    });
  });

  test.each<[string, (sequences: number) => number, RegExp]>([
    ['never turns', (s) => Math.abs(paperLike(s)), /every head \.530 to \.550 at the end: does not cross 0/],
    [
      'is there from the start',
      (s) => (s < 3e6 ? 0.2 : paperLike(s)),
      /every head \.200 to \.220 before it emerges/,
    ],
    [
      'stays small',
      (s) => paperLike(s) / 4,
      /every head \.075 to \.095 at its maximum, not in \[\.15, \.60\]/,
    ],
  ])('fails where a head %s', (_what, strength, why) => {
    expect(verdicts(fig3aClaims, paperAsRun(), along(strength), 'paper', 2e7)['F3a-01']).toMatch(why);
  });
});

describe('figure 13', () => {
  const paper = paperFig13aCurves();
  const knots = Object.fromEntries(
    Object.entries(paper).map(([name, curve]) => [
      name,
      curve.map(({ sequences, value }) => [sequences, value] as const),
    ]),
  );
  const oneBlock = madeUpRun(
    {
      ...knots,
      train: [
        [0, 0.5],
        [2e7, 0.98],
      ],
    },
    2e7,
    1e5,
  );
  const twoBlocks = paperAsRun()
    .filter(({ evaluator }) => evaluator === 'ciwl')
    .map(({ sequences, inContextAccuracy }) => ({ sequences, value: inContextAccuracy }));
  const moment = { sequences: 2e7, table: madeUpAttention({ ...paperLikeEnd, depth: 1 }) };

  test("the paper's own curves pass what they show", () => {
    const found = verdicts(
      fig13Claims,
      oneBlock,
      { moment, clamped: clampedLikePaper(0), twoBlocksCiwl: twoBlocks },
      'paper',
      2e7,
    );
    expect(found).toMatchObject({ 'F13-01': 'holds', 'F13-02': 'holds', 'F13-03': 'holds' });
    expect(found['F13-04']).toBe('not applicable: run stops at 20M; this needs 64M');
  });

  test('a model that learns ICL fails, and so does one whose CIWL comes later', () => {
    const found = verdicts(
      fig13Claims,
      madeUpRun(transientKnots, 3e6, 1e5),
      {
        moment,
        clamped: clampedLikePaper(0),
        twoBlocksCiwl: [
          { sequences: 0, value: 0.5 },
          { sequences: 1e5, value: 0.95 },
        ],
      },
      'quick',
      3e6,
    );
    expect(found['F13-01']).toBe('fails: that is above .55');
    expect(found['F13-02']).toMatch(/^fails: CIWL does not come before that of two blocks/);
    expect(found['F13-03']).toMatch(/^fails: Flip is above \.55 after 45k/);
    expect(found['F13-04']).toBe('holds');
  });

  test('without the run of two blocks nothing is said of which comes first', () => {
    const found = verdicts(
      fig13Claims,
      oneBlock,
      { moment, clamped: clampedLikePaper(0), twoBlocksCiwl: undefined },
      'paper',
      2e7,
    );
    expect(found['F13-02']).toMatch(/^not applicable: needs the run of two blocks too/);
  });
});

test('figure 15a holds between unrelated and the same', () => {
  const strengths = (second: (x: number, i: number) => number) => {
    const first = Array.from({ length: 200 }, (_, i) => Math.sin(i));
    return { evaluator: 'train' as const, heads: 2, sequences: [], strengths: [first, first.map(second)] };
  };
  const judge = (second: (x: number, i: number) => number) =>
    verdicts(fig15aClaims, paperMetrics, strengths(second))['F15a-01'];
  expect(judge((x, i) => x + 0.4 * Math.cos(7 * i))).toBe('holds');
  expect(judge((x) => x)).toMatch(
    /^fails: the correlation is above \.97; the heads differ by less than \.08/,
  );
  expect(judge((_, i) => Math.cos(11 * i))).toMatch(/^fails: the correlation is below \.5/);
});

test('figure 2b holds on what the paper shows, and fails where a head copies little, the wrong label, or at a whim', () => {
  const judge = (change?: (accuracy: number, strength: number) => number) =>
    verdicts(fig2bClaims, paperMetrics, clampedLikePaper(1, change))['F2b-01'];
  expect(judge()).toBe('holds');
  expect(judge((accuracy) => 0.5 + (accuracy - 0.5) / 2)).toMatch(
    /^fails: every head \.700 to \.710 at \+1, below \.80; every head/,
  );
  expect(judge((accuracy) => 1 - accuracy)).toMatch(/lost from one strength to the next/);
  expect(judge((accuracy, strength) => (strength === 0.5 ? 0.6 : accuracy))).toMatch(
    /at 0, not in \[\.42, \.58\]/,
  );
  expect(judge((accuracy, strength) => (strength === 0.9 ? accuracy - 0.07 : accuracy))).toMatch(
    /off the point symmetry/,
  );
});
