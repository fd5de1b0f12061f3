/**
 * What the five evaluators test (docs/specification.md, "Evaluators"). They depend on the context length and the sizes of the data
 * alone: never on a run's Zipf exponent, mixture, matching or noise, so that runs can be compared.
 */
import { LabError } from '../errors/lab-error.ts';
import { burstyBurstiness, unsupported } from './distributions.ts';
import { dataStreams } from './random-streams.ts';
import type { ResolvedData } from './resolved-data.ts';
import {
  distributionProblems,
  plainBursty,
  type SequenceDistribution,
  type SequenceLimits,
} from './sequence-distribution.ts';

/** In the order of their random streams: append only. */
export const evaluatorNames = ['train', 'icl', 'ciwl', 'flip', 'iwl', 'trainB2', 'trainB3'] as const;

export type EvaluatorName = (typeof evaluatorNames)[number];

export interface EvaluatorDefinition extends SequenceLimits {
  readonly name: EvaluatorName;
  /** As the papers write it. */
  readonly displayName: string;
  /** One sentence for a reader. */
  readonly description: string;
  readonly distribution: SequenceDistribution;
  /** Exemplars 0 .. exemplars - 1 of each class are used. */
  readonly exemplars: number;
  /** Random stream the set is drawn from. */
  readonly stream: number;
  /** Metric in which a guesser's level is worth drawing: IWL's in-context accuracy is 0 by construction. */
  readonly chanceMetric: 'inContextAccuracy' | 'accuracy';
}

/** The paper's 2-pair sets show these rows and exemplars only; its 8-pair sets show all. */
const twoPairClasses = 1600;
const twoPairExemplars = 5;

/**
 * The evaluators of a run, in the order they are reported. With an odd number of pairs the ICL and Flip contexts have
 * one place to spare; it shows a third class under its own label.
 * @throws {LabError} when the run has too few classes for one of them.
 */
export function evaluatorDefinitions(
  data: Pick<ResolvedData, 'contextPairs' | 'classes' | 'exemplars' | 'labels'>,
): EvaluatorDefinition[] {
  const { contextPairs, labels } = data;
  const restricted = contextPairs === 2;
  const named = Math.min(data.classes, labels);
  const classes = restricted ? Math.min(twoPairClasses, named) : named;
  const exemplars = restricted ? Math.min(twoPairExemplars, data.exemplars) : data.exemplars;
  const twoWay = { ...plainBursty, burstiness: Math.floor(contextPairs / 2), noSupport: true };
  const train = (name: EvaluatorName, burstiness: number) =>
    define(
      name,
      name === 'train' ? 'train' : `train, burstiness ${burstiness}`,
      "bursty: the query's class and one other stand in the context under their own labels",
      { ...plainBursty, burstiness },
    );
  const define = (
    name: EvaluatorName,
    displayName: string,
    description: string,
    distribution: SequenceDistribution,
  ): EvaluatorDefinition => {
    const [problem] = distributionProblems(distribution, { contextPairs, classes, labels });
    if (problem) {
      throw new LabError(`data.classes: evaluator ${displayName} cannot be drawn: ${problem.message}`);
    }
    return {
      name,
      displayName,
      description,
      distribution,
      contextPairs,
      classes,
      exemplars,
      labels,
      stream: dataStreams.evaluators + evaluatorNames.indexOf(name),
      chanceMetric: name === 'iwl' ? 'accuracy' : 'inContextAccuracy',
    };
  };
  return [
    ...(contextPairs === 8
      ? [train('trainB2', 2), train('trainB3', 3)]
      : [train('train', burstyBurstiness(contextPairs))]),
    define(
      'icl',
      'ICL',
      'two classes under the labels 0 and 1 in random order: only the context tells which',
      {
        ...twoWay,
        relabel: 'zeroOne',
      },
    ),
    define('ciwl', 'CIWL', "the query's class is absent; its label stands beside another class", {
      ...unsupported,
      queryLabelInContext: true,
    }),
    define('flip', 'Flip', 'two classes with their labels swapped: 1 is pure ICL, 0 pure CIWL', {
      ...twoWay,
      relabel: 'flip',
    }),
    define('iwl', 'IWL', "neither the query's class nor its label stands in the context", unsupported),
  ];
}
