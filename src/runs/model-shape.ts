/** A model's shape, as its config and its data decide it. */
import type { ResolvedData } from '../data/resolved-data.ts';
import type { ModelConfig, ModelShape } from '../model/config.ts';

export function modelShape(
  { model }: { readonly model: ModelConfig },
  { labels, exampleDim, contextPairs }: ResolvedData,
): ModelShape {
  return { ...model, labels, exampleDim, contextPairs };
}
