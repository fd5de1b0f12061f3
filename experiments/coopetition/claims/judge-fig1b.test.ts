import { describe, expect, it } from 'vitest';
import {
  ciwlOnlyKnots,
  evaluation,
  iclStaysKnots,
  type Knots,
  madeUpRun,
  paperAsRun,
  runInfo,
  transientKnots,
} from '../fig1b/test-tables.ts';
import { type ClaimVerdict, countVerdicts } from './claim.ts';
import { fig1bClaimIds } from './fig1b-words.ts';
import { judgeFig1bClaims } from './judge-fig1b.ts';

const verdictOf = (verdicts: readonly ClaimVerdict[], id: string): ClaimVerdict => {
  const found = verdicts.find((claim) => claim.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};

/** The paper's curves with one changed between two times. */
function paperBut(
  evaluator: string,
  from: number,
  to: number,
  change: (value: number, sequences: number) => number,
) {
  return paperAsRun().map((record) =>
    record.evaluator === evaluator && record.sequences >= from && record.sequences <= to
      ? { ...record, inContextAccuracy: change(record.inContextAccuracy, record.sequences) }
      : record,
  );
}

const later = (times: number) =>
  paperAsRun(2e7 / times).map((record) => ({ ...record, sequences: record.sequences * times }));

describe('the paper scale', () => {
  it('finds every claim it can judge in the paper itself', () => {
    const verdicts = judgeFig1bClaims(paperAsRun(), runInfo('paper', 2e7));
    for (const id of fig1bClaimIds.slice(0, 10))
      expect([id, verdictOf(verdicts, id).verdict]).toEqual([id, 'holds']);
    expect(verdictOf(verdicts, 'F1b-11')).toMatchObject({
      verdict: 'not applicable',
      why: 'run stops at 20M; this needs 64M',
    });
  });

  it.each([
    ['F1b-01', paperBut('flip', 5e5, 2.5e6, () => 0.41), /Flip \.4100 is below \.42/],
    ['F1b-02', later(1.9), /that is after 6M/],
    ['F1b-02', later(0.5), /that is before 2M/],
    ['F1b-02', paperBut('flip', 3.4e6, 6e6, () => 0.55), /Flip never reaches \.6/],
    [
      'F1b-02',
      paperBut('flip', 3.3e6, 4.2e6, (_, t) => 0.51 + (0.1 * (t - 3.3e6)) / 9e5),
      /\.5 to \.6 is not within 600k/,
    ],
    ['F1b-03', paperBut('flip', 3.2e6, 5.5e6, (value) => Math.min(value, 0.61)), /the peak is below \.62/],
    ['F1b-03', later(1.8), /it comes after 7\.5M/],
    ['F1b-03', paperBut('flip', 4.3e6, 4.3e6, () => 0.9), /the peak is above \.88/],
    ['F1b-04', paperBut('icl', 4e6, 5e6, () => 0.67), /ICL \.6700 is below \.68/],
    ['F1b-05', paperBut('icl', 0, 2e7, (value) => Math.min(value, 0.74)), /the peak is below \.75/],
    ['F1b-06', paperBut('flip', 5e6, 2e7, () => 0.6), /never falls through \.5/],
    ['F1b-06', paperBut('flip', 5e6, 1.3e7, () => 0.6), /that is after 12M/],
    ['F1b-07', paperBut('flip', 1.4e7, 1.6e7, () => 0.16), /Flip \.1600 is above \.15/],
    ['F1b-08', paperBut('icl', 2e7, 2e7, () => 0.76), /ICL \.7600 is above \.75/],
    ['F1b-08', paperBut('train', 2e7, 2e7, () => 0.95), /train \.9500 is below \.96/],
    ['F1b-09', paperBut('icl', 8e6, 2e7, () => 0.5), /the longest interval is shorter than 5M/],
    ['F1b-09', paperBut('icl', 0, 2e7, () => 0.5), /never both above \.55/],
    ['F1b-10', paperBut('train', 6e6, 6e6, () => 0.78), /train is not above CIWL \+ \.10 throughout/],
    ['F1b-10', paperBut('icl', 9e6, 2e7, () => 0.88), /ICL does not fall by \.05/],
    ['F1b-10', paperBut('ciwl', 6e6, 6e6, () => 0.96), /moment 4 is not after the one before it/],
  ])('%s fails where it should', (id, table, why) => {
    const verdict = verdictOf(judgeFig1bClaims(table, runInfo('paper', 2e7)), id);
    expect(verdict.verdict).toBe('fails');
    expect(verdict.why).toMatch(why);
  });

  it('remarks on a peak of ICL that is within the rule but low', () => {
    const table = paperBut('icl', 0, 2e7, (value) => Math.min(value, 0.8));
    const verdict = verdictOf(judgeFig1bClaims(table, runInfo('paper', 2e7)), 'F1b-05');
    expect(verdict.verdict).toBe('holds');
    expect(verdict.why).toContain('below .85');
  });

  it.each([
    [0.7, 'holds'],
    [0.68, 'holds'],
    [0.7, 'fails'],
  ] as const)('judges F1b-11 on a run of 64M that ends at ICL %d: %s', (level, verdict) => {
    const end = verdict === 'holds' ? level - 0.01 : level + 0.01;
    const tail = [20_100_000, 64_000_000].flatMap((sequences) => [
      evaluation('icl', sequences, end),
      evaluation('ciwl', sequences, 0.97),
      evaluation('flip', sequences, 0.03),
      evaluation('train', sequences, 0.98),
    ]);
    const verdicts = judgeFig1bClaims(
      [...paperAsRun(), ...tail],
      runInfo('paper', 6.4e7, { scaleSequences: 2e7 }),
    );
    expect(verdictOf(verdicts, 'F1b-11').verdict).toBe(verdict);
  });

  it('judges on a run in progress only what it has reached', () => {
    const verdicts = judgeFig1bClaims(paperAsRun(5e6), runInfo('paper', 2e7));
    const judged = verdicts.filter((claim) => claim.verdict !== 'not applicable').map((claim) => claim.id);
    expect(judged).toEqual(['F1b-01', 'F1b-04']);
    expect(verdictOf(verdicts, 'F1b-02').why).toBe('run stops at 5M; this needs 6.6M');
  });
});

/** The transient run with some curves replaced. */
function quickBut(changed: Knots) {
  return madeUpRun({ ...transientKnots, ...changed }, 3e6, 50_000, 0, 1000);
}

const quick = runInfo('quick', 3e6);
const applicable = ['F1b-01', 'F1b-03', 'F1b-04', 'F1b-05', 'F1b-07', 'F1b-08', 'F1b-09', 'F1b-10'];

describe('the quick scale', () => {
  it('judges eight claims, and all hold on a run of the shape of figure 1b', () => {
    const verdicts = judgeFig1bClaims(quickBut({}), quick);
    for (const id of applicable) expect([id, verdictOf(verdicts, id).verdict]).toEqual([id, 'holds']);
    expect(countVerdicts(verdicts)).toEqual({ holds: 8, fails: 0, notApplicable: 3 });
  });

  it('holds under the noise of 1,000 sequences', () => {
    const verdicts = judgeFig1bClaims(madeUpRun(transientKnots, 3e6, 50_000, 1, 1000), quick);
    expect(countVerdicts(verdicts)).toEqual({ holds: 8, fails: 0, notApplicable: 3 });
  });

  it.each([
    [
      'F1b-01',
      {
        ciwl: [
          [0, 0.6],
          [3e6, 0.95],
        ],
      },
      /CIWL \.6000 is above \.58/,
    ],
    [
      'F1b-03',
      {
        flip: [
          [0, 0.5],
          [3e5, 0.46],
          [1.3e6, 0.64],
          [3e6, 0.1],
        ],
      },
      /the peak is below \.65/,
    ],
    [
      'F1b-03',
      {
        flip: [
          [0, 0.5],
          [3e5, 0.46],
          [2.2e6, 0.7],
          [3e6, 0.1],
        ],
      },
      /it comes after 67% of the run/,
    ],
    [
      'F1b-03',
      {
        flip: [
          [0, 0.5],
          [3e5, 0.46],
          [1.3e6, 0.7],
          [3e6, 0.21],
        ],
      },
      /it does not fall to \.20/,
    ],
    [
      'F1b-04',
      {
        icl: [
          [0, 0.5],
          [1.3e6, 0.6],
          [1.9e6, 0.86],
          [3e6, 0.6],
        ],
      },
      /is below \.68/,
    ],
    ['F1b-04', ciwlOnlyKnots, /no moment 2/],
    [
      'F1b-05',
      {
        icl: [
          [0, 0.5],
          [1.4e6, 0.79],
          [3e6, 0.6],
        ],
      },
      /the peak is below \.80/,
    ],
    [
      'F1b-07',
      {
        flip: [
          [0, 0.5],
          [3e5, 0.46],
          [1.3e6, 0.7],
          [2.8e6, 0.4],
          [3e6, 0.1],
        ],
      },
      /is above \.30/,
    ],
    ['F1b-07', iclStaysKnots, /the run has no moment 4 \(CIWL first reaches \.90\)/],
    [
      'F1b-08',
      {
        icl: [
          [0, 0.5],
          [1.9e6, 0.86],
          [3e6, 0.72],
        ],
      },
      /ICL is \.140 below its peak, less than \.15/,
    ],
    [
      'F1b-08',
      {
        ciwl: [
          [0, 0.5],
          [2.5e6, 0.91],
          [3e6, 0.89],
        ],
      },
      /CIWL \.8900 is below \.90/,
    ],
    [
      'F1b-09',
      {
        ciwl: [
          [0, 0.5],
          [2.3e6, 0.55],
          [3e6, 0.95],
        ],
      },
      /the longest interval is shorter than 750k/,
    ],
    [
      'F1b-10',
      {
        train: [
          [0, 0.5],
          [1.3e6, 0.63],
          [3e6, 0.97],
        ],
      },
      /train is not above CIWL \+ \.05 throughout/,
    ],
    [
      'F1b-10',
      {
        ciwl: [
          [0, 0.5],
          [1.2e6, 0.6],
          [1.6e6, 0.91],
          [3e6, 0.92],
        ],
      },
      /moment 4 is not after/,
    ],
    ['F1b-10', ciwlOnlyKnots, /no moment 1 .* no moment 2 .* no moment 3/],
  ] satisfies [string, Knots, RegExp][])('%s fails where it should (case %#)', (id, changed, why) => {
    const verdict = verdictOf(judgeFig1bClaims(quickBut(changed), quick), id);
    expect(verdict.verdict).toBe('fails');
    expect(verdict.why).toMatch(why);
  });

  it('does not judge a run that was asked to be shorter than the scale', () => {
    const short = runInfo('quick', 64_000, { scaleSequences: 3e6 });
    const verdicts = judgeFig1bClaims(madeUpRun(transientKnots, 64_000, 32_000), short);
    expect(verdicts.filter((claim) => claim.verdict !== 'not applicable').map((claim) => claim.id)).toEqual([
      'F1b-01',
    ]);
    expect(verdictOf(verdicts, 'F1b-08').why).toBe('run stops at 64k; this needs 3M');
  });

  it('says nothing of the start where the run was not evaluated there', () => {
    const table = quickBut({}).filter((record) => record.sequences >= 1e6);
    expect(verdictOf(judgeFig1bClaims(table, quick), 'F1b-01').verdict).toBe('not applicable');
  });

  it.each(['train', 'icl', 'ciwl', 'flip'])(
    'fails nothing for want of %s: it says it was not evaluated',
    (evaluator) => {
      const table = quickBut({}).filter((record) => record.evaluator !== evaluator);
      const verdict = verdictOf(judgeFig1bClaims(table, quick), 'F1b-10');
      expect(verdict.verdict).toBe('not applicable');
      expect(verdict.why).toMatch(/was not evaluated/);
    },
  );
});

describe('every verdict', () => {
  it('names the features and the scale', () => {
    const verdicts = judgeFig1bClaims(quickBut({}), { ...quick, source: 'some\u202e features' });
    for (const claim of verdicts)
      expect(claim).toMatchObject({ source: 'some\\u{202e} features', scale: 'quick' });
  });

  it('is "not applicable" at smoke scale', () => {
    const verdicts = judgeFig1bClaims(quickBut({}), runInfo('smoke', 3e6));
    expect(countVerdicts(verdicts)).toEqual({ holds: 0, fails: 0, notApplicable: 11 });
  });

  it('is "not applicable" without an evaluation', () => {
    expect(countVerdicts(judgeFig1bClaims([], quick)).notApplicable).toBe(11);
  });
});
