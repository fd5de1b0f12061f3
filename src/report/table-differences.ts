/** How the metrics of two runs differ where both were evaluated: a pure function of their tables. */
import { type EvaluationRecord, type MetricName, metricNames } from '../evaluate/metrics.ts';
import type { MetricsTable } from './metrics-table.ts';

/** One metric of one evaluator. Differences are the second run's value less the first's. */
export interface CurveDifference {
  readonly evaluator: string;
  readonly metric: MetricName;
  /** Evaluations that both runs have. */
  readonly shared: number;
  /** Of those, how many differ in any bit. */
  readonly differing: number;
  /** The largest in size, the first of equals; absent where none differs. */
  readonly largest?: DifferenceAt;
  /** At the last evaluation that both have. */
  readonly last: DifferenceAt;
}

export interface DifferenceAt {
  /** Sequences seen. */
  readonly sequences: number;
  readonly difference: number;
}

/** Which evaluations the two have in common, over all evaluators. */
export interface SharedEvaluations {
  /** Sequences at which both were evaluated, in order. */
  readonly sequences: readonly number[];
  /** How many others only one of the two has. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

export interface TableDifferences {
  readonly shared: SharedEvaluations;
  readonly curves: readonly CurveDifference[];
  /** Evaluators that only one of the two has. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
  /** Whether every metric at every shared evaluation is the same, bit for bit. */
  readonly identical: boolean;
}

type ByEvaluator = ReadonlyMap<string, ReadonlyMap<number, EvaluationRecord>>;

/** Evaluations by evaluator, then by sequences; where a resumed run measured a moment twice the later one stays. */
function evaluations(table: MetricsTable): ByEvaluator {
  const found = new Map<string, Map<number, EvaluationRecord>>();
  for (const record of table) {
    if (record.kind !== 'evaluation') continue;
    const own = found.get(record.evaluator) ?? new Map<number, EvaluationRecord>();
    found.set(record.evaluator, own.set(record.sequences, record));
  }
  return found;
}

function sequencesOf(runs: ByEvaluator): Set<number> {
  return new Set([...runs.values()].flatMap((records) => [...records.keys()]));
}

export function tableDifferences(first: MetricsTable, second: MetricsTable): TableDifferences {
  const [a, b] = [evaluations(first), evaluations(second)];
  const [inFirst, inSecond] = [sequencesOf(a), sequencesOf(b)];
  const shared = [...inFirst].filter((at) => inSecond.has(at)).toSorted((x, y) => x - y);
  const common = [...a.keys()].filter((evaluator) => b.has(evaluator));
  const curves = common.flatMap((evaluator) =>
    metricNames.flatMap((metric) => curveDifference(a, b, evaluator, metric) ?? []),
  );
  return {
    shared: {
      sequences: shared,
      onlyFirst: inFirst.size - shared.length,
      onlySecond: inSecond.size - shared.length,
    },
    curves,
    onlyFirst: [...a.keys()].filter((evaluator) => !b.has(evaluator)),
    onlySecond: [...b.keys()].filter((evaluator) => !a.has(evaluator)),
    identical: curves.length > 0 && curves.every(({ differing }) => differing === 0),
  };
}

function curveDifference(
  first: ByEvaluator,
  second: ByEvaluator,
  evaluator: string,
  metric: MetricName,
): CurveDifference | undefined {
  const [a, b] = [first.get(evaluator), second.get(evaluator)];
  const points = [...(a?.values() ?? [])]
    .flatMap((record) => {
      const other = b?.get(record.sequences);
      if (other === undefined) return [];
      const same = Object.is(record[metric], other[metric]);
      const difference = same ? 0 : other[metric] - record[metric];
      return [{ sequences: record.sequences, difference, same }];
    })
    .toSorted((x, y) => x.sequences - y.sequences);
  const end = points.at(-1);
  if (end === undefined) return undefined;
  const differing = points.filter(({ same }) => !same);
  const size = ({ difference }: DifferenceAt) => Math.abs(difference);
  const largest = differing.reduce<DifferenceAt | undefined>(
    (best, next) => (best === undefined || size(next) > size(best) ? next : best),
    undefined,
  );
  const at = ({ sequences, difference }: DifferenceAt): DifferenceAt => ({ sequences, difference });
  return {
    evaluator,
    metric,
    shared: points.length,
    differing: differing.length,
    ...(largest === undefined ? {} : { largest: at(largest) }),
    last: at(end),
  };
}
