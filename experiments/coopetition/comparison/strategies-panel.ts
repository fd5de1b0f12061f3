/** The panel of a comparison that says which strategy rules when: one strip per run. */
import { strategyNames } from '../../../src/evaluate/dominant-strategy.ts';
import { sequenceTicks } from '../../../src/report/axes.ts';
import { figureFontSize } from '../../../src/report/figure-frame.ts';
import { formatSequences } from '../../../src/report/format.ts';
import { ink } from '../../../src/report/palette.ts';
import { svgElement } from '../../../src/report/svg.ts';
import { textWidth } from '../../../src/report/text-width.ts';
import { visibleLine } from '../../../src/report/visible-text.ts';
import { runCurves } from '../fig1b/series.ts';
import { strategySpans } from '../fig1b/strategy-spans.ts';
import { spanFills } from '../fig1b/strip.ts';
import type { RunGroup } from './groups.ts';
import { type PanelPlace, panelLeft } from './panel.ts';
import { seriesStyle } from './series-style.ts';

const headingHeight = 26;
const axisHeight = 26;
const tallestStrip = 26;
/** Groups stand a little apart. */
const groupGap = 6;
/** Room in px that the name of a run may take. */
const widestName = 130;
/** More strips than this would be hairlines. */
const mostStrips = 20;

/** Whether there is anything to draw, and few enough runs to draw it. */
export function hasStrategies(groups: readonly RunGroup[]): boolean {
  const runs = groups.flatMap((group) => group.runs);
  return runs.length <= mostStrips && runs.some(({ table }) => strategySpans(runCurves(table)).length > 0);
}

/** Height in px of a panel with a strip for every run, at most `most`. */
export function strategiesHeight(groups: readonly RunGroup[], most: number): number {
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0);
  return Math.min(most, headingHeight + runs * tallestStrip + (groups.length - 1) * groupGap + axisHeight);
}

interface StripLabels {
  /** What stands beside the strips of each run or, where names are too long, of each group. */
  readonly texts: readonly string[];
  readonly perRun: boolean;
  /** Room in px for the widest. */
  readonly room: number;
}

/** Runs by name where all names are short, else groups by what stands for them in the other panels. */
function labelStrips(groups: readonly RunGroup[], groupLabels: readonly string[]): StripLabels {
  const names = groups.flatMap((group) => group.runs.map(({ info }) => visibleLine(info.name)));
  const roomFor = (texts: readonly string[]): number =>
    16 + Math.max(...texts.map((text) => textWidth(text, figureFontSize, 600)));
  if (roomFor(names) <= widestName) return { texts: names, perRun: true, room: roomFor(names) };
  return { texts: groups.length === 1 ? [''] : groupLabels, perRun: false, room: roomFor(groupLabels) };
}

/** @param groupLabels what stands at the end of each group's line in the other panels */
export function drawStrategies(
  document: Document,
  groups: readonly RunGroup[],
  groupLabels: readonly string[],
  endSequences: number,
  place: Omit<PanelPlace, 'right'>,
): Element[] {
  const { x, y, width, height } = place;
  const fontSize = figureFontSize;
  const { texts, perRun, room } = labelStrips(groups, groupLabels);
  const innerWidth = width - panelLeft - room;
  const innerHeight = height - headingHeight - axisHeight;
  const toX = (sequences: number): number => panelLeft + (innerWidth * sequences) / endSequences;
  const rows = groups.flatMap((group, i) => group.runs.map((run) => ({ run, group: i })));
  const gaps = (groups.length - 1) * groupGap;
  const rowHeight = Math.min(tallestStrip, (innerHeight - gaps) / rows.length);
  const topOf = (row: number, group: number): number => headingHeight + row * rowHeight + groupGap * group;
  const panel = svgElement(document, 'g', { transform: `translate(${x},${y})`, 'font-size': fontSize });
  const addText = (attributes: Readonly<Record<string, string | number>>, content: string): void =>
    panel.append(svgElement(document, 'text', attributes, content));
  addText({ x: panelLeft, y: 13, 'font-size': 15, 'font-weight': 600, fill: ink.text }, 'dominant strategy');
  rows.forEach(({ run, group }, i) => {
    const top = topOf(i, group);
    const thickness = Math.max(1, rowHeight - 2);
    for (const span of strategySpans(runCurves(run.table))) {
      const [from, to] = [toX(span.from), toX(span.to)];
      const { fill, text } = spanFills[span.strategy];
      panel.append(
        svgElement(document, 'rect', { x: from, y: top, width: to - from, height: thickness, fill }),
      );
      const name = strategyNames[span.strategy];
      if (rowHeight < fontSize + 2 || to - from < textWidth(name, fontSize, 600)) continue;
      const middle = { x: (from + to) / 2, y: top + thickness / 2 + fontSize * 0.34 };
      addText({ ...middle, 'text-anchor': 'middle', fill: text, 'font-weight': 600 }, name);
    }
  });
  const addLabel = (text: string, group: number, middle: number): void =>
    addText(
      {
        x: width - room + 10,
        y: middle + fontSize * 0.3,
        fill: seriesStyle(group).labelFill,
        'font-weight': 600,
        'font-size': Math.min(fontSize, perRun ? rowHeight : fontSize),
      },
      text,
    );
  if (perRun) rows.forEach(({ group }, i) => addLabel(texts[i], group, topOf(i + 0.5, group) - 1));
  else {
    groups.forEach(({ runs }, i) => {
      const first = rows.findIndex(({ group }) => group === i);
      addLabel(texts[i], i, topOf(first + runs.length / 2, i));
    });
  }
  const axisY = headingHeight + rows.length * rowHeight + gaps + 16;
  for (const tick of sequenceTicks(endSequences, Math.max(2, Math.floor(innerWidth / (4.2 * fontSize))))) {
    addText({ x: toX(tick), y: axisY, 'text-anchor': 'middle', fill: ink.muted }, formatSequences(tick));
  }
  return [panel];
}
