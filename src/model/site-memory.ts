/**
 * Where an activation lies in a model's memory: the one place that knows, for captures and for what overwrites. Every
 * site is runs of `lanes` numbers, one run for each of its entries: the batch is innermost (`layout.ts`).
 */
import type { Numbers } from '../engine/kernels.ts';
import type { Body } from './body.ts';
import { firstToken, type Layout } from './layout.ts';
import type { Site } from './sites.ts';

export interface SiteMemory {
  /** First dimension after the batch: heads of what is per head, else 1. */
  readonly heads: number;
  /** Places that are computed: `firstToken .. tokens`. */
  readonly firstToken: number;
  readonly tokens: number;
  /** Last dimension: keys of scores and patterns, else features (of each head). */
  readonly columns: number;
  /** Where the run of an entry begins. Scores and patterns have no entry for keys after the query. */
  readonly offset: (head: number, token: number, column: number) => number;
}

/** What follows `blocks.<l>.` in a site's name; the name itself outside the blocks. */
export function sitePart(site: Site): string {
  return site.block === undefined ? site.name : site.name.slice(`blocks.${site.block}.`.length);
}

/** Sites of the last block, and the final norm, hold the query only in a model without `allPlaces`; its keys do not. */
export function isOnlyAtQuery(layout: Layout, site: Site): boolean {
  if (!layout.queryOnly) return false;
  if (site.name === 'norm') return true;
  return site.block === layout.shape.depth - 1 && !/\.(norm1|attention\.[kv])$/.test(site.name);
}

/** Of every site but the logits, which are never all in memory. */
export function siteMemory(layout: Layout, site: Site): SiteMemory {
  const { shape, tokens, lanes, width, headDim } = layout;
  const first = isOnlyAtQuery(layout, site) ? tokens - 1 : 0;
  const part = sitePart(site);
  const common = { firstToken: first, tokens };
  if (part === 'attention.scores' || part === 'attention.pattern') {
    const rows = tokens - first;
    return {
      ...common,
      heads: shape.heads,
      columns: tokens,
      offset: (head, token, key) => ((head * rows + token - first) * tokens + key) * lanes,
    };
  }
  if (/^attention\.[qkvz]$/.test(part)) {
    return {
      ...common,
      heads: shape.heads,
      columns: headDim,
      offset: (head, token, feature) => (head * headDim + feature) * width + token * lanes,
    };
  }
  if (part === 'mlp.pre' || part === 'mlp.post') {
    // Without gaps: only the columns that are computed (`mlp-layer.ts`).
    const start = site.block === undefined ? 0 : firstToken(layout, site.block);
    const stride = (tokens - start) * lanes;
    return {
      ...common,
      heads: 1,
      columns: shape.mlpRatio * shape.dModel,
      offset: (_head, token, feature) => feature * stride + (token - start) * lanes,
    };
  }
  return {
    ...common,
    heads: 1,
    columns: shape.dModel,
    offset: (_head, token, feature) => feature * width + token * lanes,
  };
}

/** Where a site's activation stands after a forward pass; undefined for positions that nobody taps (`embedding.ts`). */
export function siteNumbers(body: Body, site: Site): { data: Numbers; at: number } | undefined {
  const part = sitePart(site);
  const whole = (data: Numbers | undefined) => data && { data, at: 0 };
  if (site.block === undefined) {
    const { embedding, norm } = body;
    if (part === 'embedding.token') return whole(embedding.token);
    if (part === 'embedding.position') return whole(embedding.tappedPosition);
    return whole(part === 'embedding' ? embedding.sum : norm?.out);
  }
  const block = body.blocks[site.block];
  const { attention, mlp } = block;
  const third = body.shape.dModel * body.layout.width;
  if (part === 'attention.q') return { data: attention.qkv, at: 0 };
  if (part === 'attention.k') return { data: attention.qkv, at: third };
  if (part === 'attention.v') return { data: attention.qkv, at: 2 * third };
  const sites: Readonly<Record<string, Numbers | undefined>> = {
    norm1: attention.norm?.out,
    'attention.scores': attention.scores,
    'attention.pattern': attention.pattern,
    'attention.z': attention.z,
    'attention.out': attention.out,
    residualMid: attention.residual,
    norm2: mlp?.norm?.out,
    'mlp.pre': mlp?.pre,
    'mlp.post': mlp?.post,
    'mlp.out': mlp?.out,
    residual: block.residual,
  };
  return whole(sites[part]);
}
