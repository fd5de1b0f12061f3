/** Where a run stands, in one line. Pure: from numbers to text that fits a terminal. */
import { dominantStrategy, strategyNames } from '../evaluate/dominant-strategy.ts';
import type { EvaluationRecord } from '../evaluate/metrics.ts';
import { formatAccuracy, formatSequences } from '../report/format.ts';

export interface MeterState {
  readonly sequences: number;
  readonly trainSequences: number;
  /** Absent until there is something to measure it by. */
  readonly sequencesPerSecond?: number | undefined;
  readonly loss?: number | undefined;
  /** In-context accuracies of the last evaluation; absent before the first. */
  readonly accuracies?: Accuracies | undefined;
  readonly isEvaluating?: boolean;
}

export interface Accuracies {
  readonly train: number;
  readonly icl: number;
  readonly ciwl: number;
  readonly flip: number;
}

/** The four accuracies of one evaluation; with 8 pairs, `train` is the set of burstiness 3, as the training data. */
export function accuraciesOf(records: readonly EvaluationRecord[]): Accuracies {
  const of = (...names: string[]) =>
    records.find(({ evaluator }) => names.includes(evaluator))?.inContextAccuracy ?? Number.NaN;
  return { train: of('train', 'trainB3'), icl: of('icl'), ciwl: of('ciwl'), flip: of('flip') };
}

/** `ICL rules`, `CIWL rules`, `no strategy yet`; empty before the first evaluation. */
export function strategyText(accuracies: Accuracies | undefined): string {
  if (!accuracies) return '';
  const strategy = dominantStrategy(accuracies.train, accuracies.flip);
  if (strategy === undefined) return '';
  return strategy === 'none' ? 'no strategy yet' : `${strategyNames[strategy]} rules`;
}

/** A duration in at most five characters: `4:05`, `2h04` from an hour, `3d02h` from two days. */
function compactDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)}d${two(hours % 24)}h`;
  return hours > 0 ? `${hours}h${two(minutes)}` : `${minutes}:${two(whole % 60)}`;
}

/** `4:05` minutes, `2:04:05` hours, `3 d 2 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

interface Part {
  readonly text: string;
  /** The same where the line is narrow: in words as short as can still be told. */
  readonly short: string;
  /** The higher, the sooner it is left out where the line is too long; 0 stays. */
  readonly expendable: number;
}

/**
 * The line, no wider than `columns`: in full where that fits, else in shorter words (80 columns hold all of them), then
 * without what matters least, one part after the other; what is still too long is cut.
 */
export function meterLine(state: MeterState, columns: number): string {
  let parts = partsOf(state).filter(({ text }) => text !== '');
  const full = parts.map(({ text }) => text).join('  ');
  if (full.length <= columns) return full;
  const short = () => parts.map((part) => part.short).join(' ');
  while (short().length > columns) {
    const most = parts.reduce((a, b) => (b.expendable > a.expendable ? b : a));
    if (most.expendable === 0) break;
    parts = parts.filter((part) => part !== most);
  }
  return short().slice(0, Math.max(0, columns));
}

/** Three decimals, or three digits of a loss that has run away. */
function formatLoss(loss: number): string {
  return Math.abs(loss) < 1e4 ? loss.toFixed(3) : loss.toExponential(2);
}

/** `.61`, `6.12`, `61.2`. */
function compactLoss(loss: number): string {
  const size = Math.abs(loss);
  if (size < 1) return formatAccuracy(loss);
  return size < 1e3 ? loss.toPrecision(3) : loss.toExponential(0);
}

/** `.93`, `1.0`. */
function compactAccuracy(value: number): string {
  return value >= 0.995 ? value.toFixed(1) : formatAccuracy(value);
}

function partsOf(state: MeterState): Part[] {
  const { sequences, trainSequences, sequencesPerSecond: rate, loss, accuracies } = state;
  const share = trainSequences > 0 ? Math.floor((100 * sequences) / trainSequences) : 100;
  const left = rate ? (trainSequences - sequences) / rate : undefined;
  const same = (text: string, expendable: number): Part => ({ text, short: text, expendable });
  const accuracy = (name: string, value: number | undefined, expendable: number): Part =>
    value === undefined || Number.isNaN(value)
      ? same('', expendable)
      : { text: `${name} ${formatAccuracy(value)}`, short: `${name}${compactAccuracy(value)}`, expendable };
  const eta =
    left === undefined
      ? { text: 'ETA -', short: 'ETA -', expendable: 4 }
      : { text: `ETA ${formatDuration(left)}`, short: compactDuration(left), expendable: 4 };
  const strategy = strategyText(accuracies);
  return [
    same(`${formatSequences(sequences)}/${formatSequences(trainSequences)}`, 0),
    same(`${Math.min(share, 100)}%`, 7),
    same(rate ? `${formatSequences(rate)}/s` : '', 8),
    state.isEvaluating ? { text: 'evaluating', short: 'eval', expendable: 4 } : eta,
    loss === undefined
      ? same('', 6)
      : { text: `loss ${formatLoss(loss)}`, short: `loss ${compactLoss(loss)}`, expendable: 6 },
    accuracy('train', accuracies?.train, 5),
    accuracy('ICL', accuracies?.icl, 2),
    accuracy('CIWL', accuracies?.ciwl, 3),
    accuracy('Flip', accuracies?.flip, 2),
    { text: strategy, short: strategy.replace('no strategy yet', 'none yet'), expendable: 1 },
  ];
}
