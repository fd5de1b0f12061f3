/** The report of a mechanism figure as one HTML page: the figure, how to read it, the verdicts, how it was made. */
import { type Html, html, trustedMarkup } from '../../../src/report/html.ts';
import { reportPage } from '../../../src/report/page.ts';
import { claimsTable, verdictSummary } from '../claims/claims-table.ts';
import { seedsSentence, sourceSentence } from '../fig1b/wording.ts';
import { runSection } from '../run-section.ts';
import type { RunInfo } from '../scale.ts';
import type { MechanismFigure } from './content.ts';
import { drawMechanism } from './figure.ts';
import { figureTitle } from './wording.ts';

function figureSection(figure: MechanismFigure, info: RunInfo): Html {
  const draw = (layout: 'wide' | 'narrow'): Html =>
    trustedMarkup(drawMechanism(figure, info, { layout, standalone: false, id: `${figure.name}-${layout}` }));
  return html`<figure class="figure">
<div class="wide">${draw('wide')}</div>
<div class="narrow">${draw('narrow')}</div>
<figcaption>
${figure.caption.map(
  (sentence) => html`<p>${sentence}</p>
`,
)}</figcaption>
</figure>`;
}

function claimsSection({ number, verdicts }: MechanismFigure, info: RunInfo): Html | undefined {
  if (verdicts.length === 0) return undefined;
  const heading = `The claims of ${number.toLowerCase()}`;
  if (info.scale === 'own') {
    return html`<h2>${heading}</h2>
<p>They speak of runs at the quick and at the paper scale, so none of them is judged on this one.${info.notOfScale === undefined ? '' : ` It is ${info.notOfScale}.`}</p>`;
  }
  return html`<h2>${heading}</h2>
<p>Every verdict speaks of the features this run learnt from, <strong>${sourceSentence(info).replace(/^Features: /, '')}</strong>, at ${info.scale} scale. Which claims are judged, and by what numbers, was fixed before any run was judged by them; a claim that fails on other features than the paper's is no failed replication.</p>
${claimsTable(verdicts)}`;
}

/** The page. All text that came with `info` is escaped; nothing in it is fetched. */
export function mechanismPage(figure: MechanismFigure, info: RunInfo): string {
  const title = figureTitle(figure, info);
  const body = html`<h1>${title}</h1>
<p class="lead">${sourceSentence(info)}</p>
<p class="lead">${seedsSentence(info)}</p>
${
  info.standing === undefined
    ? undefined
    : html`<p class="lead">Not finished: ${info.standing}</p>
`
}${info.scale === 'own' || figure.verdicts.length === 0 ? undefined : verdictSummary(figure.verdicts)}
${figureSection(figure, info)}
<h2>How to read it</h2>
${figure.reading.map(
  (sentence) => html`<p>${sentence}</p>
`,
)}${claimsSection(figure, info)}
<h2>How each number was made</h2>
<ul>
${figure.method.map(
  (sentence) => html`<li>${sentence}</li>
`,
)}<li>Every number drawn stands in <code>${figure.name}.csv</code>.</li>
</ul>
${runSection(info)}`;
  return reportPage(title, body);
}
