/** A data config joined to the source it draws from: every size a number, every part of a mixture complete. */
import { LabError } from '../errors/lab-error.ts';
import { type DataSettings, dataProblems, mixtureComponents } from './data-problems.ts';
import type { ExemplarSource } from './exemplar-source.ts';
import { type MixtureComponent, problemLine } from './sequence-distribution.ts';

/** What training sequences are made of, all sizes known. */
export interface ResolvedData {
  readonly contextPairs: number;
  /** Rows 0 .. classes - 1 of the source are trained on. */
  readonly classes: number;
  /** Exemplars 0 .. exemplars - 1 of each class are trained on. */
  readonly exemplars: number;
  /** Labels of the model; class c has label c. */
  readonly labels: number;
  /** Numbers per exemplar. */
  readonly exampleDim: number;
  /** Sigma of the noise training adds to exemplars; 0 = none. */
  readonly exemplarNoise: number;
  /** Kinds of training sequences; probabilities sum to 1. */
  readonly components: readonly MixtureComponent[];
}

/**
 * Joins a config to its opened source.
 * @throws {LabError} the first problem, as `data.<path>: <message>`.
 */
export function resolveData(
  config: DataSettings & { readonly exemplarNoise: number },
  source: Pick<ExemplarSource, 'classes' | 'exemplars' | 'dim'>,
): ResolvedData {
  const [problem] = dataProblems(config, source);
  if (problem) throw new LabError(problemLine(problem));
  const { classes = source.classes, exemplars = source.exemplars } = config;
  return {
    contextPairs: config.contextPairs,
    classes,
    exemplars,
    labels: config.labels ?? classes,
    exampleDim: source.dim,
    exemplarNoise: config.exemplarNoise,
    components: mixtureComponents(config),
  };
}
