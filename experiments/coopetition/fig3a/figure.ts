/** Figure 3a: induction strength of the second block's heads over training, on Flip. Pure. */
import { strengthCurves } from '../../../src/analyse/attention-readouts.ts';
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { judgeMechanism } from '../claims/mechanism-claim.ts';
import { viewRun } from '../claims/run-view.ts';
import { fig3aClaims } from '../claims/strength-claims.ts';
import { type AttentionMoment, isEarlyScale } from '../mechanism/attention-tables.ts';
import type { MechanismFigure } from '../mechanism/content.ts';
import { curveRows, line } from '../mechanism/series.ts';
import { headsFromZero } from '../mechanism/wording.ts';
import type { RunInfo } from '../scale.ts';

export function fig3aFigure(
  metrics: MetricsTable,
  moments: readonly AttentionMoment[],
  info: RunInfo,
): MechanismFigure {
  const block = (moments[0]?.table.depth ?? 1) - 1;
  const curves = strengthCurves(moments, 'flip', block);
  const end = Math.max(info.trainSequences, moments.at(-1)?.sequences ?? 0, 1);
  const named = curves.map((curve, head) => ({ name: head, curve }));
  return {
    name: 'fig3a',
    number: 'Figure 3a',
    title: 'the heads that read the context first are those that follow the weights later',
    columns: 1,
    panels: [
      {
        kind: 'lines',
        heading: `Heads of block ${block} on Flip`,
        series: curves.map((curve, head) => line(curve, `head ${head}`, head)),
        x: { kind: 'sequences', end, isRoot: isEarlyScale(info.scale) },
        y: { label: 'induction strength', ticks: [-1, -0.5, 0, 0.5, 1] },
        level: 0,
      },
    ],
    caption: [
      'Attention from the query to the label that ICL would choose, less that to the other, mean over Flip; above 0 a head follows the context, below 0 the weights. ' +
        `${moments.length} moments of the run. ${headsFromZero} In the paper every head is near 0 until 3M, highest at .28 to .33 around 4.2M, crosses 0 at 6.2M to 6.9M and ends at -.51 to -.55.`,
    ],
    reading: [
      'On a Flip sequence the two context classes have swapped their labels. A head that matches the query with the like exemplar looks at the label beside it; a head that knows the class’s own label looks at that one, which now stands beside the other.',
      'In the paper the same heads do first the one and then the other: the second strategy does not bring circuits of its own but takes over those of the first.',
    ],
    method: [
      'Induction strength of a sequence is the query’s attention to labels that are the correct one less its attention to the other labels of the context; a point is the mean over the evaluator’s set.',
    ],
    csv: {
      header: ['evaluator', 'block', 'head', 'sequences', 'strength', 'source'],
      rows: curveRows(named, ['flip', block], [info.source]),
    },
    verdicts: judgeMechanism(fig3aClaims, viewRun(metrics, info), moments, info),
  };
}
