/** Pictures of runs. */
import { drawFig1b as drawFigure } from '../../experiments/coopetition/fig1b/figure.ts';
import type { ReadRun } from '../../experiments/coopetition/read-run.ts';
import { describeRun } from '../../experiments/coopetition/run-info.ts';
import { scaleOf } from '../../experiments/coopetition/run-scale.ts';

/**
 * Figure 1b of a run: accuracy on each evaluator over training, with the paper's curves beside it.
 * @returns an SVG that stands alone; a run without an evaluation gives empty axes that say so
 */
export function drawFig1b(run: ReadRun): string {
  return drawFigure(run.table, describeRun(run, scaleOf(run.config)));
}
