/**
 * Any set of activations of one pass, and nothing else of it: the pass goes as far as the deepest of them, and only they
 * are copied. With interventions at work, what they left.
 */
import { readSite, type SiteValue } from '../model/read-site.ts';
import type { Transformer } from '../model/transformer.ts';
import type { Pass } from './intervened-pass.ts';
import { matchingSites, type SitePattern } from './site-patterns.ts';

/**
 * Runs the model on its input as far as needed.
 * @param pass the model's, or the model itself where nobody intervenes
 * @param size how many sequences of the batch to copy
 * @returns by name, in the order of the forward pass; `[batch, ...]` in the dims of `sites.ts`, row-major
 * @throws LabError for an unknown site, or one that the model computes at the query only
 */
export function capture(
  model: Transformer,
  pass: Pass,
  sites: SitePattern,
  size = model.input.size,
): ReadonlyMap<string, SiteValue> {
  const wanted = matchingSites(model.shape, sites);
  const deepest = Math.max(
    ...wanted.map(({ name, block }) => block ?? (name.startsWith('embedding') ? -1 : Infinity)),
  );
  if (wanted.some(({ name }) => name === 'logits')) pass.forward();
  else if (deepest === Infinity) pass.forwardBody();
  else pass.forwardBlocks(deepest + 1);
  return new Map(wanted.map(({ name }) => [name, readSite(model, name, size)]));
}
