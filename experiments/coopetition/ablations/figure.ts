/** The numbers of section 4 and of appendix C.1 as tables: accuracy with paths of the model taken away. Pure. */
import type { AblationEvaluator, AblationName, AblationTable } from '../../../src/analyse/ablations.ts';
import { formatCount } from '../../../src/report/format.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { appendixC1Claims, section4Claims } from '../claims/ablation-claims.ts';
import { judgeMechanism } from '../claims/mechanism-claim.ts';
import { viewRun } from '../claims/run-view.ts';
import type { MechanismFigure } from '../mechanism/content.ts';
import { headsFromZero, momentSentence } from '../mechanism/wording.ts';
import type { RunInfo } from '../scale.ts';

export type AblationFigureName = 'sec4' | 'appc1';

interface Row {
  readonly ablation: AblationName;
  readonly name: string;
  /** As the authors' notebook prints it: train, CIWL, Flip. */
  readonly paper?: readonly [train: number, ciwl: number, flip: number];
}

const whole: Row = { ablation: 'whole', name: 'the whole model', paper: [0.9862, 0.9874, 0.0146] };
const contents = {
  sec4: {
    number: 'Section 4',
    title: 'what the second block has from the first',
    heading: 'In-context accuracy; heads of block 0 are silent in all rows but the first',
    evaluators: ['train', 'ciwl', 'flip'],
    claims: section4Claims,
    rows: [
      whole,
      {
        ablation: 'outputs',
        name: 'q, k, v kept',
        paper: [0.9852, 0.9848, 0.0178],
      },
      { ablation: 'outputsAndQueries', name: 'k, v kept', paper: [0.9574, 0.954, 0.046] },
      { ablation: 'outputsAndKeys', name: 'q, v kept', paper: [0.5706, 0.5748, 0.4466] },
      { ablation: 'outputsAndValues', name: 'q, k kept', paper: [0.5928, 0.5864, 0.4] },
      { ablation: 'earlierHeads', name: 'nothing kept' },
    ],
    reading: [
      'If the model solves its task by a chain of two heads, one of the first block that marks labels and one of the second that looks for the mark, then the first block matters only for what it gives to the second’s queries, keys and values. With all three kept as they were its heads may fall silent; with one of them computed anew, what is lost is what that one had from the first block.',
    ],
  },
  appc1: {
    number: 'Appendix C.1',
    title: 'what the model knows without its heads',
    heading: 'In-context accuracy',
    evaluators: ['train', 'ciwl', 'flip', 'iwl'],
    claims: appendixC1Claims,
    rows: [
      whole,
      { ablation: 'allHeads', name: 'no heads at all', paper: [0.6268, 0.6242, 0.3752] },
      { ablation: 'directPath', name: 'no tokens past the heads', paper: [0.9674, 0.9672, 0.034] },
    ],
    reading: [
      'What a query says by itself, without looking at the context, is one path from the embedding to the answer; what heads bring is another. The second row has only the first path, the third only the second.',
    ],
  },
} as const satisfies Record<AblationFigureName, unknown>;

const columns: Readonly<Record<AblationEvaluator, string>> = {
  train: 'train',
  ciwl: 'CIWL',
  flip: 'Flip',
  iwl: 'IWL',
};

/** The paper's number in a row; of IWL every row has 0. */
function paperValue({ paper }: Row, evaluator: AblationEvaluator): number | undefined {
  if (!paper || evaluator === 'iwl') return paper && 0;
  return paper[(['train', 'ciwl', 'flip'] as const).indexOf(evaluator)];
}

export function ablationFigure(
  name: AblationFigureName,
  metrics: MetricsTable,
  { sequences, table }: { readonly sequences: number; readonly table: AblationTable },
  info: RunInfo,
): MechanismFigure {
  const { number, title, heading, claims, reading } = contents[name];
  const rows: readonly Row[] = contents[name].rows;
  const evaluators: readonly AblationEvaluator[] = contents[name].evaluators;
  const noted = rows.filter(({ paper }) => paper !== undefined);
  const ours = rows.flatMap((row) =>
    evaluators.map((evaluator) => [
      'run',
      row.ablation,
      evaluator,
      table.accuracies[row.ablation][evaluator],
      table.sequences,
      info.source,
    ]),
  );
  const papers = noted.flatMap((row) =>
    evaluators.map((evaluator) => [
      'paper',
      row.ablation,
      evaluator,
      paperValue(row, evaluator),
      5000,
      'arXiv 2503.05631, the authors’ notebook',
    ]),
  );
  return {
    name,
    number,
    title,
    columns: 1,
    panels: [
      {
        kind: 'heatmap',
        heading,
        columns: evaluators.map((evaluator) => columns[evaluator]),
        columnLabel: 'evaluator',
        nameWidth: 220,
        rows: [
          ...rows.map((row) => ({
            name: row.name,
            values: evaluators.map((evaluator) => table.accuracies[row.ablation][evaluator]),
          })),
          ...noted.map((row) => ({
            name: `paper: ${row.name}`,
            values: evaluators.map((evaluator) => paperValue(row, evaluator) ?? Number.NaN),
            isNote: true,
          })),
        ],
      },
    ],
    caption: [
      `Over ${formatCount(table.sequences)} sequences of each evaluator; chance is .5${name === 'appc1' ? ', and 0 on IWL' : ''}. ${momentSentence(sequences)} ${headsFromZero}`,
    ],
    reading,
    method: [
      'A silent head has values 0 at every place; what is kept is, in every block, that of a clean pass; everything else is computed anew. The token embedding is 0 at every place, positions stay.',
      'The paper’s numbers are those its notebook prints; where its text differs (59.3% for values, 62.46% without heads), the notebook’s stand here.',
    ],
    csv: {
      header: ['series', 'ablation', 'evaluator', 'in_context_accuracy', 'n', 'source'],
      rows: [...ours, ...papers],
    },
    verdicts: judgeMechanism(claims, viewRun(metrics, info), table, info),
  };
}
