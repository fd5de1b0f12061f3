/**
 * Which claim wins where two want one entry, and that any other pair may not (docs/specification.md, "Interventions").
 */
import { LabError } from '../errors/lab-error.ts';
import { sitePart } from '../model/site-memory.ts';
import type { Claim, Region } from './claim.ts';

/** Kinds that may share entries of a site, the later one overwriting what the earlier one wrote. */
const order: Readonly<Record<string, readonly string[]>> = {
  'attention.v': ['preserve', 'ablateHeads'],
  'attention.pattern': ['preserve', 'previousTokenHeads', 'inductionHeads', 'matchHeads'],
  'attention.scores': ['headTemperature', 'forbidPreviousToken', 'labelsOnly'],
};

/** A claim and whose it is. */
export interface OwnedClaim extends Claim {
  readonly kind: string;
  /** Index of its intervention in the list. */
  readonly owner: number;
  /** What to call the intervention. */
  readonly where: string;
}

/** Place of a kind in the order at a site; 0 where nothing may be shared. */
export function rankOf({ site, kind }: OwnedClaim): number {
  return Math.max(0, (order[sitePart(site)] ?? []).indexOf(kind));
}

/** @throws LabError where two claims want one entry and none of them gives way */
export function assertNoDoubleClaim(claims: readonly OwnedClaim[]): void {
  for (const [i, later] of claims.entries()) {
    for (const earlier of claims.slice(0, i)) {
      if (earlier.site.name !== later.site.name || !overlap(earlier.region, later.region)) continue;
      const known = order[sitePart(later.site)] ?? [];
      const mayShare = known.includes(earlier.kind) && known.includes(later.kind);
      if (mayShare && earlier.kind !== later.kind) continue;
      if (earlier.owner === later.owner)
        throw new LabError(`${later.where}: claims ${later.item} twice; name it once`);
      throw new LabError(
        `${later.where}: claims entries of ${later.site.name} that ${earlier.where} claims too; keep one of them`,
      );
    }
  }
}

export function overlap(a: Region, b: Region): boolean {
  return meet(a.heads, b.heads) && meet(a.places, b.places) && meet(a.columns, b.columns);
}

function meet(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  return a === undefined || b === undefined || a.some((i) => b.includes(i));
}
