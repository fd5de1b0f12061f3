/** A list of interventions checked against a model, and what they need of it: before anything is built. */
import { LabError } from '../errors/lab-error.ts';
import type { ModelShape } from '../model/config.ts';
import { createLayout } from '../model/layout.ts';
import { isOnlyAtQuery } from '../model/site-memory.ts';
import { donorKey, type DonorReference } from './donor.ts';
import {
  type AnyIntervention,
  claimsOf,
  donorsOf,
  type Graft,
  interventionName,
  isGraft,
} from './intervention.ts';
import { assertNoDoubleClaim, type OwnedClaim } from './precedence.ts';
import { isOwn, type OwnParts, Reach } from './reach.ts';

/** What has to be built besides the model itself; every thread of an engine builds the same. Plain data. */
export interface PassNeeds {
  /** The last block at every place. */
  readonly allPlaces: boolean;
  /** A second pass of the same weights without interventions or grafts. */
  readonly clean: boolean;
  /** Other weights, and whether a pass through them is needed. */
  readonly donors: readonly (DonorReference & { readonly pass: boolean })[];
  /** Parts of the model that are a donor's, which is named by its key. */
  readonly grafts: readonly { readonly donor: string; readonly from: number; readonly to: number }[];
}

export interface InterventionPlan {
  readonly specs: readonly AnyIntervention[];
  /** On what is the model's own. */
  readonly claims: readonly OwnedClaim[];
  readonly needs: PassNeeds;
}

/** A model that nobody intervenes with. */
export const noNeeds: PassNeeds = { allPlaces: false, clean: false, donors: [], grafts: [] };

/**
 * @param trained how many of them, from the first, the weights were or will be trained with: grafts among them are part
 * of the weights, and stay as they are in training
 * @throws LabError exit code 64 for what the model does not have, what is claimed twice, and what has no effect
 */
export function planInterventions(
  shape: ModelShape,
  specs: readonly AnyIntervention[],
  trained = 0,
): InterventionPlan {
  const names = specs.map(interventionName);
  const claims = specs.flatMap((spec, owner) => {
    const where = names[owner];
    return claimsOf(spec, { shape, where }).map(
      (claim): OwnedClaim => ({ ...claim, kind: spec.kind, owner, where }),
    );
  });
  const own = ownParts(shape, specs, names);
  assertNoDoubleClaim(claims);
  assertAllReach(shape, own, claims, specs, names);
  // What a donor computes stays as it is: `preserve` means the blocks that are ours.
  const applied = claims.filter(({ site }) => isOwn(shape, own, site));
  const copied = applied.flatMap(({ value }) => (value.kind === 'copied' ? [value.source] : []));
  const passes = new Set(copied.flatMap((source) => (source === 'clean' ? [] : [source.donor])));
  const isAnswered = applied.some(({ value }) => value.kind === 'answered');
  const clean = isAnswered || copied.includes('clean');
  const isInWeights = (spec: AnyIntervention) => isGraft(spec) && specs.indexOf(spec) < trained;
  const inWeights = specs.findIndex(isInWeights);
  if (clean && inWeights >= 0) {
    throw new LabError(
      `${names[inWeights]}: a clean pass has no graft, and these weights are nothing without theirs; leave out what ` +
        'needs a clean pass',
    );
  }
  const donors = donorsOf(specs.filter((spec) => !isInWeights(spec))).map((donor) => ({
    ...donor,
    pass: passes.has(donorKey(donor)),
  }));
  const parts = (spec: Graft) => ({ donor: donorKey(spec), ...graftedParts(shape, spec) });
  const grafts = specs
    .filter(isGraft)
    .filter((spec) => !isInWeights(spec))
    .map(parts);
  const allPlaces = needsAllPlaces(shape, applied);
  return { specs, claims: applied, needs: { allPlaces, clean, donors, grafts } };
}

/**
 * What several plans need together, so that one set of models serves them all.
 * @throws Error for plans with different grafts: these are other models
 */
export function joinedNeeds([first = noNeeds, ...others]: readonly PassNeeds[]): PassNeeds {
  return others.reduce((a, b) => {
    if (JSON.stringify(a.grafts) !== JSON.stringify(b.grafts))
      throw new Error('interventions: other grafts are another model; build one for each');
    const donors = new Map(a.donors.map((donor) => [donorKey(donor), donor]));
    for (const donor of b.donors) {
      const key = donorKey(donor);
      donors.set(key, { ...donor, pass: donor.pass || donors.get(key)?.pass === true });
    }
    return {
      allPlaces: a.allPlaces || b.allPlaces,
      clean: a.clean || b.clean,
      donors: [...donors.values()],
      grafts: a.grafts,
    };
  }, first);
}

/** Parts of a model (`OwnParts`) that a graft gives to its donor. */
export function graftedParts({ depth }: ModelShape, graft: Graft): { from: number; to: number } {
  return graft.kind === 'graftIn'
    ? { from: -1, to: graft.throughBlock }
    : { from: graft.afterBlock + 1, to: depth };
}

function ownParts(shape: ModelShape, specs: readonly AnyIntervention[], names: readonly string[]): OwnParts {
  let own: OwnParts = { from: -1, to: shape.depth };
  const kinds = new Set<string>();
  for (const [i, spec] of specs.entries()) {
    if (!isGraft(spec)) continue;
    if (kinds.has(spec.kind)) throw new LabError(`${names[i]}: a second graft of this kind; keep one`);
    kinds.add(spec.kind);
    const { from, to } = graftedParts(shape, spec);
    own = spec.kind === 'graftIn' ? { ...own, from: to + 1 } : { ...own, to: from - 1 };
    if (own.from > own.to)
      throw new LabError(`${names[i]}: the grafts leave nothing of the model itself; graft less of it`);
  }
  return own;
}

/** Claims of one item of one intervention stand together: an item with any effect is no mistake. */
function assertAllReach(
  shape: ModelShape,
  own: OwnParts,
  claims: readonly OwnedClaim[],
  specs: readonly AnyIntervention[],
  names: readonly string[],
): void {
  const items = Map.groupBy(claims, ({ owner, item }) => `${owner} ${item}`);
  const reach = new Reach(shape, own, claims);
  for (const group of items.values()) {
    if (group.some((claim) => reach.reaches(claim))) continue;
    const [{ owner, item, where }] = group;
    const guilty = specs.findIndex((spec, i) => {
      if (i === owner) return false;
      const without = new Reach(
        shape,
        isGraft(spec)
          ? ownParts(
              shape,
              specs.filter((other) => other !== spec),
              names,
            )
          : own,
        claims.filter((claim) => claim.owner !== i),
      );
      return group.some((claim) => without.reaches(claim));
    });
    const by = guilty < 0 ? 'the others together' : names[guilty];
    throw new LabError(
      `${where}: ${item} has no effect: ${by} write over all that it reaches; leave one out`,
    );
  }
}

/** A claim that has no entry at the query is lost where the last block is computed there only. */
function needsAllPlaces(shape: ModelShape, claims: readonly OwnedClaim[]): boolean {
  const layout = createLayout(shape, 1, true);
  return claims.some(({ site, region }) => {
    const elsewhere = region.places !== undefined && !region.places.includes(layout.tokens - 1);
    return elsewhere && isOnlyAtQuery(layout, site);
  });
}
