/** The entries of a region that a model computes, found in its memory. */
import type { Layout } from '../model/layout.ts';
import { siteMemory } from '../model/site-memory.ts';
import type { Site } from '../model/sites.ts';
import type { Entries, Region } from './claim.ts';

/** Of any site; of scores and patterns, keys up to the query alone. Logits are one run for each class. */
export function entriesOf(layout: Layout, site: Site, region: Region): Entries {
  const found: number[][] = [];
  const all = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  if (site.name === 'logits') {
    for (const label of region.columns ?? all(0, layout.shape.labels))
      found.push([label * layout.lanes, 0, 0, label]);
  } else {
    const { heads, firstToken, tokens, columns, offset } = siteMemory(layout, site);
    const isAttention = site.dims.at(-1) === 'tokens';
    for (const head of region.heads ?? all(0, heads)) {
      for (const place of region.places ?? all(firstToken, tokens)) {
        if (place < firstToken) continue;
        for (const column of region.columns ?? all(0, columns)) {
          if (!isAttention || column <= place) found.push([offset(head, place, column), head, place, column]);
        }
      }
    }
  }
  const take = (part: number) => Int32Array.from(found, (entry) => entry[part]);
  return { count: found.length, offsets: take(0), heads: take(1), places: take(2), columns: take(3) };
}
