/** A run's id: short enough to type, unique wherever runs are collected, the same in every copy of its folder. */
import { randomBytes } from 'node:crypto';

/** Digits and lower-case letters without those that look alike (i, l, o, u). */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

export const runIdLength = 8;

/** The letters an id is cut to when it is typed may be as few as this. */
export const shortestRunId = 4;

/** Eight of 32 letters, 40 random bits. Decides no number of the run. */
export function newRunId(): string {
  return [...randomBytes(runIdLength)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

export function isRunId(value: unknown): value is string {
  return typeof value === 'string' && new RegExp(`^[${alphabet}]{${runIdLength}}$`).test(value);
}
