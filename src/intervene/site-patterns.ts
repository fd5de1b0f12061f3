/** Sets of sites: a name, a glob (`*` stands for anything between two dots), a list of these, or a function (library). */
import { LabError } from '../errors/lab-error.ts';
import { quoted } from '../formats/data-error.ts';
import type { ModelShape } from '../model/config.ts';
import { findSite, type Site, siteTable } from '../model/sites.ts';

export type SitePattern = string | readonly string[] | ((name: string) => boolean);

/**
 * The sites a pattern means, in the order of the forward pass, each once.
 * @param where what to call the pattern in errors
 * @throws LabError for an unknown name, with the nearest, and for a pattern that no site matches
 */
export function matchingSites(shape: ModelShape, pattern: SitePattern, where = 'site'): Site[] {
  const table = siteTable(shape);
  if (typeof pattern === 'function') {
    const matching = table.filter(({ name }) => pattern(name));
    if (matching.length === 0)
      throw new LabError(`${where}: the function takes none of the model's ${table.length} sites`);
    return matching;
  }
  const names = new Set(
    (typeof pattern === 'string' ? [pattern] : pattern).flatMap((text) => {
      if (!text.includes('*')) return [findSite(shape, text, where).name];
      const expression = new RegExp(`^${text.split('*').map(escaped).join('[^.]*')}$`);
      const matching = table.filter(({ name }) => expression.test(name));
      if (matching.length === 0)
        throw new LabError(
          `${where}: no site matches ${quoted(text)} (iclab sites lists all ${table.length})`,
        );
      return matching.map(({ name }) => name);
    }),
  );
  return table.filter(({ name }) => names.has(name));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
