/** What `iclab toy` takes on the command line, as numbers. For stricli: each throws an Error, which it turns into its message. */
import { parseSeed } from './flags.ts';

const mostSeeds = 10_000;

/** `.1`, `1e-6`, and nothing that is not plainly a number. */
function numberOf(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : NaN;
}

/** @throws {Error} */
export function parseNotNegative(text: string): number {
  const value = numberOf(text);
  if (!(value >= 0 && value < Infinity)) throw new Error('expected a number >= 0');
  return value;
}

/** @throws {Error} */
export function parsePositive(text: string): number {
  const value = numberOf(text);
  if (!(value > 0 && value < Infinity)) throw new Error('expected a number > 0');
  return value;
}

/** First and last value of an axis. */
export type AxisRange = readonly [least: number, greatest: number];

/** A number, or for a map the ends of an axis: `.001..10`. @throws {Error} */
export function parseNumberOrRange(text: string): number | AxisRange {
  const ends = text.split('..');
  if (ends.length === 1) return parseNotNegative(text);
  const [least, greatest] = ends.map(numberOf);
  if (ends.length > 2 || !(least > 0 && greatest > least && greatest < Infinity)) {
    throw new Error('expected a range of numbers > 0, the smaller first, like .001..10');
  }
  return [least, greatest];
}

/** `7`, `0..11`, `0,4,7`. @throws {Error} */
export function parseSeeds(text: string): number[] {
  const seeds: number[] = [];
  for (const part of text.split(',')) {
    const ends = part.split('..').map(parseSeed);
    const [first, last = first] = ends;
    if (ends.length > 2 || last < first) throw new Error('expected seeds like 7, 0..11 or 0,4,7');
    if (seeds.length + last - first >= mostSeeds) throw new Error('expected at most 10,000 seeds');
    for (let seed = first; seed <= last; seed++) seeds.push(seed);
  }
  if (new Set(seeds).size < seeds.length) throw new Error('expected each seed once');
  return seeds;
}

export type Dims = readonly [a: number, b: number, c: number, d: number];

/** Four sizes, for a, b, c and d. @throws {Error} */
export function parseDims(text: string): Dims {
  const dims = text.split(',').map((part) => (/^\d{1,7}$/.test(part) ? Number(part) : NaN));
  const [a, b, c, d] = dims;
  if (dims.length !== 4 || !dims.every((dim) => dim >= 1)) {
    throw new Error('expected four integers >= 1 for a, b, c and d, like 20,20,20,160');
  }
  return [a, b, c, d];
}

/** `b,c:5`: b, and the first 5 entries of c. @throws {Error} */
export function parseClamp(text: string): Readonly<Record<string, number>> {
  const pairs = text.split(',').map((part): [string, number] => {
    const [, name, count] = /^([a-z]+)(?::(\d{1,7}))?$/i.exec(part) ?? [];
    if (name === undefined) throw new Error('expected vectors like b,c:5 (b, and the first 5 entries of c)');
    return [name, count === undefined ? Infinity : Number(count)];
  });
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error('expected each vector once');
  return Object.fromEntries(pairs);
}

/** @throws {Error} */
export function parseSteps(text: string): number {
  const steps = Number(text);
  if (!/^\d{1,7}$/.test(text) || steps < 1 || steps > 1_000_000) {
    throw new Error('expected an integer from 1 to 1000000');
  }
  return steps;
}

/** @throws {Error} */
export function parseCells(text: string): number {
  const cells = Number(text);
  if (!/^\d{1,3}$/.test(text) || cells < 2 || cells > 200)
    throw new Error('expected an integer from 2 to 200');
  return cells;
}

/** @throws {Error} */
export function parseFigure(text: string): string {
  if (!/.\.(svg|png)$/i.test(text)) throw new Error('expected a file that ends in .svg or .png');
  return text;
}
