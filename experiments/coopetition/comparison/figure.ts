/** Several runs in one figure, as SVG: one panel per evaluator, and which strategy rules in each run. Pure. */
import { formatAccuracy } from '../../../src/report/format.ts';
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
import { textWidth, wrapText } from '../../../src/report/text-width.ts';
import { visibleLine } from '../../../src/report/visible-text.ts';
import { comparedEvaluators, type GroupCurves, groupCurves } from './group-curves.ts';
import { labelGroups } from './group-labels.ts';
import type { RunGroup } from './groups.ts';
import { type ComparisonPanel, drawComparisonPanel } from './panel.ts';
import { seriesStyle } from './series-style.ts';
import { drawStrategies, hasStrategies, strategiesHeight } from './strategies-panel.ts';
import { captionSentences, differencesSentence, endOfAll, titleSentence } from './wording.ts';

const sizes = {
  wide: { width: 1180, columns: 3, panelHeight: 270 },
  narrow: { width: 420, columns: 1, panelHeight: 250 },
} as const;

/** Between rows of panels, in px. */
const panelGap = 16;

/** Letters, lines and names in full, above the panels they speak of. */
function drawKey(
  document: Document,
  groups: readonly RunGroup[],
  letters: readonly string[],
  width: number,
  top: number,
): Block {
  const line = 20;
  const elements: Element[] = [];
  let [x, y] = [12, top];
  groups.forEach((group, i) => {
    const { stroke, labelFill, dash } = seriesStyle(i);
    const name = `${visibleLine(group.label)}${group.runs.length > 1 ? ` (${group.runs.length} seeds)` : ''}`;
    const lines = wrapText(name, figureFontSize, width - 24 - 58);
    const needed = 58 + Math.max(...lines.map((text) => textWidth(text, figureFontSize)));
    if (x > 12 && x + needed > width - 12) [x, y] = [12, y + line];
    const middle = y + 10;
    elements.push(
      svgElement(document, 'text', { x, y: middle + 4.5, fill: labelFill, 'font-weight': 600 }, letters[i]),
      svgElement(document, 'path', {
        d: `M${x + 16},${middle}H${x + 46}`,
        fill: 'none',
        stroke,
        'stroke-width': 2.2,
        'stroke-dasharray': dash,
      }),
      ...lines.map((text, row) =>
        svgElement(document, 'text', { x: x + 52, y: middle + 4.5 + row * line, fill: ink.text }, text),
      ),
    );
    y += (lines.length - 1) * line;
    x = lines.length > 1 ? width : x + needed + 14;
  });
  return { elements, bottom: y + line + 8 };
}

/** What the figure shows, in words, for those who cannot see it. */
function description(panels: readonly ComparisonPanel[], groups: readonly RunGroup[]): string {
  const last = ({ runs, mean }: GroupCurves): string => {
    const point = (runs.length < 2 ? runs[0] : mean)?.at(-1);
    return point === undefined ? 'not measured' : formatAccuracy(point.value);
  };
  const lines = groups.map((group, i) => {
    const values = panels.map(({ evaluator, curves }) => `${evaluator.displayName} ${last(curves[i])}`);
    return `${visibleLine(group.label)}: ${values.join(', ')}.`;
  });
  return `${differencesSentence(groups)} At the last evaluation (of a group: its mean at the last shared one): ${lines.join(' ')}`;
}

/** The figure, of at least one group. */
export function drawComparison(groups: readonly RunGroup[], options: FigureOptions = {}): string {
  const { layout = 'wide', standalone = true, id = 'runs' } = options;
  const { width, columns, panelHeight } = sizes[layout];
  const document = newDocument();
  const runs = groups.flatMap((group) => group.runs);
  const evaluators = comparedEvaluators(runs);
  const endSequences = endOfAll(groups);
  const labels = labelGroups(groups);
  const half = runs.every(({ config }) => config.data.contextPairs === 2);
  const panels = evaluators.map((evaluator): ComparisonPanel => {
    const curves = groups.map((group) => groupCurves(group, evaluator));
    return { evaluator, curves, labels: labels.texts, endSequences, half };
  });

  const elements: Element[] = [];
  const add = (block: Block): number => {
    elements.push(...block.elements);
    return block.bottom;
  };
  let y = 4;
  if (standalone) {
    y = add(paragraph(document, titleSentence(groups), textStyles.title, width, 10));
    y = add(paragraph(document, differencesSentence(groups), textStyles.subtitle, width, y)) + 14;
  }
  if (labels.keyed) y = add(drawKey(document, groups, labels.texts, width, y)) + 6;
  const height = Math.max(panelHeight, 70 + 15 * groups.length);
  const place = (i: number) => ({
    x: (i % columns) * (width / columns),
    y: y + Math.floor(i / columns) * (height + panelGap),
    width: width / columns,
    height,
  });
  panels.forEach((panel, i) => {
    elements.push(...drawComparisonPanel(document, panel, { ...place(i), right: labels.room }));
  });
  let below = place(panels.length - 1).y + height;
  if (hasStrategies(groups)) {
    const last = { ...place(panels.length), height: strategiesHeight(groups, height) };
    elements.push(...drawStrategies(document, groups, labels.texts, endSequences, last));
    below = Math.max(below, last.y + last.height);
  }
  y = add(paragraph(document, 'x axes: sequences seen', textStyles.note, width, below + 8));
  if (standalone) {
    for (const sentence of captionSentences(groups, evaluators)) {
      y = add(paragraph(document, sentence, textStyles.caption, width, y + 2));
    }
  }
  const frame = { width, height: Math.ceil(y + 8), standalone, id };
  return frameFigure(
    document,
    { ...frame, title: titleSentence(groups), description: description(panels, groups) },
    elements,
  );
}
