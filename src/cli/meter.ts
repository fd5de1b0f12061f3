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
  /** The higher, the sooner it is left out where the line is too long; 0 stays. */
  readonly expendable: number;
}

/** The line, no wider than `columns`: what matters least is left out first, what is still too long is cut. */
export function meterLine(state: MeterState, columns: number): string {
  let parts = partsOf(state).filter(({ text }) => text !== '');
  const joined = () => parts.map(({ text }) => text).join('  ');
  while (joined().length > columns) {
    const most = Math.max(...parts.map(({ expendable }) => expendable));
    if (most === 0) break;
    parts = parts.filter(({ expendable }) => expendable !== most);
  }
  return joined().slice(0, Math.max(0, columns));
}

/** Three decimals, or three digits of a loss that has run away. */
function formatLoss(loss: number): string {
  return Math.abs(loss) < 1e4 ? loss.toFixed(3) : loss.toExponential(2);
}

function partsOf(state: MeterState): Part[] {
  const { sequences, trainSequences, sequencesPerSecond: rate, loss, accuracies } = state;
  const share = trainSequences > 0 ? Math.floor((100 * sequences) / trainSequences) : 100;
  const left = rate ? formatDuration((trainSequences - sequences) / rate) : '-';
  const accuracy = (name: string, value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? '' : `${name} ${formatAccuracy(value)}`;
  return [
    { text: `${formatSequences(sequences)}/${formatSequences(trainSequences)}`, expendable: 0 },
    { text: `${Math.min(share, 100)}%`, expendable: 6 },
    { text: rate ? `${formatSequences(rate)}/s` : '', expendable: 7 },
    { text: state.isEvaluating ? 'evaluating' : `ETA ${left}`, expendable: 3 },
    { text: loss === undefined ? '' : `loss ${formatLoss(loss)}`, expendable: 5 },
    { text: accuracy('train', accuracies?.train), expendable: 4 },
    { text: accuracy('ICL', accuracies?.icl), expendable: 2 },
    { text: accuracy('CIWL', accuracies?.ciwl), expendable: 2 },
    { text: accuracy('Flip', accuracies?.flip), expendable: 2 },
    { text: strategyText(accuracies), expendable: 1 },
  ];
}
