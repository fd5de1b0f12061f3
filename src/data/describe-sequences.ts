/**
 * Example sequences in words (figure 1a of Coopetition): of a run's own training data, of the papers' named
 * distributions, and of every evaluator. A pure function of the data and the seeds.
 */
import { namedDistributions } from './distributions.ts';
import { drawEvaluatorSequences } from './evaluator-sets.ts';
import { evaluatorDefinitions } from './evaluators.ts';
import { dataStreams } from './random-streams.ts';
import type { ResolvedData } from './resolved-data.ts';
import { SequenceSampler } from './sampler.ts';
import { createSequenceBatch, placeKinds, type SequenceBatch } from './sequence-batch.ts';
import type { MixtureComponent, SequenceDistribution } from './sequence-distribution.ts';
import { createTrainingSampler } from './training-data.ts';

export type PlaceKind = keyof typeof placeKinds;

/** One exemplar and the label that goes with it. */
export interface ExamplePlace {
  readonly class: number;
  readonly exemplar: number;
  /** Label shown in the context; at the query the correct answer. */
  readonly label: number;
  readonly kind: PlaceKind;
}

export interface ExampleSequence {
  readonly context: readonly ExamplePlace[];
  readonly query: ExamplePlace;
  /** What the context offers for the query. */
  readonly note: string;
}

export interface ExampleGroup {
  readonly role: 'training' | 'distribution' | 'evaluator';
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly sequences: readonly ExampleSequence[];
}

export interface ExampleOptions {
  readonly trainSeed: number;
  readonly evalSeed: number;
  /** Sequences per group. */
  readonly count: number;
}

/**
 * The groups `iclab sequences` shows. Those of the training data and the evaluators are the very first sequences a run
 * with these seeds sees.
 * @throws {LabError} when the data have too few classes for one of them.
 */
export function exampleGroups(
  data: ResolvedData,
  { trainSeed, evalSeed, count }: ExampleOptions,
): ExampleGroup[] {
  const { contextPairs, exemplars, labels } = data;
  const draw = (sampler: SequenceSampler) => {
    const batch = createSequenceBatch(count, contextPairs);
    sampler.fillFrom(batch, 0);
    return exampleSequences(batch);
  };
  const training: ExampleGroup = {
    role: 'training',
    name: 'training',
    displayName: 'training data',
    description: describeMixture(data.components),
    sequences: draw(createTrainingSampler(data, trainSeed)),
  };
  const distributions = namedDistributions(contextPairs).map(
    ({ name, displayName, description, distribution }, index): ExampleGroup => ({
      role: 'distribution',
      name,
      displayName,
      description,
      sequences: draw(
        new SequenceSampler({
          contextPairs,
          classes: Math.min(data.classes, labels),
          exemplars,
          labels,
          components: [{ probability: 1, distribution }],
          seed: trainSeed,
          stream: dataStreams.examples + index,
        }),
      ),
    }),
  );
  const evaluators = evaluatorDefinitions(data).map(
    (definition): ExampleGroup => ({
      role: 'evaluator',
      name: definition.name,
      displayName: definition.displayName,
      description: definition.description,
      sequences: exampleSequences(drawEvaluatorSequences(definition, evalSeed, count)),
    }),
  );
  return [training, ...distributions, ...evaluators];
}

/** All sequences of a batch, place by place. */
export function exampleSequences(batch: SequenceBatch): ExampleSequence[] {
  const kindNames = Object.keys(placeKinds) as PlaceKind[];
  return Array.from({ length: batch.size }, (_, sequence) => {
    const at = sequence * (batch.contextPairs + 1);
    const placeAt = (cell: number): ExamplePlace => ({
      class: batch.classes[cell],
      exemplar: batch.exemplars[cell],
      label: batch.labels[cell],
      kind: kindNames[batch.kinds[cell]],
    });
    const context = Array.from({ length: batch.contextPairs }, (_, place) => placeAt(at + place));
    const query = placeAt(at + batch.contextPairs);
    return { context, query, note: contextNote(context, query) };
  });
}

/** In words: does the context show the query's class, under which label, and where does its own label stand? */
function contextNote(context: readonly ExamplePlace[], query: ExamplePlace): string {
  const ownLabel = query.class;
  const ofQueryClass = context.filter((place) => place.class === query.class);
  const besideOthers = context.filter((place) => place.label === ownLabel && place.class !== query.class);
  const beside = [...new Set(besideOthers.map((place) => `c${place.class}`))].join(' and ');
  if (ofQueryClass.length === 0) {
    if (beside === '') return 'neither query class nor its label in context';
    return `query class absent; its label L${ownLabel} stands beside ${beside}`;
  }
  const shown = [...new Set(ofQueryClass.map((place) => place.label))];
  const times = ofQueryClass.length === 1 ? '' : ` ${ofQueryClass.length} times`;
  const note = `query class in context${times} as ${shown.map((label) => `L${label}`).join(' and ')}`;
  if (beside !== '') return `${note}; its own label L${ownLabel} stands beside ${beside}`;
  return shown.includes(ownLabel) ? note : `${note}; its own label L${ownLabel} is absent`;
}

/** `burstiness 1, distractor` and the like; parts of a mixture with their percentages. */
export function describeMixture(components: readonly MixtureComponent[]): string {
  if (components.length === 1) return describeDistribution(components[0].distribution);
  return components
    .map(({ probability, distribution }) => {
      const percent = Number((100 * probability).toPrecision(6));
      return `${percent}% ${describeDistribution(distribution)}`;
    })
    .join('; ');
}

function describeDistribution(distribution: SequenceDistribution): string {
  const { burstiness, relabel, zipfExponent } = distribution;
  const parts = [`burstiness ${burstiness}`];
  if (burstiness > 0) parts.push(distribution.distractor ? 'distractor' : 'no distractor');
  if (distribution.uniqueRest) parts.push('uniqueRest');
  else if (distribution.noSupport) parts.push('noSupport');
  if (distribution.queryLabelInContext) parts.push('queryLabelInContext');
  if (relabel !== 'none') parts.push(`relabel ${relabel}`);
  if (distribution.matchExemplars) parts.push('matchExemplars');
  if (zipfExponent > 0) parts.push(`zipfExponent ${zipfExponent}`);
  return parts.join(', ');
}

/**
 * The groups as text: `c12/e3:L12  c7/e1:L7  | c12/e9 -> L12  (query class in context as L12)`, where c is a class, e
 * one of its exemplars and L a label. Columns line up within a group.
 */
export function formatExampleGroups(groups: readonly ExampleGroup[]): string {
  return groups.map(formatGroup).join('\n\n');
}

function formatGroup({ role, displayName, description, sequences }: ExampleGroup): string {
  const title = role === 'training' ? displayName : `${displayName} (${role})`;
  const rows = sequences.map(({ context, query, note }) => [
    ...context.map(({ class: row, exemplar, label }) => `c${row}/e${exemplar}:L${label}`),
    `| c${query.class}/e${query.exemplar} -> L${query.label}`,
    `(${note})`,
  ]);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column].length))) ?? [];
  const lines = rows.map(
    (row) =>
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd()}`,
  );
  return [`${title}: ${description}`, ...lines].join('\n');
}
