/** The verdicts as a table of a page. A failure is told by word and symbol, not by colour alone. */
import { type Html, html } from '../../../src/report/html.ts';
import type { ClaimVerdict, Verdict } from './claim.ts';
import { countVerdicts } from './claim.ts';

const verdictSymbols: Readonly<Record<Verdict, string>> = {
  holds: '✓',
  fails: '✗',
  'not applicable': '–',
};

const verdictClasses: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  fails: 'fails',
  'not applicable': 'unjudged',
};

function badge(verdict: Verdict): Html {
  return html`<span class="verdict ${verdictClasses[verdict]}">${verdictSymbols[verdict]} ${verdict}</span>`;
}

/** How many claims got which verdict: `✓ 7 hold`, `✗ 1 fails`, `– 3 not applicable`. */
export function verdictSummary(verdicts: readonly ClaimVerdict[]): Html {
  const { holds, fails, notApplicable } = countVerdicts(verdicts);
  const tag = (verdict: Verdict, text: string): Html =>
    html`<span class="verdict ${verdictClasses[verdict]}">${verdictSymbols[verdict]} ${text}</span>`;
  // Red only where something failed: a page without failures must not show a red mark.
  const failed = fails === 0 ? '0 fail' : tag('fails', `${fails} ${fails === 1 ? 'fails' : 'fail'}`);
  return html`<p class="summary">Claims of the figure: ${tag('holds', `${holds} ${holds === 1 ? 'holds' : 'hold'}`)} ${failed} ${tag('not applicable', `${notApplicable} not applicable`)}</p>`;
}

function small(text: string): Html | undefined {
  return text === '' ? undefined : html`<small>${text}</small>`;
}

function row(claim: ClaimVerdict): Html {
  const judged = claim.verdict !== 'not applicable';
  return html`<tr id="${claim.id}">
<th scope="row"><span class="id">${claim.id}</span> ${claim.what}</th>
<td data-label="The paper">${claim.paper}<small>${claim.how} (${claim.where})</small></td>
<td data-label="Holds if">${claim.passRule}${small(claim.passRuleReason)}</td>
<td data-label="This run">${claim.measured === '' ? '–' : claim.measured}</td>
<td data-label="Verdict">${badge(claim.verdict)}${claim.why === '' ? undefined : html` <span class="why">${claim.why}</span>`}${small(judged ? `on ${claim.source}` : '')}</td>
</tr>
`;
}

export function claimsTable(verdicts: readonly ClaimVerdict[]): Html {
  return html`<table class="stacks">
<colgroup><col style="width:18%"><col style="width:19%"><col style="width:28%"><col style="width:16%"><col></colgroup>
<thead><tr><th scope="col">Claim</th><th scope="col">The paper</th><th scope="col">Holds if</th><th scope="col">This run</th><th scope="col">Verdict</th></tr></thead>
<tbody>
${verdicts.map(row)}</tbody>
</table>`;
}
