/** The report of figure 1b as one HTML page: the figure, what it shows, the verdicts, and how every number was made. */
import { strategyFloor } from '../../../src/evaluate/dominant-strategy.ts';
import { formatCount, formatSequences } from '../../../src/report/format.ts';
import { type Html, html, trustedMarkup } from '../../../src/report/html.ts';
import { type MetricsTable, setSizes } from '../../../src/report/metrics-table.ts';
import { reportPage } from '../../../src/report/page.ts';
import type { ClaimVerdict } from '../claims/claim.ts';
import { claimsTable, verdictSummary } from '../claims/claims-table.ts';
import { runSection } from '../run-section.ts';
import type { RunInfo, RunScale } from '../scale.ts';
import { fig1bMoments } from './fig1b-moments.ts';
import { drawFig1b } from './figure.ts';
import { momentsTable } from './moments-table.ts';
import { endOf, fig1bEvaluators, runCurves } from './series.ts';
import {
  measuresSentence,
  momentsSentence,
  seedsSentence,
  sourceSentence,
  titleSentence,
} from './wording.ts';

function figureSection(table: MetricsTable, info: RunInfo): Html {
  const curves = runCurves(table);
  const { moments, ciwlLevel } = fig1bMoments(curves, info.scale);
  const draw = (layout: 'wide' | 'narrow'): Html =>
    trustedMarkup(drawFig1b(table, info, { layout, standalone: false, id: `fig1b-${layout}` }));
  return html`<figure class="figure">
<div class="wide">${draw('wide')}</div>
<div class="narrow">${draw('narrow')}</div>
<figcaption>
<p>${momentsSentence(moments, ciwlLevel, endOf(curves))}</p>
<p>${measuresSentence(info, setSizes(table, fig1bEvaluators))}</p>
</figcaption>
</figure>`;
}

function readingSection(info: RunInfo): Html {
  return html`<h2>How to read it</h2>
<p>Each training sequence shows two labelled examples and asks for the label of a third. The answer always stands in the context, and there are two ways to find it. Each curve asks the same model, at that moment of its training, a different question:</p>
<dl>
<dt>train</dt><dd>sequences as in training, where either way leads to the answer.</dd>
<dt>ICL, in-context learning</dt><dd>the two classes get the labels 0 and 1 at random, so that only comparing the examples leads to the answer; chance is .5.</dd>
<dt>CIWL, context-constrained in-weights learning</dt><dd>the context shows the right label but on another class, so that the model must know the class's label from its weights and use the context only to choose between two labels; chance is .5.</dd>
<dt>Flip</dt><dd>the two classes swap their labels, so that the two ways disagree: 1 is pure ICL, 0 pure CIWL.</dd>
<dt>IWL, in-weights learning</dt><dd>neither the class nor its label is in the context, so that only the weights can tell the label among all ${formatCount(info.labels)}; accuracy over all of them is drawn.</dd>
</dl>
<p>In the paper ICL comes first, helped by what it shares with CIWL, and is then driven out by it: Flip rises, turns and falls to 0.</p>`;
}

const fixedBefore = 'Which claims are judged, and by what numbers, was fixed before any run was judged.';

const rulesSentence: Readonly<Record<RunScale, string>> = {
  own: 'They speak of runs at the quick and at the paper scale, so none of them is judged on this one.',
  smoke: 'A smoke run is judged by none of them.',
  quick:
    `${fixedBefore} The quick scale has thirty times the paper's rate, about a third of its length and other features: ` +
    "times in sequences mean nothing there, so the paper's rules are restated in shares of the run or at its own moments. " +
    'Under each rule stands why it has its numbers.',
  paper:
    `${fixedBefore} The rules' ranges allow for what the paper's six seeds and the re-run show: a public re-run of the ` +
    "released code with the data layout the paper's text describes. Under each rule stands what they show.",
};

function claimsSection(info: RunInfo, verdicts: readonly ClaimVerdict[]): Html {
  if (info.scale === 'own') {
    return html`<h2>The claims of figure 1b</h2>
<p>${rulesSentence.own}${info.notOfScale === undefined ? '' : ` It is ${info.notOfScale}.`}</p>`;
  }
  return html`<h2>The claims of figure 1b</h2>
<p>Every verdict speaks of the features this run learnt from, <strong>${sourceSentence(info).replace(/^Features: /, '')}</strong>, at ${info.scale} scale. The paper's own features are of Omniglot drawings; with others, a claim that fails tells of those features and is no failed replication of the paper. ${rulesSentence[info.scale]}</p>
<p>A claim is judged only once the run has come as far as it speaks of, and only where its evaluators were measured; else it is "not applicable", with the reason.</p>
${claimsTable(verdicts)}`;
}

function methodSection(table: MetricsTable, info: RunInfo): Html {
  const sizes = setSizes(table, fig1bEvaluators).map(formatCount).join(' or ');
  return html`<h2>How each number was made</h2>
<ul>
<li>A point is a mean over the evaluator's set: ${sizes === '' ? 'none yet' : sizes} sequences drawn once from the eval seed, the same at every evaluation. In-context accuracy counts how often the right one of the labels in the context gets the highest score.</li>
<li>A band is Wilson's 95% interval for that many sequences. It tells how exact the point is, not how much another seed would differ.</li>
<li>A moment is where the straight line between two evaluations passes the level. Flip's rise and fall count once it has gone past .5 by three standard errors; the moment is its last passage before that. A moment that never came is not drawn.</li>
<li>The dominant strategy is none while train is below .${String(strategyFloor).slice(2)}, then ICL where Flip is at least .5, else CIWL; it holds halfway to the neighbouring evaluations.</li>
<li>A claim's value at a time lies on the straight line between two evaluations; over a stretch of time it is the mean of the evaluations in it. "The end" is the last evaluation of a whole run${info.scale === 'own' ? '' : ' of this scale'}, ${formatSequences(Math.max(info.scaleSequences, info.trainSequences))} sequences.</li>
<li>The paper's curves were digitised from its figure: values within .005 (.01 where curves overlap), times within 300,000 sequences. It shows no IWL.</li>
<li>Every point drawn stands in <code>fig1b.csv</code>.</li>
</ul>`;
}

/** The page. All text that came with `info` is escaped; nothing in it is fetched. */
export function fig1bPage(table: MetricsTable, info: RunInfo, verdicts: readonly ClaimVerdict[]): string {
  const curves = runCurves(table);
  const body = html`<h1>${titleSentence(info)}</h1>
<p class="lead">${sourceSentence(info)}</p>
<p class="lead">${seedsSentence(info)}</p>
${
  info.standing === undefined
    ? undefined
    : html`<p class="lead">Not finished: ${info.standing}</p>
`
}${info.scale === 'own' ? undefined : verdictSummary(verdicts)}
${figureSection(table, info)}
${readingSection(info)}
${claimsSection(info, verdicts)}
<h2>The moments</h2>
${momentsTable(fig1bMoments(curves, info.scale), info.scale, Math.max(info.trainSequences, 1))}
${methodSection(table, info)}
${runSection(info)}`;
  return reportPage(titleSentence(info), body);
}
