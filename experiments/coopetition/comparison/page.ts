/** The report of several runs as one HTML page: the figure, the runs, their moments, and how every number was made. */
import { formatAccuracy } from '../../../src/report/format.ts';
import { type Html, html, trustedMarkup } from '../../../src/report/html.ts';
import { factsTable, reportPage } from '../../../src/report/page.ts';
import { factsOf } from '../facts.ts';
import { drawComparison } from './figure.ts';
import { comparedEvaluators } from './group-curves.ts';
import type { ComparedRun, RunGroup } from './groups.ts';
import { compareMoments } from './moments.ts';
import { momentsTable, runsTable } from './tables.ts';
import { captionSentences, differencesSentence, titleSentence } from './wording.ts';

function figureSection(groups: readonly RunGroup[]): Html {
  const draw = (layout: 'wide' | 'narrow'): Html =>
    trustedMarkup(drawComparison(groups, { layout, standalone: false, id: `runs-${layout}` }));
  const evaluators = comparedEvaluators(groups.flatMap(({ runs }) => runs));
  return html`<figure class="figure">
<div class="wide">${draw('wide')}</div>
<div class="narrow">${draw('narrow')}</div>
<figcaption>
${captionSentences(groups, evaluators).map(
  (sentence) => html`<p>${sentence}</p>
`,
)}</figcaption>
</figure>`;
}

function methodSection(groups: readonly RunGroup[], ciwlLevel: number): Html {
  const hasGroups = groups.some(({ runs }) => runs.length > 1);
  return html`<h2>How each number was made</h2>
<ul>
<li>A point of a run is a mean over its evaluator's set, sequences drawn once from the run's eval seed. In-context accuracy counts how often the right one of the labels in the context gets the highest score.</li>
${
  hasGroups
    ? html`<li>Runs whose settings differ in nothing but seeds, length and schedules are a group. Its mean is taken only where every run of it was evaluated, nothing is interpolated; the band goes from the smallest to the largest of its runs there, and is no confidence interval.</li>
`
    : undefined
}<li>A moment is where the straight line between two evaluations passes the level. Flip's rise and fall count once it has gone past .5 by three standard errors; the moment is its last passage before that. For moment 4 CIWL must reach ${formatAccuracy(ciwlLevel)} in every run.${hasGroups ? ' The mean and the range of a moment are over the runs that reached it; a maximum at the last evaluation may yet be passed and is left out.' : ''}</li>
<li>Every point drawn stands in <code>runs.csv</code>.</li>
</ul>`;
}

function runSection({ info }: ComparedRun): Html {
  return html`<details><summary>${info.name}</summary>
${factsTable([
  ['Command', html`<code>${info.command}</code>`],
  ['Features', info.source],
  ['Run began', info.begun],
  ...factsOf('Engine: ', info.engine),
  ...factsOf('', info.machine),
  ...factsOf('Code: ', info.code),
])}
<pre>${info.config}</pre>
</details>
`;
}

/** The page. All text that came with the runs is escaped; nothing in it is fetched. */
export function comparisonPage(groups: readonly RunGroup[]): string {
  const moments = compareMoments(groups);
  const runs = groups.flatMap((group) => group.runs);
  const body = html`<h1>${titleSentence(groups)}</h1>
<p class="lead">${differencesSentence(groups)}</p>
${figureSection(groups)}
<h2>The runs</h2>
${runsTable(groups)}
<h2>The moments</h2>
<p>Sequences seen at the four moments of figure 1b; of the second, also how high Flip is.</p>
${momentsTable(groups, moments)}
${methodSection(groups, moments.ciwlLevel)}
<h2>How the runs were made</h2>
${runs.map(runSection)}`;
  return reportPage(titleSentence(groups), body);
}
