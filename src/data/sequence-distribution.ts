/**
 * What one kind of training or evaluation sequence is (docs/specification.md, "Data"): how many copies of which class stand in the
 * context, and under which labels. Plain data; `sampler.ts` draws from it. What cannot be drawn is named here, once,
 * for the config, the sampler and the evaluators alike.
 */

/**
 * `none`: every class shows its own label. `pair`: the query's and the distractor class get two distinct labels drawn
 * from all. `zeroOne`: they get the labels 0 and 1 in random order. `flip`: they swap their own labels.
 */
export const relabelings = ['none', 'pair', 'zeroOne', 'flip'] as const;

export type Relabeling = (typeof relabelings)[number];

export interface SequenceDistribution {
  /** Context places that show the query's class. */
  readonly burstiness: number;
  /** Whether one other class also fills `burstiness` places (none where `burstiness` is 0). */
  readonly distractor: boolean;
  /** Rest places show neither the query's nor the distractor class. */
  readonly noSupport: boolean;
  /** As `noSupport`, and rest places show distinct classes. */
  readonly uniqueRest: boolean;
  /** One context place, uniformly chosen, shows the query's label. */
  readonly queryLabelInContext: boolean;
  readonly relabel: Relabeling;
  /** Burst places and the query show one exemplar, distractor places another. */
  readonly matchExemplars: boolean;
  /** Class probability is `rank^-zipfExponent`, rank = row + 1; 0 is uniform. */
  readonly zipfExponent: number;
}

/** The paper's training distribution for two pairs: one place of the query's class, one of another. */
export const plainBursty: SequenceDistribution = Object.freeze({
  burstiness: 1,
  distractor: true,
  noSupport: false,
  uniqueRest: false,
  queryLabelInContext: false,
  relabel: 'none',
  matchExemplars: false,
  zipfExponent: 0,
});

/** One kind of sequence of a mixture and how often it is drawn. */
export interface MixtureComponent {
  readonly probability: number;
  readonly distribution: SequenceDistribution;
}

/** The sizes a distribution has to fit. */
export interface SequenceLimits {
  readonly contextPairs: number;
  /** Classes drawn from: rows 0 .. classes - 1. */
  readonly classes: number;
  /** Labels of the model; class c has label c. */
  readonly labels: number;
}

/** Something that cannot be, and where: `path` within the config, `message` for its reader (without the path). */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A problem as its reader sees it: `data.mixture[0].burstiness: ...`. */
export function problemLine({ path, message }: Problem): string {
  const where = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return `data${where}: ${message}`;
}

/** Whether distractor places exist at all. */
export function hasDistractor(distribution: SequenceDistribution): boolean {
  return distribution.distractor && distribution.burstiness > 0;
}

/** Context places that are neither the query's class's bursts nor the distractor's. */
export function restPlaces(distribution: SequenceDistribution, contextPairs: number): number {
  return contextPairs - (hasDistractor(distribution) ? 2 : 1) * distribution.burstiness;
}

/** Whether some place shows its class's own label, so that every class needs one. */
export function usesOwnLabels(distribution: SequenceDistribution, contextPairs: number): boolean {
  const replaced = distribution.relabel === 'pair' || distribution.relabel === 'zeroOne';
  return !replaced || restPlaces(distribution, contextPairs) > 0;
}

/** Everything that makes a distribution impossible to draw; empty where it can be. */
export function distributionProblems(
  distribution: SequenceDistribution,
  { contextPairs, classes, labels }: SequenceLimits,
): Problem[] {
  const problems: Problem[] = [];
  const add = (field: keyof SequenceDistribution, message: string) =>
    problems.push({ path: [field], message });
  const { burstiness, relabel } = distribution;
  const distractor = hasDistractor(distribution);
  const rest = restPlaces(distribution, contextPairs);
  if (rest < 0) {
    const what = distractor ? '2 * burstiness' : 'burstiness';
    add(
      'burstiness',
      `${what} must fit in contextPairs = ${contextPairs}; got ${burstiness}; lower burstiness or raise data.contextPairs`,
    );
  }
  if (relabel !== 'none' && burstiness === 0) {
    add(
      'relabel',
      `${relabel} needs burstiness >= 1, or no context place shows the new label; got burstiness = 0; ` +
        'raise burstiness or set relabel to none',
    );
  } else if (relabel === 'flip' && !distribution.distractor) {
    add(
      'relabel',
      'flip swaps labels with a distractor class; got distractor = false; set distractor to true or relabel to none',
    );
  }
  if (relabel !== 'none' && distribution.queryLabelInContext) {
    add(
      'queryLabelInContext',
      `cannot go together with a relabeling; got relabel = ${relabel}; set relabel to none or queryLabelInContext to false`,
    );
  }
  if ((relabel === 'pair' || relabel === 'zeroOne') && labels < 2) {
    add('relabel', `${relabel} needs at least 2 labels; got ${labels}; raise data.labels`);
  }
  const named = distractor ? 2 : 1;
  const namedWords = distractor ? "the query's, the distractor's" : "the query's";
  if (classes < named) {
    add(
      'distractor',
      `needs at least 2 classes; got ${classes}; raise data.classes or set distractor to false`,
    );
  } else if (rest > 0 && distribution.uniqueRest && classes < named + rest) {
    add(
      'uniqueRest',
      `needs ${named + rest} different classes (${namedWords} and ${rest} more); got ${classes}; ` +
        'raise data.classes or lower data.contextPairs',
    );
  } else if (rest > 0 && distribution.noSupport && classes < named + 1) {
    add(
      'noSupport',
      `needs at least ${named + 1} classes (${namedWords} and another); got ${classes}; raise data.classes`,
    );
  }
  return problems;
}
