/**
 * Pages as text, escaped by construction: `html` is the only way to write markup, and whatever is put into it that is
 * not itself the result of `html` (or of `trustedMarkup`) is shown as text.
 */
import { visibleText } from './visible-text.ts';

/** Markup that is safe to put into a page. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type HtmlPart = Html | string | number | undefined | readonly HtmlPart[];

export function escapeHtml(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function partMarkup(part: HtmlPart): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(partMarkup).join('');
}

/** Template tag: the literal parts are markup, the values are text (or `Html`, or lists of both). */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlPart[]): Html {
  return new Html(literals.reduce((page, literal, i) => page + partMarkup(values[i - 1]) + literal));
}

/** For markup made by our own serializer, such as an SVG figure. Never for text that came from outside. */
export function trustedMarkup(markup: string): Html {
  return new Html(markup);
}
