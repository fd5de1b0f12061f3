/** Judges where the query looks: how much of every head's attention is on the correct label, the other, and the rest. */
import { queryAttention } from '../../../src/analyse/attention-readouts.ts';
import type { AttentionTable } from '../../../src/analyse/attention.ts';
import { formatAccuracy } from '../../../src/report/format.ts';
import { mean } from '../mechanism/attention-tables.ts';
import type { Finding } from './criterion.ts';

/** A two-pair query's attention, summed up per head. */
export interface LabelShares {
  readonly correct: readonly number[];
  readonly other: readonly number[];
  /** The largest of what is on no label, per head. */
  readonly rest: readonly number[];
}

/** Over CIWL sequences whose correct label stands in `correctPair`; undefined where there are none. */
export function labelShares(
  table: AttentionTable,
  block: number,
  correctPair: 0 | 1,
): LabelShares | undefined {
  const rows = queryAttention(table, 'ciwl', block, correctPair);
  if (!rows || table.tokens !== 5) return undefined;
  const [correct, other] = correctPair === 0 ? [1, 3] : [3, 1];
  return {
    correct: rows.map((row) => row[correct]),
    other: rows.map((row) => row[other]),
    rest: rows.map((row) => Math.max(row[0], row[2], row[4])),
  };
}

export function spread(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => formatAccuracy(value, 3));
  return `${low} to ${high}`;
}

/** `head 3 .512`, `heads 1, 4 .512 to .583`, `every head ...`; undefined where it is so of none. */
export function headsWhere(values: readonly number[], isSo: (value: number) => boolean): string | undefined {
  const heads = [...values.keys()].filter((head) => isSo(values[head]));
  if (heads.length === 0) return undefined;
  if (heads.length === 1) return `head ${heads[0]} ${formatAccuracy(values[heads[0]], 3)}`;
  const which = heads.length === values.length ? 'every head' : `heads ${heads.join(', ')}`;
  return `${which} ${spread(heads.map((head) => values[head]))}`;
}

export interface ShareRanges {
  readonly correct: readonly [least: number, greatest: number];
  readonly other?: readonly [least: number, greatest: number];
  readonly restAtMost?: number;
  /** How far the heads' mean on the correct label may be from that of the other place. */
  readonly apartAtMost?: number;
}

/** @param mirrored the same with the correct label in the other place */
export function checkShares(
  shares: LabelShares | undefined,
  ranges: ShareRanges,
  mirrored?: LabelShares,
): Finding {
  if (!shares)
    return { holds: undefined, measured: '', why: 'CIWL was not looked at, or not with two pairs' };
  const against: string[] = [];
  const within = (what: string, values: readonly number[], [least, greatest]: readonly [number, number]) => {
    const low = headsWhere(values, (value) => value < least);
    const high = headsWhere(values, (value) => value > greatest);
    if (low) against.push(`${low} on ${what}, below ${formatAccuracy(least)}`);
    if (high) against.push(`${high} on ${what}, above ${formatAccuracy(greatest)}`);
  };
  within('the correct label', shares.correct, ranges.correct);
  if (ranges.other) within('the other label', shares.other, ranges.other);
  if (ranges.restAtMost !== undefined) within('another token', shares.rest, [0, ranges.restAtMost]);
  const measured = [
    `on the correct label ${spread(shares.correct)} (mean ${formatAccuracy(mean(shares.correct), 3)})`,
    `on the other ${spread(shares.other)} (mean ${formatAccuracy(mean(shares.other), 3)})`,
    `elsewhere at most ${formatAccuracy(Math.max(...shares.rest), 3)}`,
  ];
  if (ranges.apartAtMost !== undefined && mirrored) {
    const apart = Math.abs(mean(shares.correct) - mean(mirrored.correct));
    measured.push(`the two places' means are ${formatAccuracy(apart, 3)} apart`);
    if (apart > ranges.apartAtMost)
      against.push(`the two places differ by more than ${formatAccuracy(ranges.apartAtMost)}`);
  }
  return { holds: against.length === 0, measured: measured.join(', '), why: against.join('; ') };
}
