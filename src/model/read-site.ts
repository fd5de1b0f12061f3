/** Copies an activation out of a model after a forward pass, batch first, in the dims of `sites.ts`. */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { isOnlyAtQuery, siteMemory, siteNumbers } from './site-memory.ts';
import { findSite, siteSizes } from './sites.ts';
import type { Site } from './sites.ts';
import type { Transformer } from './transformer.ts';

export interface SiteValue {
  readonly site: Site;
  /** Sizes of `site.dims`. */
  readonly sizes: readonly number[];
  /** Row-major. */
  readonly data: Float64Array;
}

/**
 * @param size how many sequences of the batch to copy.
 * @throws LabError for an unknown site, or one in the last block when the model computes that at the query only
 * (build it with `allPlaces`).
 */
export function readSite(model: Transformer, name: string, size = model.batchSize): SiteValue {
  const site = findSite(model.shape, name);
  const sizes = siteSizes(model.shape, site, size);
  const data = new Float64Array(sizes.reduce((product, n) => product * n, 1));
  if (isOnlyAtQuery(model.layout, site)) {
    throw new LabError(
      `site: "${name}" is computed at the query only in this model; build it with allPlaces to capture it`,
      exitCodes.badInput,
    );
  }
  copy(model, site, size, data);
  return { site, sizes, data };
}

function copy(model: Transformer, site: Site, size: number, out: Float64Array): void {
  const { shape, layout, embedding } = model;
  const { lanes } = layout;
  if (site.name === 'logits') {
    const logits = model.unembedding.allLogits();
    for (let b = 0; b < size; b++) {
      for (let c = 0; c < shape.labels; c++) out[b * shape.labels + c] = logits[c * lanes + b];
    }
    return;
  }
  const numbers = siteNumbers(model, site);
  if (!numbers) {
    const table = embedding.position!.subarray(0, layout.tokens * shape.dModel);
    for (let b = 0; b < size; b++) out.set(table, b * table.length);
    return;
  }
  const { data, at } = numbers;
  const { heads, firstToken, tokens, columns, offset } = siteMemory(layout, site);
  let i = 0;
  for (let b = 0; b < size; b++) {
    for (let head = 0; head < heads; head++) {
      for (let token = firstToken; token < tokens; token++)
        for (let column = 0; column < columns; column++)
          out[i++] = data[at + offset(head, token, column) + b];
    }
  }
}
