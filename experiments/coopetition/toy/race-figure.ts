/** Figures 5a, 16 and 17 of the paper, and the same of any toy runs, as SVG. Pure. */
import {
  type Block,
  type FigureOptions,
  figureFontSize,
  frameFigure,
  paragraph,
  textStyles,
} from '../../../src/report/figure-frame.ts';
import { ink } from '../../../src/report/palette.ts';
import { newDocument, svgElement } from '../../../src/report/svg.ts';
import { textWidth } from '../../../src/report/text-width.ts';
import type { ToyRun } from '../../../src/toy/toy-run.ts';
import { traceColumn } from '../../../src/toy/toy-trace.ts';
import { drawRacePanel, raceEvents, type RacePanel } from './race-panel.ts';
import { raceSeries, traced } from './race-series.ts';
import { type RaceSettings, settingsText, shortNumber } from './race-settings.ts';

export interface RaceFigure {
  readonly title: string;
  readonly settings: RaceSettings;
  /** Recorded runs, one panel each. */
  readonly runs: readonly ToyRun[];
  /** Each panel ends where the loss is first below this: afterwards only M2 and the scale of a and d change. */
  readonly untilLoss?: number;
}

const sizes = {
  wide: { width: 1180, columns: 4, panelHeight: 190, single: { width: 900, panelHeight: 430 } },
  narrow: { width: 420, columns: 1, panelHeight: 180, single: { width: 420, panelHeight: 340 } },
} as const;

const panelGap = 14;

/** The first step with a smaller loss, if there is one. */
export function firstBelow(run: ToyRun, loss: number): number | undefined {
  const trace = traced(run);
  const row = traceColumn(trace, 'loss').findIndex((value) => value < loss);
  return row < 0 ? undefined : traceColumn(trace, 'step')[row];
}

function endText({ stoppedAt, steps }: ToyRun): string {
  return stoppedAt === null ? `not in ${steps} steps` : `stops at ${stoppedAt}`;
}

/** What a panel shows, in a sentence. */
function runSentence(run: ToyRun): string {
  const { seed, plateauEnd, mechanisms, divots } = run;
  if (plateauEnd === null) return `Seed ${seed}: no mechanism forms in ${run.steps} steps.`;
  const [first, second] = mechanisms;
  const divot = divots[0];
  const parts = [
    `leaves its plateau at step ${plateauEnd}`,
    ...(first.formed === null ? ['mechanism 1 never forms'] : [`mechanism 1 formed at ${first.formed}`]),
    ...(divot
      ? [
          `divot of mechanism 2 from ${divot.minimum.step} to ${divot.maximum.step} (+${divot.rise.toPrecision(2)})`,
        ]
      : []),
    ...(second.formed === null ? [] : [`mechanism 2 formed at ${second.formed}`]),
    ...(first.lost === null ? [] : [`mechanism 1 lost at ${first.lost}`]),
  ];
  return `Seed ${seed}: ${parts.join(', ')}; ${endText(run)}.`;
}

/** Lines with their names, in a row. */
function drawKey(document: Document, figure: RaceFigure, width: number, top: number): Block {
  const elements: Element[] = [];
  let [x, y] = [12, top + 10];
  for (const { label, stroke, labelFill, dash } of raceSeries(figure.runs[0], figure.settings).toReversed()) {
    const needed = 58 + textWidth(label, figureFontSize, 600);
    if (x > 12 && x + needed > width - 12) [x, y] = [12, y + 20];
    const line = { fill: 'none', stroke, 'stroke-width': 2, 'stroke-dasharray': dash };
    elements.push(
      svgElement(document, 'path', { d: `M${x},${y}H${x + 34}`, ...line }),
      svgElement(document, 'text', { x: x + 40, y: y + 4.5, fill: labelFill, 'font-weight': 600 }, label),
    );
    x += needed;
  }
  if (figure.runs.some(({ divots }) => divots[0])) {
    const circle = { cx: x + 10, cy: y, r: 7, fill: 'none', stroke: ink.text, 'stroke-width': 1.5 };
    elements.push(
      svgElement(document, 'circle', circle),
      svgElement(document, 'text', { x: x + 24, y: y + 4.5, fill: ink.text }, 'divot of mechanism 2'),
    );
  }
  return { elements, bottom: y + 18 };
}

const eventWords: Readonly<Record<number, string>> = {
  1: 'the plateau ends (the last step at 90% of the untrained loss)',
  2: 'mechanism 1 has formed (10%)',
  3: 'mechanism 1 is lost again (back at 90%)',
};

function captions({ settings, runs, untilLoss }: RaceFigure): string[] {
  const { steps, stop } = settings.descent;
  const events = runs.length === 1 ? raceEvents(runs[0]) : [];
  const numbered = events.map(({ number, step }) => `${number} ${eventWords[number]}: step ${step}`);
  return [
    ...(numbered.length === 0 ? [] : [`${numbered.join('; ')}.`]),
    'M1 (in-context learning) = 1/2 mean((a* b* c* - a b c)^2) and M2 (context-constrained in-weights learning) the same ' +
      'of d, b and c, as tensor products; C = 1/2 mean((a d)^2). The loss is (M1 + mu1) (M2 + mu2) + alpha C.',
    `${settingsText(settings)}; gradient descent in float64, at most ${steps} steps, stopped below ${shortNumber(stop)}.` +
      (untilLoss === undefined
        ? ''
        : ` Each panel ends where the loss is first below ${shortNumber(untilLoss)}.`),
  ];
}

/** The figure, of at least one recorded run: with one run, its events numbered; with several, a panel each. */
export function drawRaces(figure: RaceFigure, options: FigureOptions = {}): string {
  const { layout = 'wide', standalone = true, id = 'toy' } = options;
  const { settings, runs, untilLoss } = figure;
  const single = runs.length === 1;
  const { columns } = sizes[layout];
  const { width, panelHeight } = single ? sizes[layout].single : sizes[layout];
  const document = newDocument();
  const lastSteps = runs.map((run) => (untilLoss === undefined ? undefined : firstBelow(run, untilLoss)));
  const endStep = Math.max(1, ...runs.map(({ steps }, i) => lastSteps[i] ?? steps - 1));
  const elements: Element[] = [];
  const add = (block: Block): number => {
    elements.push(...block.elements);
    return block.bottom;
  };
  let y = 4;
  if (standalone) y = add(paragraph(document, figure.title, textStyles.title, width, 10)) + 6;
  if (!single) y = add(drawKey(document, figure, width, y)) + 8;
  const place = (i: number) => ({
    x: single ? 0 : (i % columns) * (width / columns),
    y: y + (single ? 0 : Math.floor(i / columns) * (panelHeight + panelGap)),
    width: single ? width : width / columns,
    height: panelHeight,
  });
  runs.forEach((run, i) => {
    const heading = `seed ${run.seed}: ${endText(run)}`;
    const panel: RacePanel = { run, settings, heading, endStep, labelled: single, lastStep: lastSteps[i] };
    elements.push(...drawRacePanel(document, panel, place(i)));
  });
  const below = place(runs.length - 1).y + panelHeight;
  y = add(paragraph(document, single ? 'x axis: step' : 'x axes: step', textStyles.note, width, below + 6));
  if (standalone) {
    for (const caption of captions(figure))
      y = add(paragraph(document, caption, textStyles.caption, width, y + 2));
  }
  const description = runs.map(runSentence).join(' ');
  return frameFigure(
    document,
    { width, height: Math.ceil(y + 8), standalone, id, title: figure.title, description },
    elements,
  );
}
