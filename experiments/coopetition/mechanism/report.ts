/** Everything that is written of a mechanism figure, as a pure function of its content. */
import { toCsv } from '../../../src/report/csv.ts';
import type { ReportContent } from '../save-report.ts';
import type { RunInfo } from '../scale.ts';
import type { MechanismFigure } from './content.ts';
import { drawMechanism } from './figure.ts';
import { mechanismPage } from './page.ts';

export function mechanismReport(figure: MechanismFigure, info: RunInfo): ReportContent {
  return {
    svg: drawMechanism(figure, info),
    csv: toCsv(figure.csv.header, figure.csv.rows),
    html: mechanismPage(figure, info),
  };
}
