/**
 * Whether what an intervention writes reaches anything: a claim that others make void further on is a mistake, not a
 * setting without effect. Follows each entry of the forward pass to the logits, and stops where something else is
 * written over all of it. Rows of the last block that no logit hangs on count as reached: captures see them.
 */
import type { ModelShape } from '../model/config.ts';
import type { Site } from '../model/sites.ts';
import type { OwnedClaim } from './precedence.ts';

/** What of the model a graft leaves its own: embeddings are part -1, blocks 0 .. depth - 1, norm and unembedding depth. */
export interface OwnParts {
  readonly from: number;
  readonly to: number;
}

/** Whether a site belongs to what a graft leaves of the model. */
export function isOwn({ depth }: ModelShape, { from, to }: OwnParts, { name, block }: Site): boolean {
  const part = block ?? (name.startsWith('embedding') ? -1 : depth);
  return part >= from && part <= to;
}

export class Reach {
  readonly #shape: ModelShape;
  readonly #own: OwnParts;
  readonly #tokens: number;
  readonly #known = new Map<string, boolean>();
  /** Wholly written entries: site, head, place. */
  readonly #covered = new Set<string>();
  /** Heads whose values are all zero. */
  readonly #silent = new Set<string>();

  constructor(shape: ModelShape, own: OwnParts, claims: readonly OwnedClaim[]) {
    this.#shape = shape;
    this.#own = own;
    this.#tokens = 2 * shape.contextPairs + 1;
    for (const claim of claims.filter((one) => isOwn(shape, own, one.site))) {
      const { site, region, kind } = claim;
      if (region.columns === undefined)
        this.#each(claim, (head, place) => this.#covered.add(`${site.name} ${head} ${place}`));
      if (kind === 'ablateHeads')
        for (const head of region.heads ?? []) this.#silent.add(`${site.block} ${head}`);
    }
  }

  /** Whether any entry that a claim writes reaches the logits. */
  reaches(claim: OwnedClaim): boolean {
    if (!isOwn(this.#shape, this.#own, claim.site)) return false;
    const { name } = claim.site;
    let found = false;
    this.#each(claim, (head, place) => {
      found ||= this.#live(name, head, place);
    });
    return found;
  }

  #each({ site, region }: OwnedClaim, visit: (head: number, place: number) => void): void {
    const isPerHead = site.dims.includes('heads');
    const all = (count: number) => Array.from({ length: count }, (_, i) => i);
    for (const head of isPerHead ? (region.heads ?? all(this.#shape.heads)) : [0]) {
      for (const place of site.name === 'logits' ? [0] : (region.places ?? all(this.#tokens)))
        visit(head, place);
    }
  }

  /** Whether an entry, as its site's claims have left it, reaches the logits. */
  #live(site: string, head: number, place: number): boolean {
    const key = `${site} ${head} ${place}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const live = this.#compute(site, head, place);
    this.#known.set(key, live);
    return live;
  }

  /** Whether an entry that feeds another one reaches the logits through it. */
  #through(site: string, head: number, place: number): boolean {
    return !this.#covered.has(`${site} ${head} ${place}`) && this.#live(site, head, place);
  }

  #compute(site: string, head: number, place: number): boolean {
    const { depth, norm } = this.#shape;
    if (site === 'logits') return true;
    if (site === 'norm') return this.#through('logits', 0, 0);
    if (site === 'embedding') return this.#into(0, place);
    if (site.startsWith('embedding.')) return this.#through('embedding', 0, place);
    const [, number] = site.split('.', 2);
    const block = Number(number);
    const here = `blocks.${block}.`;
    const part = site.slice(here.length);
    const through = (next: string, row = place, of = 0) => this.#through(`${here}${next}`, of, row);
    const someRowFrom = (next: string) =>
      Array.from({ length: this.#tokens - place }, (_, i) => place + i).some((row) =>
        through(next, row, head),
      );
    switch (part) {
      case 'norm1':
        return this.#intoAttention(block, place);
      case 'attention.q':
        return through('attention.scores', place, head);
      case 'attention.k':
        return someRowFrom('attention.scores');
      case 'attention.v':
        return someRowFrom('attention.z');
      case 'attention.scores':
        return through('attention.pattern', place, head);
      case 'attention.pattern':
        return !this.#silent.has(`${block} ${head}`) && through('attention.z', place, head);
      case 'attention.z':
        return through('attention.out');
      case 'attention.out':
        return through('residualMid');
      case 'residualMid':
        return through('residual') || (this.#shape.mlpRatio > 0 && this.#intoMlp(block, place));
      case 'norm2':
        return through('mlp.pre');
      case 'mlp.pre':
        return through('mlp.post');
      case 'mlp.post':
        return through('mlp.out');
      case 'mlp.out':
        return through('residual');
      default:
        if (block < depth - 1) return this.#into(block + 1, place);
        return norm ? this.#through('norm', 0, place) : this.#through('logits', 0, 0);
    }
  }

  /** Of the residual stream that enters a block. */
  #into(block: number, place: number): boolean {
    const { norm } = this.#shape;
    const direct = this.#through(`blocks.${block}.residualMid`, 0, place);
    const attended = norm
      ? this.#through(`blocks.${block}.norm1`, 0, place)
      : this.#intoAttention(block, place);
    return direct || attended;
  }

  #intoAttention(block: number, place: number): boolean {
    const parts = ['q', 'k', 'v'].map((part) => `blocks.${block}.attention.${part}`);
    return Array.from({ length: this.#shape.heads }, (_, head) => head).some((head) =>
      parts.some((part) => this.#through(part, head, place)),
    );
  }

  #intoMlp(block: number, place: number): boolean {
    return this.#through(`blocks.${block}.${this.#shape.norm ? 'norm2' : 'mlp.pre'}`, 0, place);
  }
}
