/**
 * What about a run's data cannot be: checked once when a config is read, against the source's declared size, and once
 * more when the source is open. Plain data in, a list of problems out.
 */
import type { ExemplarSource } from './exemplar-source.ts';
import {
  distributionProblems,
  type MixtureComponent,
  type Problem,
  type SequenceDistribution,
  usesOwnLabels,
} from './sequence-distribution.ts';

/** The part of a data config that decides about sequences: the run's own kind of sequence, sizes, and a mixture. */
export interface DataSettings extends SequenceDistribution {
  readonly contextPairs: number;
  /** Rows used, from the first; all of the source's where it is absent. */
  readonly classes?: number;
  /** Exemplars per class used, from the first; all of the source's where it is absent. */
  readonly exemplars?: number;
  /** Labels of the model; as many as classes where it is absent. */
  readonly labels?: number;
  /** Where not empty, every sequence is of one of these kinds; each changes fields of the run's own. */
  readonly mixture: readonly ({ readonly probability: number } & Partial<SequenceDistribution>)[];
}

export type SourceSize = Pick<ExemplarSource, 'classes' | 'exemplars'>;

/** Slack for sums of decimal fractions such as .1 + .2 + .7. */
const probabilityTolerance = 1e-9;

/** Everything that makes a data config impossible over a source of the given size; empty where it is sound. */
export function dataProblems(settings: DataSettings, source: SourceSize): Problem[] {
  const problems: Problem[] = [];
  const { classes = source.classes, exemplars = source.exemplars } = settings;
  const { labels = classes } = settings;
  const add = (field: keyof DataSettings, message: string) => problems.push({ path: [field], message });
  if (classes > source.classes) {
    add(
      'classes',
      `must be at most the source's ${source.classes} classes; got ${classes}; ` +
        'lower data.classes or take a source with more',
    );
  }
  if (exemplars > source.exemplars) {
    add(
      'exemplars',
      `must be at most the source's ${source.exemplars} exemplars per class; got ${exemplars}; ` +
        'lower data.exemplars or take a source with more',
    );
  }
  if (labels > classes) {
    add(
      'labels',
      `more labels than classes: class c has label c, so at most ${classes}; got ${labels}; ` +
        'lower data.labels or raise data.classes',
    );
  }
  const components = mixtureComponents(settings);
  if (
    labels < classes &&
    components.some(({ distribution }) => usesOwnLabels(distribution, settings.contextPairs))
  ) {
    add(
      'labels',
      `fewer labels than classes: some places show their class's own label, so ${classes} are needed; got ${labels}; ` +
        'raise data.labels or lower data.classes',
    );
  }
  const sum = components.reduce((total, { probability }) => total + probability, 0);
  if (Math.abs(sum - 1) > probabilityTolerance) {
    const listed = components.map(({ probability }) => probability).join(' + ');
    add(
      'mixture',
      `probabilities must sum to 1; got ${listed} = ${Number(sum.toPrecision(9))}; change one of them`,
    );
  }
  components.forEach(({ distribution }, index) => {
    const where = settings.mixture.length === 0 ? [] : ['mixture', index];
    for (const { path, message } of distributionProblems(distribution, { ...settings, classes, labels })) {
      problems.push({ path: [...where, ...path], message });
    }
  });
  return problems;
}

/** The config's kinds of sequences, each with every field; without a mixture the one kind, with probability 1. */
export function mixtureComponents(settings: DataSettings): MixtureComponent[] {
  const own: SequenceDistribution = {
    burstiness: settings.burstiness,
    distractor: settings.distractor,
    noSupport: settings.noSupport,
    uniqueRest: settings.uniqueRest,
    queryLabelInContext: settings.queryLabelInContext,
    relabel: settings.relabel,
    matchExemplars: settings.matchExemplars,
    zipfExponent: settings.zipfExponent,
  };
  if (settings.mixture.length === 0) return [{ probability: 1, distribution: own }];
  return settings.mixture.map(({ probability, ...changes }) => ({
    probability,
    distribution: { ...own, ...changes },
  }));
}
