/** The tables of a comparison's page: the runs, and their moments. */
import { momentDefinition, momentNumbers } from '../../../src/evaluate/moments.ts';
import { formatCount } from '../../../src/report/format.ts';
import { type Html, html } from '../../../src/report/html.ts';
import { lastEvaluationOf } from './group-curves.ts';
import { labelGroups } from './group-labels.ts';
import type { ComparedRun, RunGroup } from './groups.ts';
import { type ComparedMoments, momentText, rangeText } from './moments.ts';

/** `init 101, train 101, eval 1, source 101`. */
function seedsText({ info }: ComparedRun): string {
  return Object.entries(info.seeds)
    .map(([name, seed]) => `${name} ${seed}`)
    .join(', ');
}

/** Name, id, state, seeds, settings that differ, and how far each run was measured. */
export function runsTable(groups: readonly RunGroup[]): Html {
  const differ = groups.some(({ words }) => words !== '');
  const { texts, keyed } = labelGroups(groups);
  const row = (run: ComparedRun, letter: string, { words }: RunGroup): Html => {
    const { name, id, standing, trainSequences } = run.info;
    return html`<tr>
<th scope="row"><strong>${name}</strong>${id === undefined ? undefined : html` <small>id ${id}</small>`}</th>
${
  differ
    ? html`<td data-label="Settings">${keyed ? html`<strong>${letter}</strong> ` : undefined}${words}</td>
`
    : undefined
}<td data-label="Seeds">${seedsText(run)}</td>
<td data-label="Sequences">${formatCount(lastEvaluationOf(run))} of ${formatCount(trainSequences)}</td>
<td data-label="State">${standing ?? 'finished'}</td>
</tr>
`;
  };
  return html`<table class="stacks">
<colgroup><col style="width:18%">${differ ? html`<col style="width:24%">` : undefined}<col style="width:24%"><col style="width:18%"><col></colgroup>
<thead><tr><th scope="col">Run</th>${differ ? html`<th scope="col">Settings</th>` : undefined}<th scope="col">Seeds</th><th scope="col">Sequences at the last evaluation</th><th scope="col">State</th></tr></thead>
<tbody>
${groups.flatMap((group, i) => group.runs.map((run) => row(run, texts[i], group)))}</tbody>
</table>`;
}

/** Each run's moments, below those of a group their mean and range. */
export function momentsTable(
  groups: readonly RunGroup[],
  { groups: found, ciwlLevel }: ComparedMoments,
): Html {
  const definition = (number: (typeof momentNumbers)[number]): string =>
    `${number} ${momentDefinition(number, ciwlLevel)}`;
  const row = (
    name: string | Html,
    text: (number: (typeof momentNumbers)[number]) => string,
  ): Html => html`<tr>
<th scope="row">${name}</th>
${momentNumbers.map(
  (number) => html`<td data-label="${definition(number)}">${text(number)}</td>
`,
)}</tr>
`;
  const { texts } = labelGroups(groups);
  const rows = groups.flatMap(({ label, runs }, i) => [
    ...runs.map(({ info }, j) =>
      row(info.name, (number) => momentText(found[i].runs[j], number, found[i].peakSoFar[j])),
    ),
    ...(runs.length < 2
      ? []
      : [
          row(
            html`<strong>${label === 'mean' ? 'Mean' : `${texts[i]}: mean`} of ${runs.length} seeds</strong> <small>smallest to largest</small>`,
            (number) => rangeText(found[i], number),
          ),
        ]),
  ]);
  return html`<table class="stacks">
<colgroup><col style="width:20%"><col><col><col><col></colgroup>
<thead><tr><th scope="col">Run</th>${momentNumbers.map(
    (number) =>
      html`<th scope="col"><span class="moment">${number}</span> ${momentDefinition(number, ciwlLevel)}</th>`,
  )}</tr></thead>
<tbody>
${rows}</tbody>
</table>`;
}
