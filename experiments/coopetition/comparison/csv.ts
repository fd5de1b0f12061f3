/** The numbers behind a comparison, one point a line: every run's curves, then the means of groups with their range. */
import { type CsvCell, toCsv } from '../../../src/report/csv.ts';
import { comparedEvaluators, groupCurves } from './group-curves.ts';
import type { RunGroup } from './groups.ts';

const header = [
  'series',
  'group',
  'run',
  'id',
  'evaluator',
  'metric',
  'sequences',
  'value',
  'smallest',
  'largest',
  'runs',
  'n',
] as const;

/**
 * `series` is `run` or `mean`. Of a run `n` is how many sequences the value is a mean of; of a mean `runs` is how many
 * runs it is over, with the smallest and the largest of them.
 */
export function comparisonCsv(groups: readonly RunGroup[]): string {
  const evaluators = comparedEvaluators(groups.flatMap(({ runs }) => runs));
  const rows = groups.flatMap((group) =>
    evaluators.flatMap((evaluator): CsvCell[][] => {
      const { name, metric } = evaluator;
      const { runs, mean } = groupCurves(group, evaluator);
      const ofRuns = runs.flatMap((curve, i) => {
        const { info } = group.runs[i];
        return curve.map(({ sequences, value, n }): CsvCell[] => [
          'run',
          group.label,
          info.name,
          info.id,
          name,
          metric,
          sequences,
          value,
          undefined,
          undefined,
          undefined,
          n,
        ]);
      });
      const ofMean = mean.map(({ sequences, value, smallest, largest }): CsvCell[] => [
        'mean',
        group.label,
        undefined,
        undefined,
        name,
        metric,
        sequences,
        value,
        smallest,
        largest,
        runs.length,
        undefined,
      ]);
      return [...ofRuns, ...ofMean];
    }),
  );
  return toCsv(header, rows);
}
