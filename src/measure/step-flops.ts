/** How many floating-point operations a training step needs: matrix products only, multiply and add counted as two. */
import type { ModelShape } from '../model/config.ts';

/** Forward and backward; the last block at the query only, as the engine computes it (exact, see `layout.ts`). */
export function stepFlops(shape: ModelShape, batchSize: number): number {
  const { dModel, labels, exampleDim, contextPairs, depth, mlpRatio } = shape;
  const tokens = 2 * contextPairs + 1;
  const places = contextPairs + 1;
  const unembedding = 3 * 2 * labels * dModel;
  const projection = 2 * 2 * places * dModel * exampleDim;
  let blocks = 0;
  for (let block = 0; block < depth; block++) {
    const queries = block === depth - 1 ? 1 : tokens;
    const pairs = block === depth - 1 ? tokens : (tokens * (tokens + 1)) / 2;
    const linear = queries * dModel * dModel + tokens * 2 * dModel * dModel + queries * dModel * dModel;
    const attention = 2 * pairs * dModel;
    const mlp = queries * 2 * mlpRatio * dModel * dModel;
    blocks += 3 * 2 * (linear + attention + mlp);
  }
  return batchSize * (unembedding + projection + blocks);
}
