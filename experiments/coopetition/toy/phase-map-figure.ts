/** The phase map as SVG: one panel per seed and size of d, regimes as fills, the border of transience as a line. Pure. */
import {
  type Block,
  type FigureOptions,
  figureFontSize,
  frameFigure,
  paragraph,
  textStyles,
} from '../../../src/report/figure-frame.ts';
import { bandFill, ink, labelInk, okabeIto } from '../../../src/report/palette.ts';
import { newDocument, svgElement } from '../../../src/report/svg.ts';
import { textWidth } from '../../../src/report/text-width.ts';
import { formedShare, lostShare } from '../../../src/toy/events.ts';
import { type Regime, regimes } from '../../../src/toy/regime.ts';
import {
  axisValues,
  countRegimes,
  type PhaseMap,
  type PhaseMapSettings,
  type PhasePanel,
  transienceSpans,
} from './phase-map.ts';
import { cellSpans, middleOf, outline } from './phase-regions.ts';
import { paperRace, shortNumber } from './race-settings.ts';

interface RegimeStyle {
  readonly name: string;
  /** Within its region, for readers without colour. */
  readonly letter: string;
  readonly fill: string;
  readonly text: string;
}

export const regimeStyles: Readonly<Record<Regime, RegimeStyle>> = {
  noEscape: { name: 'neither forms', letter: '0', fill: bandFill.light, text: ink.text },
  stays: {
    name: 'mechanism 1 formed, still alone at the end',
    letter: '1',
    fill: okabeIto.blue,
    text: ink.paper,
  },
  both: { name: 'both there at the end', letter: '1+2', fill: okabeIto.sky, text: ink.text },
  transient: { name: 'mechanism 1 is transient', letter: 'T', fill: okabeIto.orange, text: labelInk.black },
  secondAtOnce: { name: 'mechanism 2 alone forms', letter: '2', fill: bandFill.middle, text: ink.text },
  diverges: { name: 'the rate is too large', letter: 'x', fill: ink.paper, text: ink.muted },
};

const sizes = {
  wide: { width: 1080, columns: 3 },
  narrow: { width: 420, columns: 1 },
} as const;

const margins = { left: 58, right: 14, top: 26, bottom: 30 } as const;
const panelGap = 16;

/** Powers of ten within an axis. */
function decades([least, greatest]: readonly [number, number]): number[] {
  const powers = Array.from({ length: 41 }, (_, i) => Number(`1e${i - 20}`));
  return powers.filter((value) => value >= least * (1 - 1e-9) && value <= greatest * (1 + 1e-9));
}

/** Place of a value along an axis in cells: the values of cells lie in their middles. */
function cellsAt([least, greatest]: readonly [number, number], cells: number, value: number): number {
  const ratio = Math.log(greatest / least);
  return ratio === 0 ? 0.5 : (Math.log(value / least) / ratio) * (cells - 1) + 0.5;
}

interface PanelFrame {
  readonly x: number;
  readonly y: number;
  /** Side of the square of cells, in px. */
  readonly side: number;
}

function drawPanel(document: Document, map: PhaseMap, panel: PhasePanel, frame: PanelFrame): Element {
  const { settings } = map;
  const size = frame.side / settings.cells;
  const toX = (cells: number): number => margins.left + cells * size;
  const toY = (cells: number): number => margins.top + frame.side - cells * size;
  const group = svgElement(document, 'g', {
    transform: `translate(${frame.x},${frame.y})`,
    'font-size': figureFontSize,
  });
  const heading = { x: margins.left, y: 14, 'font-weight': 600, fill: ink.text };
  group.append(svgElement(document, 'text', heading, `dim d = ${panel.d}, seed ${panel.seed}`));
  for (const { regime, row, first, count } of cellSpans(panel.rows)) {
    // A hair wider than it is, so that no paper shows between neighbours.
    const box = { x: toX(first), y: toY(row + 1), width: count * size + 0.3, height: size + 0.3 };
    const style = { fill: regimeStyles[regime].fill, 'shape-rendering': 'crispEdges' };
    group.append(svgElement(document, 'rect', { ...box, ...style }));
  }
  const edges = outline(panel.rows, 'transient')
    .map(({ x1, y1, x2, y2 }) => `M${toX(x1)},${toY(y1)}L${toX(x2)},${toY(y2)}`)
    .join('');
  const line = { fill: 'none', stroke: ink.text, 'stroke-width': 1.8, 'stroke-linecap': 'square' };
  if (edges !== '') group.append(svgElement(document, 'path', { d: edges, ...line }));
  group.append(...axes(document, settings, frame.side, toX, toY));
  group.append(...paperMark(document, settings, panel, toX, toY));
  for (const regime of regimes) {
    const middle = middleOf(panel.rows, regime);
    if (middle === undefined || middle.side * size < 16) continue;
    const { letter, text } = regimeStyles[regime];
    const at = { x: toX(middle.x), y: toY(middle.y) + 5, 'text-anchor': 'middle' };
    group.append(svgElement(document, 'text', { ...at, 'font-weight': 600, fill: text }, letter));
  }
  return group;
}

function axes(
  document: Document,
  { mu1, alpha, cells }: PhaseMapSettings,
  side: number,
  toX: (cells: number) => number,
  toY: (cells: number) => number,
): Element[] {
  const muted = { fill: ink.muted };
  const bottom = margins.top + side;
  const rule = { fill: 'none', stroke: ink.rule };
  const elements: Element[] = [];
  for (const value of decades(mu1)) {
    const x = toX(cellsAt(mu1, cells, value));
    const label = { x, y: bottom + 17, 'text-anchor': 'middle', ...muted };
    elements.push(
      svgElement(document, 'path', { d: `M${x},${bottom}v4`, ...rule }),
      svgElement(document, 'text', label, shortNumber(value)),
    );
  }
  for (const value of decades(alpha)) {
    const y = toY(cellsAt(alpha, cells, value));
    const label = { x: margins.left - 7, y: y + 4.5, 'text-anchor': 'end', ...muted };
    elements.push(
      svgElement(document, 'path', { d: `M${margins.left},${y}h-4`, ...rule }),
      svgElement(document, 'text', label, shortNumber(value)),
    );
  }
  const name = { 'font-style': 'italic', ...muted };
  elements.push(
    svgElement(
      document,
      'text',
      { x: margins.left + side, y: bottom + 29, 'text-anchor': 'end', ...name },
      'mu1',
    ),
    svgElement(document, 'text', { x: 4, y: margins.top + 5, ...name }, 'alpha'),
  );
  return elements;
}

/** A cross where the paper's figures are, in the panels that have its size of d. */
function paperMark(
  document: Document,
  { mu1, alpha, cells, dims }: PhaseMapSettings,
  { d }: PhasePanel,
  toX: (cells: number) => number,
  toY: (cells: number) => number,
): Element[] {
  const { racing } = paperRace;
  const within = ([least, greatest]: readonly [number, number], value: number) =>
    value >= least && value <= greatest;
  if ([...dims, d].some((dim, i) => dim !== racing.dims[i])) return [];
  if (!within(mu1, racing.mu1) || !within(alpha, racing.alpha)) return [];
  const [x, y] = [toX(cellsAt(mu1, cells, racing.mu1)), toY(cellsAt(alpha, cells, racing.alpha))];
  const cross = {
    d: `M${x - 5},${y}h10M${x},${y - 5}v10`,
    fill: 'none',
    stroke: ink.text,
    'stroke-width': 2,
  };
  return [svgElement(document, 'path', cross)];
}

function drawKey(document: Document, map: PhaseMap, width: number, top: number): Block {
  const present = regimes.filter((regime) => map.panels.some((panel) => countRegimes(panel)[regime] > 0));
  const elements: Element[] = [];
  let [x, y] = [12, top];
  for (const regime of present) {
    const { name, letter, fill } = regimeStyles[regime];
    const label = `${letter}  ${name}`;
    const needed = 44 + textWidth(label, figureFontSize);
    if (x > 12 && x + needed > width - 12) [x, y] = [12, y + 22];
    const box = { x, y, width: 22, height: 15, fill, stroke: ink.rule, 'stroke-width': 0.8 };
    elements.push(
      svgElement(document, 'rect', box),
      svgElement(document, 'text', { x: x + 29, y: y + 12, fill: ink.text }, label),
    );
    x += needed;
  }
  return { elements, bottom: y + 22 };
}

const percent = (share: number): string => `${Math.round(100 * share)}%`;

function captions({ settings, panels }: PhaseMap): string[] {
  const { dims, descent, mu2, cells } = settings;
  const hasPaper = panels.some(({ d }) => [...dims, d].every((dim, i) => dim === paperRace.racing.dims[i]));
  return [
    `Each cell is one run of at most ${descent.steps} steps at rate ${shortNumber(descent.rate)}, stopped below ` +
      `${shortNumber(descent.stop)}. A mechanism has formed once its loss is at most ${percent(formedShare)} of its ` +
      `untrained loss, and is lost once it is back at ${percent(lostShare)}. Transient (T): formed, then lost within ` +
      'the run. The black line is where transience begins and vanishes.',
    'Right of T and above it mechanism 2 wins before mechanism 1 forms. Left of T and below it the run ends before ' +
      'mechanism 1 is gone: with more steps and a lower stop T grows there, for its loss is not zero while mu1 is not ' +
      '(docs/toy.md).',
    `dims of a, b, c: ${dims.join(', ')}${mu2 === 0 ? '' : `; mu2 ${shortNumber(mu2)}`}; ${cells} by ${cells} cells, ` +
      `axes logarithmic.${hasPaper ? " The cross is the paper's setting, mu1 .1 and alpha .1." : ''}`,
  ];
}

/** In words, for those who cannot see it. */
function description(map: PhaseMap): string {
  return map.panels
    .map((panel) => {
      const counts = countRegimes(panel);
      const cells = regimes
        .filter((regime) => counts[regime] > 0)
        .map((regime) => `${regimeStyles[regime].name} in ${counts[regime]}`);
      const spans = transienceSpans(map, panel);
      const alphas = spans.map(({ alpha }) => alpha);
      const where =
        spans.length === 0
          ? ''
          : ` Transience between alpha ${Math.min(...alphas).toPrecision(2)} and ${Math.max(...alphas).toPrecision(2)}.`;
      return `dim d ${panel.d}, seed ${panel.seed}: of ${map.settings.cells ** 2} cells ${cells.join(', ')}.${where}`;
    })
    .join(' ');
}

export function drawPhaseMap(map: PhaseMap, options: FigureOptions = {}): string {
  const { layout = 'wide', standalone = true, id = 'toy-map' } = options;
  const { width } = sizes[layout];
  const columns = layout === 'narrow' ? 1 : Math.min(sizes.wide.columns, map.settings.dimsOfD.length);
  const document = newDocument();
  const panelWidth = width / columns;
  const most = Math.min(420, panelWidth - margins.left - margins.right);
  // Whole pixels to a cell where there is room.
  const side = map.settings.cells * Math.max(1, Math.floor(most / map.settings.cells));
  const panelHeight = side + margins.top + margins.bottom;
  const title = 'Where in-context learning is transient in the toy model';
  const elements: Element[] = [];
  const add = (block: Block): number => {
    elements.push(...block.elements);
    return block.bottom;
  };
  let y = 4;
  if (standalone) y = add(paragraph(document, title, textStyles.title, width, 10)) + 10;
  y = add(drawKey(document, map, width, y)) + 10;
  map.panels.forEach((panel, i) => {
    const at = { x: (i % columns) * panelWidth, y: y + Math.floor(i / columns) * (panelHeight + panelGap) };
    elements.push(drawPanel(document, map, panel, { ...at, side }));
  });
  y += Math.ceil(map.panels.length / columns) * (panelHeight + panelGap);
  if (standalone) {
    for (const caption of captions(map))
      y = add(paragraph(document, caption, textStyles.caption, width, y + 3));
  }
  const frame = { width, height: Math.ceil(y + 8), standalone, id };
  return frameFigure(document, { ...frame, title, description: description(map) }, elements);
}

/** Every cell of a map, a row each. */
export function phaseMapRows(map: PhaseMap): { header: string[]; rows: (string | number)[][] } {
  const { settings, panels } = map;
  const [mu1, alpha] = [axisValues(settings.mu1, settings.cells), axisValues(settings.alpha, settings.cells)];
  const rows = panels.flatMap(({ d, seed, rows: cells }) =>
    cells.flatMap((row, i) => row.map((regime, j) => [d, seed, alpha[i], mu1[j], regime])),
  );
  return { header: ['d', 'seed', 'alpha', 'mu1', 'regime'], rows };
}
