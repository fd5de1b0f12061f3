/** The axes of every panel of accuracies over sequences seen, and of losses over steps. */
import * as Plot from '@observablehq/plot';
import { formatAccuracy, formatSequences } from './format.ts';
import { ink } from './palette.ts';

/** Ticks a reader can name: 1, 2, 2.5 or 5 times a power of ten apart, at most `most` of them after 0. */
export function sequenceTicks(end: number, most: number): number[] {
  let power = 1;
  while (power * 10 <= end / most) power *= 10;
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => end / size <= most) ?? end;
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** As `sequenceTicks`, for values that need not be whole, down to thousandths. */
export function valueTicks(end: number, most: number): number[] {
  return sequenceTicks(1000 * end, most).map((thousandths) => thousandths / 1000);
}

interface AxesOptions {
  /** Sequences, or steps, at the right end of the x axis. */
  readonly endSequences: number;
  /** Width in px between the axes' ends. */
  readonly width: number;
  readonly fontSize: number;
  /** Accuracies with a line and a number, 0 first. */
  readonly levels?: readonly number[];
  /** Whether .5 is worth a line of its own. */
  readonly half?: boolean;
}

const tenths = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;

/** Grid and axes, to be drawn before any data. */
export function accuracyAxes(options: AxesOptions): Plot.Markish[] {
  const { endSequences, width, fontSize, levels = tenths, half = true } = options;
  const ticks = sequenceTicks(endSequences, Math.max(2, Math.floor(width / (4.2 * fontSize))));
  const digits = decimalsOf(levels[1] ?? 0);
  return [
    Plot.gridY(levels.slice(1), { stroke: ink.grid, strokeOpacity: 1 }),
    Plot.ruleY([0], { stroke: ink.rule }),
    ...(half ? [Plot.ruleY([0.5], { stroke: ink.rule, strokeDasharray: '1 3' })] : []),
    Plot.axisX(ticks, { tickFormat: formatSequences, color: ink.muted, tickSize: 4, fontSize }),
    Plot.axisY(levels, {
      tickFormat: (value: number) =>
        value === 0 || value === 1 ? String(value) : formatAccuracy(value, digits),
      color: ink.muted,
      tickSize: 0,
      fontSize,
    }),
  ];
}

/** How many decimals a step between levels needs, at most 3. */
function decimalsOf(step: number): number {
  return (
    [0, 1, 2].find((digits) => Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-9) ?? 3
  );
}

/** Levels from 0 to at least `largest` in steps a reader can name, for accuracies that stay small; to 1 above .4. */
export function levelsUpTo(largest: number): readonly number[] {
  const step = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1].find((size) => largest <= 4 * size);
  if (step === undefined) return tenths;
  const count = Math.max(2, Math.ceil(largest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toFixed(3)));
}
