/** Several runs on a terminal: where each stands and when its moments came, groups with mean and range. Pure. */
import { lastEvaluationOf } from '../../experiments/coopetition/comparison/group-curves.ts';
import type { RunGroup } from '../../experiments/coopetition/comparison/groups.ts';
import {
  type ComparedMoments,
  momentText,
  rangeText,
} from '../../experiments/coopetition/comparison/moments.ts';
import { differencesSentence } from '../../experiments/coopetition/comparison/wording.ts';
import { momentDefinition, momentNumbers } from '../evaluate/moments.ts';
import { formatSequences } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import { fittedTable } from './fitted-table.ts';

/** @param width characters of a line; undefined for as many as it takes */
export function comparisonText(
  groups: readonly RunGroup[],
  { groups: found, ciwlLevel }: ComparedMoments,
  width?: number,
): string {
  const differ = groups.some(({ words }) => words !== '');
  const rows = groups.flatMap((group, i) => [
    ...group.runs.map((run, j) => [
      visibleLine(run.info.name),
      run.info.standing === undefined ? 'finished' : run.info.standing.replace(/,.*/, ''),
      `${formatSequences(lastEvaluationOf(run))} of ${formatSequences(run.info.trainSequences)}`,
      ...momentNumbers.map((number) => momentText(found[i].runs[j], number, found[i].peakSoFar[j])),
      ...(differ ? [visibleLine(group.words)] : []),
    ]),
    ...(group.runs.length < 2
      ? []
      : [
          [
            `mean of ${group.runs.length}`,
            '',
            '',
            ...momentNumbers.map((number) => rangeText(found[i], number)),
          ],
        ]),
  ]);
  const header = ['run', 'state', 'sequences', ...momentNumbers.map((number) => `moment ${number}`)];
  const moments = momentNumbers.map((number) => `${number} ${momentDefinition(number, ciwlLevel)}`);
  return (
    `${differencesSentence(groups)}\n` +
    fittedTable(differ ? [...header, 'settings'] : header, rows, width) +
    `moments: ${moments.join('; ')}\n`
  );
}
