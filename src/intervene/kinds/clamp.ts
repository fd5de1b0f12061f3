/**
 * `clamp`: entries of any sites become a number, what a clean pass or another checkpoint has there, or (in the library)
 * what a function makes of the batch.
 */
import { z } from 'zod';
import { LabError } from '../../errors/lab-error.ts';
import type { Numbers } from '../../engine/kernels.ts';
import type { ModelShape } from '../../model/config.ts';
import { type Site, siteSizes } from '../../model/sites.ts';
import {
  type Claim,
  constant,
  exemplarPlaces,
  labelPlaces,
  queryPlace,
  type Region,
  type Target,
  type Workplace,
  type Write,
} from '../claim.ts';
import { donorKey } from '../donor.ts';
import { defineKind } from '../kind.ts';
import { matchingSites, type SitePattern } from '../site-patterns.ts';

const index = z.int().min(0);
const indices = z.array(index).min(1);
const placesSchema = z.union([indices, z.enum(['query', 'labels', 'exemplars'])]);

const maskSchema = z
  .strictObject({
    heads: indices.optional(),
    places: placesSchema.optional().describe('tokens, or queries of scores and patterns'),
    keys: placesSchema.optional().describe('of scores and patterns'),
    features: indices.optional().describe('of what has some, of each head; labels of the logits'),
  })
  .default({})
  .describe('which entries; what is not given is all of it');

const names = z.string().min(1);

export const clampSchema = z.strictObject({
  kind: z.literal('clamp').describe('any activation becomes something else'),
  site: z
    .union([names, z.array(names).min(1)])
    .describe('a site, or several; * stands for anything between two dots'),
  mask: maskSchema,
  value: z
    .union([z.number(), z.literal('clean'), z.strictObject({ run: names, sequences: z.int().min(0) })])
    .describe('a number, "clean" for what a clean pass has there, or the run and sequences of other weights'),
});

/** What a function of the library makes a clamp's numbers from. */
export interface ClampBatch {
  /** Sequences of the batch. */
  readonly size: number;
  readonly contextPairs: number;
  /** Raw features of an exemplar; place `contextPairs` is the query. */
  readonly example: (sequence: number, place: number) => Numbers;
  readonly contextLabels: (sequence: number) => number[];
  /** Correct label of the query. */
  readonly target: (sequence: number) => number;
}

/** All of a site's numbers for a batch, row-major in the dims of `sites.ts`; only those of the mask are used. */
export type ClampFunction = (batch: ClampBatch, site: Site) => ArrayLike<number>;

export type ClampSpec = z.output<typeof clampSchema>;

/** A clamp that cannot be written down: for programs. */
export interface FunctionClamp extends Omit<ClampSpec, 'site' | 'value'> {
  readonly site: SitePattern;
  readonly value: ClampSpec['value'] | ClampFunction;
}

export const clamp = defineKind({
  schema: clampSchema,
  example: 'clamp={"site":"blocks.0.attention.z","mask":{"heads":[1]},"value":0}',
  fromLine: (text) => fieldsIn(text),
  toLine: ({ kind: _, ...fields }) => JSON.stringify(fields),
  claims: (spec, target) => clampClaims(spec, target),
});

function fieldsIn(text: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(text);
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
      return fields as Record<string, unknown>;
  } catch {
    // Not JSON: the schema will miss everything.
  }
  return {};
}

export function clampClaims({ site, mask, value }: FunctionClamp, target: Target): Claim[] {
  return matchingSites(target.shape, site, `${target.where}: site`).map((one): Claim => {
    const region = regionOf(mask, one, target);
    if (typeof value === 'number') return claim(one, region, { kind: 'written', setUp: constant(value) });
    if (typeof value === 'function') {
      const setUp = (place: Workplace) => fromFunction(value, one, place);
      return claim(one, region, { kind: 'written', setUp });
    }
    if (one.name === 'logits')
      throw new LabError(`${target.where}: logits can become a number or a function's, not another pass's`);
    const source = value === 'clean' ? value : { donor: donorKey(value) };
    return claim(one, region, { kind: 'copied', source });
  });
}

function claim(site: Site, region: Region, value: Claim['value']): Claim {
  return { site, region, item: site.name, value };
}

function regionOf(mask: ClampSpec['mask'], site: Site, { shape, where }: Target): Region {
  const [, ...sizes] = siteSizes(shape, site, 1);
  const isPerHead = site.dims.includes('heads');
  const [places, columns] = isPerHead
    ? sizes.slice(1)
    : site.name === 'logits'
      ? [undefined, ...sizes]
      : sizes;
  const isAttention = columns !== undefined && site.dims.at(-1) === 'tokens';
  const check = (what: string, given: readonly number[] | undefined, size: number | undefined) => {
    if (given === undefined) return undefined;
    if (size === undefined) throw new LabError(`${where}: mask.${what}: ${site.name} has none`);
    const wrong = given.find((i) => i >= size);
    if (wrong !== undefined)
      throw new LabError(`${where}: mask.${what}: no ${wrong}; ${site.name} has 0 .. ${size - 1}`);
    return given;
  };
  const keys = check('keys', named(mask.keys, shape), isAttention ? columns : undefined);
  const features = check('features', mask.features, isAttention ? undefined : columns);
  return {
    heads: check('heads', mask.heads, isPerHead ? shape.heads : undefined),
    places: check('places', named(mask.places, shape), places),
    columns: keys ?? features,
  };
}

function named(places: ClampSpec['mask']['places'], shape: ModelShape): readonly number[] | undefined {
  if (places === 'query') return [queryPlace(shape)];
  if (places === 'labels') return labelPlaces(shape);
  if (places === 'exemplars') return exemplarPlaces(shape);
  return places;
}

function fromFunction(make: ClampFunction, site: Site, { entries, layout, input, where }: Workplace): Write {
  const { lanes, shape } = layout;
  const { contextPairs, exampleDim } = shape;
  const batch = (): ClampBatch => ({
    size: input.size,
    contextPairs,
    example: (sequence, place) => {
      const at = (place * lanes + sequence) * exampleDim;
      return input.examples.subarray(at, at + exampleDim);
    },
    contextLabels: (sequence) =>
      Array.from({ length: contextPairs }, (_, pair) => input.contextLabels[pair * lanes + sequence]),
    target: (sequence) => input.targets[sequence],
  });
  const [, ...sizes] = siteSizes(shape, site, 1);
  const perSequence = sizes.reduce((product, size) => product * size, 1);
  const columns = sizes.at(-1)!;
  const tokens = sizes.length > 1 ? sizes.at(-2)! : 1;
  return (x, at) => {
    const numbers = make(batch(), site);
    if (numbers.length !== input.size * perSequence) {
      throw new LabError(
        `${where}: the function gave ${numbers.length} numbers for ${site.name}; expected ${input.size} times ${perSequence}`,
      );
    }
    for (let i = 0; i < entries.count; i++) {
      const entry = (entries.heads[i] * tokens + entries.places[i]) * columns + entries.columns[i];
      for (let lane = 0; lane < input.size; lane++)
        x[at + entries.offsets[i] + lane] = numbers[lane * perSequence + entry];
    }
  };
}
