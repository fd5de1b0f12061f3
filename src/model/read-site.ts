/** Copies an activation out of a model after a forward pass, batch first, in the dims of `sites.ts`. */
import type { Numbers } from '../engine/kernels.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
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
  if (model.layout.queryOnly && onlyAtQuery(model, site)) {
    throw new LabError(
      `site: "${name}" is computed at the query only in this model; build it with allPlaces to capture it`,
      exitCodes.badInput,
    );
  }
  copy(model, site, size, data);
  return { site, sizes, data };
}

/** Sites of the last block, and the final norm, hold the query only in a model without `allPlaces`; its keys do not. */
function onlyAtQuery({ shape }: Transformer, site: Site): boolean {
  if (site.name === 'norm') return true;
  return site.block === shape.depth - 1 && !/\.(norm1|attention\.[kv])$/.test(site.name);
}

function copy(model: Transformer, site: Site, size: number, out: Float64Array): void {
  const { embedding, shape, layout } = model;
  const part = site.block === undefined ? site.name : site.name.slice(`blocks.${site.block}.`.length);
  if (site.block === undefined) {
    if (part === 'embedding.token') return stream(model, embedding.token, shape.dModel, size, out);
    if (part === 'embedding') return stream(model, embedding.sum, shape.dModel, size, out);
    if (part === 'norm') return stream(model, model.norm!.out, shape.dModel, size, out);
    if (part === 'embedding.position') {
      const table = embedding.position!.subarray(0, layout.tokens * shape.dModel);
      for (let b = 0; b < size; b++) out.set(table, b * table.length);
      return;
    }
    const logits = model.unembedding.allLogits();
    for (let b = 0; b < size; b++) {
      for (let c = 0; c < shape.labels; c++) out[b * shape.labels + c] = logits[c * layout.lanes + b];
    }
    return;
  }
  const block = model.blocks[site.block];
  const { attention, mlp } = block;
  const { dModel } = shape;
  const hidden = shape.mlpRatio * dModel;
  const streams: Record<string, Numbers | undefined> = {
    norm1: attention.norm?.out,
    'attention.out': attention.out,
    residualMid: attention.residual,
    norm2: mlp?.norm?.out,
    'mlp.out': mlp?.out,
    residual: block.residual,
  };
  const perHead: Record<string, [Numbers, number]> = {
    'attention.q': [attention.qkv, 0],
    'attention.k': [attention.qkv, dModel * layout.width],
    'attention.v': [attention.qkv, 2 * dModel * layout.width],
    'attention.z': [attention.z, 0],
  };
  const direct = streams[part];
  if (direct) return stream(model, direct, dModel, size, out);
  if (part === 'mlp.pre') return stream(model, mlp!.pre, hidden, size, out);
  if (part === 'mlp.post') return stream(model, mlp!.post, hidden, size, out);
  if (part === 'attention.scores') return entries(model, attention.scores, size, out);
  if (part === 'attention.pattern') return entries(model, attention.pattern, size, out);
  const [array, at] = perHead[part];
  const { tokens, lanes, width, headDim } = layout;
  let i = 0;
  for (let b = 0; b < size; b++) {
    for (let h = 0; h < shape.heads; h++) {
      for (let t = 0; t < tokens; t++) {
        for (let d = 0; d < headDim; d++) out[i++] = array[at + (h * headDim + d) * width + t * lanes + b];
      }
    }
  }
}

/** `[features, tokens * lanes]` to `[batch, tokens, features]`. */
function stream(model: Transformer, x: Numbers, features: number, size: number, out: Float64Array): void {
  const { tokens, lanes, width } = model.layout;
  let i = 0;
  for (let b = 0; b < size; b++) {
    for (let t = 0; t < tokens; t++)
      for (let f = 0; f < features; f++) out[i++] = x[f * width + t * lanes + b];
  }
}

/** `[heads, queries, keys, lanes]` to `[batch, heads, queries, keys]`. */
function entries(model: Transformer, x: Numbers, size: number, out: Float64Array): void {
  const { lanes } = model.layout;
  const perLane = x.length / lanes;
  for (let b = 0; b < size; b++) for (let i = 0; i < perLane; i++) out[b * perLane + i] = x[i * lanes + b];
}
