/**
 * SVG as text: Observable Plot draws into a linkedom document, we compose panels and write the result ourselves
 * (well-formed XML, short numbers, no style sheet, nothing that differs between two calls).
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { visibleText } from './visible-text.ts';

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Font of a figure in a file of its own, as its PNG has it; viewers without it fall back to theirs. */
export const figureFont = "'Source Sans 3', system-ui, sans-serif";

type SvgAttributes = Readonly<Record<string, string | number | undefined>>;

/** An empty document to draw in; Plot and `svgElement` need one where there is no browser. */
export function newDocument(): Document {
  const window: unknown = parseHTML('<!doctype html><html><body></body></html>');
  return (window as { document: Document }).document;
}

/** An element with attributes (undefined ones are left out) and children; a string child is text. */
export function svgElement(
  document: Document,
  name: string,
  attributes: SvgAttributes,
  ...children: readonly (Element | string)[]
): SVGElement {
  const element = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...children);
  return element;
}

/** A plot as a bare `<svg>`, to be placed in a figure at (x, y); without the style sheet Plot adds for web pages. */
export function plotPanel(
  document: Document,
  at: { x: number; y: number },
  options: Plot.PlotOptions,
): Element {
  const panel = Plot.plot({ ...options, document });
  for (const style of panel.querySelectorAll('style')) style.remove();
  for (const name of ['class', 'style', 'font-family', 'viewBox']) panel.removeAttribute(name);
  // Plot's own names for groups ("line", "area") tell a listener nothing; the figure has a title and a description.
  for (const group of panel.querySelectorAll('[aria-label]')) group.removeAttribute('aria-label');
  panel.setAttribute('x', String(at.x));
  panel.setAttribute('y', String(at.y));
  return panel;
}

function escapeXml(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Coordinates to a hundredth of a pixel: less noise, and the same text whatever the last bit of a sum was. */
function shortNumbers(value: string): string {
  return value.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) =>
    String(Math.round(Number(number) * 100) / 100 || 0),
  );
}

const geometry = new Set([
  'd',
  'transform',
  'x',
  'y',
  'x1',
  'x2',
  'y1',
  'y2',
  'cx',
  'cy',
  'r',
  'rx',
  'ry',
  'width',
  'height',
  'points',
]);

/** The element and all below it as XML. */
export function serializeSvg(element: Element): string {
  // In order of name: the order they were set in differs between document implementations.
  const attributes = [...element.attributes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => ` ${name}="${escapeXml(geometry.has(name) ? shortNumbers(value) : value)}"`);
  const name = element.localName;
  const children = [...element.childNodes].map((child) =>
    child.nodeType === 1 ? serializeSvg(child as Element) : escapeXml(child.textContent ?? ''),
  );
  const open = `<${name}${attributes.join('')}`;
  if (children.length === 0) return `${open}/>`;
  // One group a line keeps the file fit for a diff; inside text elements white space would show.
  const between = name === 'svg' || name === 'g' ? '\n' : '';
  return `${open}>${between}${children.join(between)}${between}</${name}>`;
}
