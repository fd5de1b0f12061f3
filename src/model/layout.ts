/**
 * How activations lie in memory: `[features, tokens * lanes]`, the batch innermost and padded to a multiple of 8 lanes
 * (padding lanes carry zero weight in the loss). Row stride is `width = tokens * lanes`.
 */
import { LabError } from '../errors/lab-error.ts';
import type { AttentionShape } from '../engine/kernels.ts';
import type { ModelShape } from './config.ts';

export interface Layout {
  readonly shape: ModelShape;
  readonly tokens: number;
  readonly lanes: number;
  /** tokens * lanes: columns of an activation, and its row stride. */
  readonly width: number;
  readonly headDim: number;
  /** First column of the query token. */
  readonly queryColumn: number;
  /**
   * Whether the last block is computed at the query only, which is exact for loss, logits and gradients, since nothing
   * else reads its other places (docs/specification.md, "Sites").
   */
  readonly queryOnly: boolean;
}

/** @throws LabError when the learned position table has too few rows for the tokens. */
export function createLayout(shape: ModelShape, batchSize: number, queryOnly: boolean): Layout {
  const tokens = 2 * shape.contextPairs + 1;
  if (shape.position === 'learned' && tokens > shape.maxPositions) {
    throw new LabError(
      `model.maxPositions: must be at least the ${tokens} tokens; got ${shape.maxPositions}; raise it or take model.position=rope`,
    );
  }
  const lanes = Math.ceil(batchSize / 8) * 8;
  return {
    shape,
    tokens,
    lanes,
    width: tokens * lanes,
    headDim: shape.dModel / shape.heads,
    queryColumn: (tokens - 1) * lanes,
    queryOnly,
  };
}

/** First token whose outputs a block computes. */
export function firstToken(layout: Layout, block: number): number {
  return layout.queryOnly && block === layout.shape.depth - 1 ? layout.tokens - 1 : 0;
}

/** What the attention kernels need to know of a block. */
export function attentionShape(layout: Layout, firstQuery: number): AttentionShape {
  const { tokens, lanes, headDim } = layout;
  return { heads: layout.shape.heads, headDim, tokens, firstQuery, lanes };
}
