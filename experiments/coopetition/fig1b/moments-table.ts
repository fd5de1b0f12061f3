/** The four moments as a table of a page: this run's, and the paper's by the same code at the same level of CIWL. */
import { momentDefinition, type MomentNumber, momentNumbers } from '../../../src/evaluate/moments.ts';
import { formatAccuracy, formatSequences, formatShare } from '../../../src/report/format.ts';
import { type Html, html } from '../../../src/report/html.ts';
import { paperSequences } from '../data/paper-curve.ts';
import type { RunScale } from '../scale.ts';
import { type MomentsFound, paperMoments } from './fig1b-moments.ts';
import { paperTimesSentence } from './wording.ts';

function cell(found: MomentsFound, number: MomentNumber, length: number): string {
  const moment = found.moments[number];
  if (moment === undefined) return 'not reached';
  const value = number === 2 ? `, Flip ${formatAccuracy(moment.value)}` : '';
  const level = number === 4 ? `, CIWL ${formatAccuracy(found.ciwlLevel)}` : '';
  return `${formatSequences(moment.sequences)} (${formatShare(moment.sequences / length)} of the run${value}${level})`;
}

/** What the paper itself marks as moment 4, where this scale asks for another level of CIWL. */
function marked(number: MomentNumber, ours: MomentsFound): string {
  const own = paperMoments();
  const moment = own.moments[4];
  if (number !== 4 || moment === undefined || own.ciwlLevel === ours.ciwlLevel) return '';
  const share = formatShare(moment.sequences / paperSequences);
  return `; the paper's own moment 4 is CIWL ${formatAccuracy(own.ciwlLevel)}, ${formatSequences(moment.sequences)} (${share})`;
}

/** @param length sequences of the whole run, as planned */
export function momentsTable(ours: MomentsFound, scale: RunScale, length: number): Html {
  const paper = paperMoments(scale);
  const row = (number: MomentNumber): Html => html`<tr>
<th scope="row"><span class="moment">${number}</span> ${momentDefinition(number, ours.ciwlLevel)}</th>
<td data-label="This run">${cell(ours, number, length)}</td>
<td data-label="The paper">${cell(paper, number, paperSequences)}${marked(number, ours)}</td>
</tr>
`;
  return html`<table class="stacks">
<thead><tr><th scope="col">Moment</th><th scope="col">This run</th><th scope="col">The paper</th></tr></thead>
<tbody>
${momentNumbers.map(row)}</tbody>
</table>
<p>${paperTimesSentence}</p>`;
}
