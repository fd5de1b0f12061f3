/**
 * THE table of activation names (docs/specification.md, "Sites"). Interventions, captures, docs and golden files all go through it:
 * a name that is not here is an error, never silently ignored.
 */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { quoted } from '../formats/data-error.ts';
import type { ModelShape } from './config.ts';

/** Names of dimensions, as the table prints them. */
export type SiteDim = 'batch' | 'tokens' | 'heads' | 'headDim' | 'dModel' | 'mlpWidth' | 'labels';

export interface Site {
  readonly name: string;
  readonly dims: readonly SiteDim[];
  readonly meaning: string;
  /** The block it belongs to, or undefined for embeddings, the final norm and the logits. */
  readonly block?: number;
}

interface SiteRow {
  readonly name: string;
  readonly dims: readonly SiteDim[];
  readonly meaning: string;
  /** Which models have it; all when absent. */
  readonly when?: (shape: ModelShape) => boolean;
}

const residual: readonly SiteDim[] = ['batch', 'tokens', 'dModel'];
const perHead: readonly SiteDim[] = ['batch', 'heads', 'tokens', 'headDim'];
const attention: readonly SiteDim[] = ['batch', 'heads', 'tokens', 'tokens'];
const hidden: readonly SiteDim[] = ['batch', 'tokens', 'mlpWidth'];

const hasMlp = (shape: ModelShape) => shape.mlpRatio > 0;
const hasNorm = (shape: ModelShape) => shape.norm;
const addsPositions = (shape: ModelShape) => shape.position !== 'rope';

const beforeBlocks: readonly SiteRow[] = [
  {
    name: 'embedding.token',
    dims: residual,
    meaning: 'exemplar projections and label rows, before positions',
  },
  { name: 'embedding.position', dims: residual, meaning: 'what is added for the place', when: addsPositions },
  { name: 'embedding', dims: residual, meaning: 'their sum, the input of block 0' },
];

const inBlock: readonly SiteRow[] = [
  { name: 'norm1', dims: residual, meaning: 'input of the attention', when: hasNorm },
  { name: 'attention.q', dims: perHead, meaning: 'queries, after rotary positions' },
  { name: 'attention.k', dims: perHead, meaning: 'keys, after rotary positions' },
  { name: 'attention.v', dims: perHead, meaning: 'values' },
  { name: 'attention.scores', dims: attention, meaning: 'scaled and masked, before the softmax' },
  { name: 'attention.pattern', dims: attention, meaning: 'after the softmax: row = query, column = key' },
  { name: 'attention.z', dims: perHead, meaning: 'pattern times values' },
  { name: 'attention.out', dims: residual, meaning: 'after the output projection' },
  { name: 'residualMid', dims: residual, meaning: 'residual stream after the attention' },
  { name: 'norm2', dims: residual, meaning: 'input of the MLP', when: (s) => hasMlp(s) && hasNorm(s) },
  { name: 'mlp.pre', dims: hidden, meaning: 'before the GELU', when: hasMlp },
  { name: 'mlp.post', dims: hidden, meaning: 'after the GELU', when: hasMlp },
  { name: 'mlp.out', dims: residual, meaning: 'after the second linear layer', when: hasMlp },
  { name: 'residual', dims: residual, meaning: 'residual stream after the block' },
];

const afterBlocks: readonly SiteRow[] = [
  { name: 'norm', dims: residual, meaning: 'final LayerNorm', when: hasNorm },
  { name: 'logits', dims: ['batch', 'labels'], meaning: 'over all labels, at the query' },
];

/** Every site of a model, in the order of the forward pass. */
export function siteTable(shape: ModelShape): Site[] {
  const present = (row: SiteRow) => row.when === undefined || row.when(shape);
  const plain = ({ name, dims, meaning }: SiteRow): Site => ({ name, dims, meaning });
  const sites = beforeBlocks.filter(present).map(plain);
  for (let block = 0; block < shape.depth; block++) {
    for (const { name, dims, meaning } of inBlock.filter(present)) {
      sites.push({ name: `blocks.${block}.${name}`, dims, meaning, block });
    }
  }
  sites.push(...afterBlocks.filter(present).map(plain));
  return sites;
}

/**
 * The site of that name.
 * @param where what to call the place of the name in errors
 * @throws LabError for an unknown name, with the nearest known one.
 */
export function findSite(shape: ModelShape, name: string, where = 'site'): Site {
  const sites = siteTable(shape);
  const site = sites.find((candidate) => candidate.name === name);
  if (site) return site;
  const near = didYouMean(
    name,
    sites.map((candidate) => candidate.name),
  );
  throw new LabError(
    `${where}: unknown ${quoted(name)}${near} (iclab sites lists all ${sites.length})`,
    exitCodes.badInput,
  );
}

/** The sizes of a site's dimensions for a batch. */
export function siteSizes(shape: ModelShape, site: Site, batch: number): number[] {
  const sizes: Record<SiteDim, number> = {
    batch,
    tokens: 2 * shape.contextPairs + 1,
    heads: shape.heads,
    headDim: shape.dModel / shape.heads,
    dModel: shape.dModel,
    mlpWidth: shape.mlpRatio * shape.dModel,
    labels: shape.labels,
  };
  return site.dims.map((dim) => sizes[dim]);
}
