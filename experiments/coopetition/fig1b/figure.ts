/**
 * Figure 1b as SVG: a pure function of the metrics table and of what is known about the run.
 *
 * At the paper's scale its digitised curves lie behind ours as thin lines. At the others the x axis differs by design
 * (another rate, fewer sequences), so the paper's figure stands beside ours on its own axis.
 */
import {
  type Block,
  type FigureOptions,
  frameFigure,
  paragraph,
  textStyles,
} from '../../../src/report/figure-frame.ts';
import { formatAccuracy, formatSequences } from '../../../src/report/format.ts';
import { type MetricsTable, setSizes } from '../../../src/report/metrics-table.ts';
import { newDocument } from '../../../src/report/svg.ts';
import { paperSequences } from '../data/paper-curve.ts';
import type { RunInfo } from '../scale.ts';
import { fig1bMoments, type MomentsFound, paperMoments } from './fig1b-moments.ts';
import {
  endOf,
  type Fig1bCurves,
  fig1bEvaluators,
  paperFig1bCurves,
  runCurves,
  seriesStyles,
} from './series.ts';
import { type Drawing, drawTitledPanel, titledPanelHeight } from './titled-panel.ts';
import {
  measuresSentence,
  momentsSentence,
  seedsSentence,
  sourceSentence,
  titleSentence,
} from './wording.ts';

const sizes = {
  narrow: { width: 420, panelHeight: 340, paperPanelHeight: 290 },
  /** Two panels side by side. */
  beside: { width: 1180, mainWidth: 735, panelHeight: 430 },
  /** One panel, the paper's curves in it. */
  overlay: { width: 980, panelHeight: 430 },
} as const;

/** The run's length as a heading tells it: planned, and how much of it there is so far. */
function lengthText(info: RunInfo, curves: Fig1bCurves): string {
  const seen = formatSequences(endOf(curves));
  const planned = formatSequences(info.trainSequences);
  return endOf(curves) >= info.trainSequences || seen === planned
    ? `${seen} sequences`
    : `${seen} of ${planned} sequences`;
}

function drawings(
  info: RunInfo,
  curves: Fig1bCurves,
  found: MomentsFound,
): { ours: Drawing; theirs?: Drawing } {
  const endSequences = Math.max(info.trainSequences, endOf(curves), 1);
  const length = lengthText(info, curves);
  const ours = { curves, moments: found.moments, lineWidth: 2.2 };
  if (info.scale === 'paper') {
    return {
      ours: {
        ...ours,
        heading: `This run (thick; ${length}) and the paper (thin; digitised)`,
        endSequences: Math.max(endSequences, paperSequences),
        behind: paperFig1bCurves(),
      },
    };
  }
  return {
    ours: { ...ours, heading: `This run: ${length}`, endSequences },
    theirs: {
      heading: `The paper (digitised): ${formatSequences(paperSequences)} sequences`,
      curves: paperFig1bCurves(),
      moments: paperMoments().moments,
      endSequences: paperSequences,
      lineWidth: 1.4,
    },
  };
}

/** The panels from `top` down: beside each other, below each other, or one. */
function panels(
  document: Document,
  { ours, theirs }: { ours: Drawing; theirs?: Drawing },
  narrow: boolean,
  top: number,
): Block {
  if (narrow) {
    const main = { width: sizes.narrow.width, panelHeight: sizes.narrow.panelHeight };
    const below = top + titledPanelHeight(ours, main);
    const elements = drawTitledPanel(document, ours, { ...main, x: 0, y: top });
    if (theirs === undefined) return { elements, bottom: below };
    const second = { width: sizes.narrow.width, panelHeight: sizes.narrow.paperPanelHeight };
    const y = below + 14;
    return {
      elements: [...elements, ...drawTitledPanel(document, theirs, { ...second, x: 0, y })],
      bottom: y + titledPanelHeight(theirs, second),
    };
  }
  const { panelHeight } = sizes.beside;
  const mainWidth = theirs === undefined ? sizes.overlay.width : sizes.beside.mainWidth;
  const elements = drawTitledPanel(document, ours, { x: 0, y: top, width: mainWidth, panelHeight });
  const bottom = top + titledPanelHeight(ours, { width: mainWidth, panelHeight });
  if (theirs === undefined) return { elements, bottom };
  const beside = { x: mainWidth, y: top, width: sizes.beside.width - mainWidth, panelHeight };
  return { elements: [...elements, ...drawTitledPanel(document, theirs, beside)], bottom };
}

/** What the figure shows, in words, for those who cannot see it. */
function description(curves: Fig1bCurves, { moments, ciwlLevel }: MomentsFound): string {
  const ends = fig1bEvaluators.flatMap((evaluator) => {
    const last = curves[evaluator].at(-1);
    return last === undefined ? [] : [`${seriesStyles[evaluator].name} ${formatAccuracy(last.value)}`];
  });
  if (ends.length === 0) return 'No evaluation yet.';
  const end = `At the last evaluation (${formatSequences(endOf(curves))} sequences): ${ends.join(', ')}.`;
  return `${end} ${momentsSentence(moments, ciwlLevel, endOf(curves))}`;
}

/** The figure of one run, as SVG. An empty table gives empty axes that say so. */
export function drawFig1b(table: MetricsTable, info: RunInfo, options: FigureOptions = {}): string {
  const { layout = 'wide', standalone = true, id = 'fig1b' } = options;
  const narrow = layout === 'narrow';
  const document = newDocument();
  const curves = runCurves(table);
  const found = fig1bMoments(curves, info.scale);
  const shown = drawings(info, curves, found);
  const width = narrow
    ? sizes.narrow.width
    : shown.theirs === undefined
      ? sizes.overlay.width
      : sizes.beside.width;

  const elements: Element[] = [];
  const add = (block: Block): number => {
    elements.push(...block.elements);
    return block.bottom;
  };
  let y = 4;
  if (standalone) {
    y = add(paragraph(document, titleSentence(info), textStyles.title, width, 10));
    y =
      add(
        paragraph(
          document,
          `${sourceSentence(info)}. ${seedsSentence(info)}.`,
          textStyles.subtitle,
          width,
          y,
        ),
      ) + 16;
  }
  y = add(panels(document, shown, narrow, y));
  if (standalone) {
    const moments = momentsSentence(found.moments, found.ciwlLevel, endOf(curves));
    y = add(paragraph(document, moments, textStyles.caption, width, y + 8));
    const measures = measuresSentence(info, setSizes(table, fig1bEvaluators));
    y = add(paragraph(document, measures, textStyles.note, width, y));
  }
  const height = Math.ceil(y + 8);
  const frame = { width, height, standalone, id };
  return frameFigure(
    document,
    { ...frame, title: titleSentence(info), description: description(curves, found) },
    elements,
  );
}
