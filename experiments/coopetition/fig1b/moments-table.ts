/** The four moments as a table of a page: this run's, and the paper's by the same code. */
import { momentDefinition, type MomentNumber, momentNumbers } from '../../../src/evaluate/moments.ts';
import { formatAccuracy, formatSequences, formatShare } from '../../../src/report/format.ts';
import { type Html, html } from '../../../src/report/html.ts';
import { paperSequences } from '../data/paper-curve.ts';
import type { MomentsFound } from './fig1b-moments.ts';

function cell(found: MomentsFound, number: MomentNumber, length: number): string {
  const moment = found.moments[number];
  if (moment === undefined) return 'not reached';
  const value = number === 2 ? `, Flip ${formatAccuracy(moment.value)}` : '';
  const level = number === 4 ? `, CIWL ${formatAccuracy(found.ciwlLevel)}` : '';
  return `${formatSequences(moment.sequences)} (${formatShare(moment.sequences / length)} of the run${value}${level})`;
}

/** @param length sequences of the whole run, as planned */
export function momentsTable(ours: MomentsFound, paper: MomentsFound, length: number): Html {
  const row = (number: MomentNumber): Html => html`<tr>
<th scope="row"><span class="moment">${number}</span> ${momentDefinition(number, ours.ciwlLevel)}</th>
<td data-label="This run">${cell(ours, number, length)}</td>
<td data-label="The paper">${cell(paper, number, paperSequences)}</td>
</tr>
`;
  return html`<table class="stacks">
<thead><tr><th scope="col">Moment</th><th scope="col">This run</th><th scope="col">The paper</th></tr></thead>
<tbody>
${momentNumbers.map(row)}</tbody>
</table>`;
}
