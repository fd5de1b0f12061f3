/** One panel of a toy run: its curves over steps, its events, and its divot circled. */
import * as Plot from '@observablehq/plot';
import { accuracyAxes, valueTicks } from '../../../src/report/axes.ts';
import { type Badge, badgesAbove } from '../../../src/report/badges.ts';
import { type EndLabel, endLabels } from '../../../src/report/end-labels.ts';
import { figureFontSize } from '../../../src/report/figure-frame.ts';
import { ink } from '../../../src/report/palette.ts';
import { cutLine, simplifyLine } from '../../../src/report/simplify-line.ts';
import { plotPanel, svgElement } from '../../../src/report/svg.ts';
import type { ToyRun } from '../../../src/toy/toy-run.ts';
import { largestSettled, raceSeries } from './race-series.ts';
import type { RaceSettings } from './race-settings.ts';

export interface RacePanel {
  readonly run: ToyRun;
  readonly settings: RaceSettings;
  readonly heading: string;
  /** Steps at the right end of the x axis. */
  readonly endStep: number;
  /** Whether the events are numbered above it and the curves named at their ends. */
  readonly labelled: boolean;
  /** Leaves out all after this step. */
  readonly lastStep?: number | undefined;
}

/** Where a panel stands, in px, its heading and axes included. */
export interface RacePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const left = 44;
const bottom = 26;

/** The numbered events of a run, in order: plateau left, mechanism 1 formed, lost. */
export function raceEvents({ plateauEnd, mechanisms }: ToyRun): readonly { number: number; step: number }[] {
  const steps = [plateauEnd, mechanisms[0].formed, mechanisms[0].lost];
  return steps.flatMap((step, i) => (step === null ? [] : [{ number: i + 1, step }]));
}

export function drawRacePanel(document: Document, panel: RacePanel, place: RacePlace): Element[] {
  const { run, settings, endStep, labelled, lastStep = Infinity } = panel;
  const { x, y, width, height } = place;
  const [top, right] = labelled ? [66, 96] : [24, 12];
  const [innerWidth, innerHeight] = [width - left - right, height - top - bottom];
  const series = raceSeries(run, settings).map(({ points, ...style }) => ({
    ...style,
    points: points.filter((point) => point.x <= lastStep),
  }));
  const largest = 1.06 * largestSettled(series);
  const toX = (step: number): number => left + (innerWidth * step) / endStep;
  const toY = (value: number): number => top + innerHeight * (1 - value / largest);
  const lines = series.map(({ points, stroke, dash }) => {
    const inPixels = cutLine(points, largest).map((point) => ({
      ...point,
      x: toX(point.x),
      y: toY(point.y),
      at: point,
    }));
    const shown = simplifyLine(inPixels, 0.2).map(({ at }) => at);
    const style = {
      stroke,
      strokeWidth: labelled ? 2 : 1.5,
      strokeDasharray: dash,
      strokeLinecap: 'butt',
    } as const;
    return Plot.line(shown, { x: 'x', y: 'y', ...style });
  });
  const events = labelled ? raceEvents(run) : [];
  const plot = plotPanel(
    document,
    { x, y },
    {
      width,
      height,
      marginTop: top,
      marginRight: right,
      marginBottom: bottom,
      marginLeft: left,
      style: { fontSize: `${figureFontSize}px` },
      x: { domain: [0, endStep], label: null },
      y: { domain: [0, largest], label: null },
      marks: [
        ...accuracyAxes({
          endSequences: endStep,
          width: innerWidth,
          fontSize: figureFontSize,
          levels: valueTicks(largest, 4),
          half: false,
        }),
        Plot.ruleX(events, { x: 'step', stroke: ink.rule, strokeDasharray: '3 3' }),
        ...lines,
      ],
    },
  );
  plot.setAttribute('font-size', String(figureFontSize));
  const over = svgElement(document, 'g', { transform: `translate(${x},${y})`, 'font-size': figureFontSize });
  const heading = { x: left, y: 13, 'font-size': labelled ? 15 : 13, 'font-weight': 600, fill: ink.text };
  over.append(svgElement(document, 'text', heading, panel.heading));
  over.append(...divotMark(document, panel, toX, toY));
  if (labelled) {
    const badges = events.map(({ number, step }): Badge => ({ number, x: toX(step) }));
    const above = svgElement(document, 'g', { transform: 'translate(0,16)' });
    above.append(...badgesAbove(document, badges, { left, right: width - right, top: top - 16 }));
    const ends = series.map(({ label, points, stroke, labelFill }): EndLabel => {
      const last = points.at(-1) ?? { x: 0, y: 0 };
      return { text: label, x: toX(last.x), y: toY(Math.min(last.y, largest)), stroke, fill: labelFill };
    });
    const frame = { fontSize: figureFontSize, top: top + 2, bottom: toY(0) - figureFontSize * 0.6 };
    over.append(above, ...endLabels(document, ends, { ...frame, right: width - right }));
  }
  return [plot, over];
}

/** A circle around the rise of mechanism 2 while mechanism 1 forms. */
function divotMark(
  document: Document,
  { run: { divots }, settings: { racing }, labelled, lastStep = Infinity }: RacePanel,
  toX: (step: number) => number,
  toY: (value: number) => number,
): Element[] {
  const divot = divots[0];
  if (!divot || divot.maximum.step > lastStep) return [];
  const { minimum, maximum } = divot;
  const [x1, x2] = [toX(minimum.step), toX(maximum.step)];
  const [y1, y2] = [toY(minimum.value + racing.mu2), toY(maximum.value + racing.mu2)];
  const [cx, cy] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const [least, margin] = labelled ? [14, 7] : [8, 5];
  const rx = Math.max(least, (x2 - x1) / 2 + margin);
  const ry = Math.max(least, (y1 - y2) / 2 + margin);
  const style = { fill: 'none', stroke: ink.text, 'stroke-width': 1.5 };
  const circle = svgElement(document, 'ellipse', { cx, cy, rx, ry, ...style });
  if (!labelled) return [circle];
  const text = { x: cx + rx + 6, y: cy - ry + 2, fill: ink.text, 'font-weight': 600 };
  return [circle, svgElement(document, 'text', text, 'the divot')];
}
