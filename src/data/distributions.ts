/** The papers' named training distributions (docs/specification.md, "Data", second table), for any context length. */
import { plainBursty, type SequenceDistribution } from './sequence-distribution.ts';

export const distributionNames = ['bursty', 'ciwlOnly', 'iclOnly', 'matched'] as const;

export type DistributionName = (typeof distributionNames)[number];

export interface NamedDistribution {
  readonly name: DistributionName;
  /** As the papers write it. */
  readonly displayName: string;
  /** One sentence for a reader. */
  readonly description: string;
  readonly distribution: SequenceDistribution;
}

/** Copies of the query's class in a bursty context: 1 of 2 pairs and 3 of 8 (the papers'), the same share elsewhere. */
export function burstyBurstiness(contextPairs: number): number {
  return Math.max(1, Math.floor((3 * contextPairs) / 8));
}

/** Context classes all different and none of them the query's (CIWL and IWL). */
export const unsupported: SequenceDistribution = Object.freeze({
  ...plainBursty,
  burstiness: 0,
  noSupport: true,
  uniqueRest: true,
});

/** @param contextPairs 2 or more */
export function namedDistributions(contextPairs: number): NamedDistribution[] {
  const bursty = { ...plainBursty, burstiness: burstyBurstiness(contextPairs) };
  return [
    {
      name: 'bursty',
      displayName: 'bursty',
      description: "the query's class and one other stand in the context, each under its own label",
      distribution: bursty,
    },
    {
      name: 'ciwlOnly',
      displayName: 'CIWL-only',
      description: "the query's class is absent; its label stands beside another class",
      distribution: { ...unsupported, queryLabelInContext: true },
    },
    {
      name: 'iclOnly',
      displayName: 'ICL-only',
      description: 'bursty, under two labels drawn anew for every sequence: nothing to memorise',
      distribution: { ...bursty, relabel: 'pair' },
    },
    {
      name: 'matched',
      displayName: 'matched',
      description: "bursty, and the query's very exemplar is the one shown in the context",
      distribution: { ...bursty, matchExemplars: true },
    },
  ];
}
