/** Reads a line of a run's metrics (`records.ts`), trusting nothing of it. */
import { metricNames, type TrainRecord } from '../evaluate/metrics.ts';
import type { StoredEvaluation, StoredRecord } from './records.ts';

const trainFields = ['kind', 'sequences', 'step', 'loss'] as const;
const evaluationFields = ['kind', 'sequences', 'step', 'evaluator', 'n', ...metricNames] as const;
const detailedFields = [...evaluationFields, 'perSequence'] as const;

/**
 * A line's record, every field checked, or undefined where the line is none: it must be, to the letter, what this
 * program writes for that record, so no name is given twice, nothing is added and no number is out of range. JSON writes
 * what is not a number (a quotient of two zeros) as null; it comes back as NaN, and only losses must be finite.
 */
export function parseRecord(bytes: Buffer): StoredRecord | undefined {
  if (bytes.length > longestPlainLine && !couldHoldSequences(bytes)) return undefined;
  // All we write is ASCII; a byte that is not becomes a letter that no field may have.
  const line = bytes.toString('latin1');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(value) || JSON.stringify(value) !== line) return undefined;
  if (!isCount(value.sequences, 0) || !isCount(value.step, 0) || !isNumber(value.loss)) return undefined;
  if (value.kind === 'train')
    return hasFields(value, trainFields) ? (value as unknown as TrainRecord) : undefined;
  return value.kind === 'evaluation' && isEvaluation(value) ? value : undefined;
}

function isEvaluation(value: Record<string, unknown>): value is Record<string, unknown> & StoredEvaluation {
  const { evaluator, n, perSequence } = value;
  const isDetailed = perSequence !== undefined;
  if (!hasFields(value, isDetailed ? detailedFields : evaluationFields)) return false;
  if (typeof evaluator !== 'string' || !/^[\w.-]{1,64}$/.test(evaluator)) return false;
  if (!isCount(n, 1) || n > mostSequences) return false;
  for (const name of metricNames) {
    value[name] ??= Number.NaN;
    if (typeof value[name] !== 'number') return false;
  }
  return !isDetailed || isSequenceLists(perSequence, n);
}

/** For every metric as many numbers as the set has sequences. */
function isSequenceLists(value: unknown, n: number): boolean {
  if (!isObject(value) || !hasFields(value, metricNames)) return false;
  return metricNames.every((name) => {
    const list = value[name];
    if (!Array.isArray(list) || list.length !== n) return false;
    for (let i = 0; i < n; i++) {
      list[i] ??= Number.NaN;
      if (typeof list[i] !== 'number') return false;
    }
    return true;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasFields(value: object, names: readonly string[]): boolean {
  return Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));
}

function isCount(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Bytes of a line without per-sequence numbers; about 400 are used. */
const longestPlainLine = 4096;
/** The most sequences an evaluator's set may have (`evaluate.sequencesPerEvaluator`). */
const mostSequences = 1_000_000;
/** The longest number in JSON, and the comma after it: -1.2345678901234567e-308, */
const longestNumber = 25;
const detailedStart =
  /^\{"kind":"evaluation","sequences":\d{1,16},"step":\d{1,16},"evaluator":"[\w.-]{1,64}","n":(\d{1,7}),/;

/** Letters between two commas; names and all that stands before them take less than a hundred. */
const longestGap = 200;

/** Whether a long line has no more numbers and brackets than its own `n` allows: checked before anything is built. */
function couldHoldSequences(line: Buffer): boolean {
  const n = Number(detailedStart.exec(line.toString('latin1', 0, 300))?.[1] ?? 0);
  const numbers = metricNames.length * n;
  if (n < 1 || n > mostSequences || line.length > longestPlainLine + numbers * longestNumber) return false;
  let commas = numbers + 2 * evaluationFields.length;
  let brackets = metricNames.length + 2;
  let lastComma = 0;
  for (let i = 0; i < line.length; i++) {
    const code = line[i];
    if (code === 0x2c) {
      commas--;
      lastComma = i;
    } else if (code === 0x5b || code === 0x7b) brackets--;
    if (commas < 0 || brackets < 0 || i - lastComma > longestGap) return false;
  }
  return true;
}
