/** The sentences of a comparison: title, what differs, what lines and bands are. Shared by figure and page. */
import { formatCount, formatSequences } from '../../../src/report/format.ts';
import { setSizes } from '../../../src/report/metrics-table.ts';
import { visibleLine } from '../../../src/report/visible-text.ts';
import { type ComparedEvaluator, lastEvaluationOf, sharedReach, stretchesOf } from './group-curves.ts';
import { labelGroups } from './group-labels.ts';
import { hasStrategies } from './strategies-panel.ts';
import { differingSeeds, differingSettings, type RunGroup } from './groups.ts';

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

function runCount(groups: readonly RunGroup[]): number {
  return groups.reduce((sum, { runs }) => sum + runs.length, 0);
}

export function titleSentence(groups: readonly RunGroup[]): string {
  const what = groups.length === 1 ? 'runs that differ in their seeds' : 'runs compared';
  return `${runCount(groups)} ${what}: which strategy the model uses as it learns`;
}

/** More settings than this are counted: the table of runs has them. */
const mostListed = 4;

/** In which settings, and in which seeds, the runs differ. */
export function differencesSentence(groups: readonly RunGroup[]): string {
  const all: RunGroup = { label: '', settings: [], words: '', runs: groups.flatMap(({ runs }) => runs) };
  const seeds = differingSeeds(all);
  const settings = differingSettings(groups).map(visibleLine);
  const parts = [
    ...(settings.length > 0
      ? [settings.length > mostListed ? `${settings.length} settings` : listed(settings)]
      : []),
    ...(seeds.length > 0 ? [`the seeds of ${listed(seeds.map(visibleLine))}`] : []),
  ];
  if (parts.length === 0) return 'They do not differ.';
  return `They differ in ${listed(parts)}${settings.length === 0 ? ' alone' : ''}.`;
}

/** What a group's thick line and band are, and over how many runs; undefined for a group of one. */
export function bandSentence(
  group: RunGroup,
  label: string,
  evaluators: readonly ComparedEvaluator[],
): string | undefined {
  const count = group.runs.length;
  if (count < 2) return undefined;
  const { evaluations, last } = sharedReach(group, evaluators);
  const name = group.label === 'mean' ? '' : `${label}: `;
  const begin = (sentence: string): string =>
    name === '' ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : name + sentence;
  if (evaluations === 0)
    return begin(`the ${count} runs share no evaluation, so that there is no mean of them.`);
  const where =
    evaluations === 1
      ? `the one evaluation that all ${count} share, at ${formatSequences(last)} sequences`
      : `the ${formatCount(evaluations)} evaluations that all ${count} share, up to ${formatSequences(last)} sequences`;
  const beyond = stretchesOf(group)
    .slice(1)
    .map(({ from, to, runs }) => `${runs} from ${formatSequences(from)} to ${formatSequences(to)}`);
  const later =
    beyond.length === 0 ? '' : ` Beyond, fewer go on, as thin lines without a mean: ${beyond.join(', ')}.`;
  return begin(`mean, smallest and largest of ${count} seeds at ${where}.${later}`);
}

/** What the lines are, in general. */
export function linesSentence(groups: readonly RunGroup[]): string {
  if (groups.every(({ runs }) => runs.length === 1)) return 'Lines: one run each.';
  const single = groups.some(({ runs }) => runs.length === 1) ? ' A thick line without a band: one run.' : '';
  return (
    'Thick lines: the mean over the seeds of a group; bands: from the smallest to the largest of its seeds; ' +
    `thin lines: its single runs.${single}`
  );
}

/** What was measured, over how much. */
export function measuresSentence(
  groups: readonly RunGroup[],
  evaluators: readonly ComparedEvaluator[],
): string {
  const runs = groups.flatMap((group) => group.runs);
  const names = evaluators.map(({ name }) => name);
  const sizes = [...new Set(runs.flatMap(({ table }) => setSizes(table, names)))].toSorted((a, b) => a - b);
  const labels = [...new Set(runs.map(({ info }) => info.labels))].toSorted((a, b) => a - b);
  const iwl = evaluators.some(({ metric }) => metric === 'accuracy')
    ? ` (IWL: accuracy over all ${labels.map(formatCount).join(' or ')} labels, on an axis of its own)`
    : '';
  return `Every point of a run: its mean in-context accuracy over ${sizes.map(formatCount).join(' or ')} fixed sequences${iwl}.`;
}

/** Runs that were still under way; undefined where all are finished. */
export function unfinishedSentence(groups: readonly RunGroup[]): string | undefined {
  const unfinished = groups
    .flatMap(({ runs }) => runs)
    .flatMap(({ info }) =>
      info.standing === undefined ? [] : [`${visibleLine(info.name)} (${info.standing})`],
    );
  return unfinished.length === 0 ? undefined : `Not finished when this was drawn: ${unfinished.join('; ')}.`;
}

/** What the strips are. */
const stripsSentence =
  'Strips, one per run: the dominant strategy, none (grey) while train < .6, then ICL (blue) where Flip ≥ .5, else CIWL (orange).';

/** All sentences of the caption, in order. */
export function captionSentences(
  groups: readonly RunGroup[],
  evaluators: readonly ComparedEvaluator[],
): string[] {
  const { texts } = labelGroups(groups);
  return [
    linesSentence(groups),
    ...groups.map((group, i) => bandSentence(group, texts[i], evaluators)),
    unfinishedSentence(groups),
    measuresSentence(groups, evaluators),
    hasStrategies(groups) ? stripsSentence : undefined,
  ].filter((sentence) => sentence !== undefined);
}

/** Sequences at the last evaluation of any run; at least 1, for an axis. */
export function endOfAll(groups: readonly RunGroup[]): number {
  return Math.max(1, ...groups.flatMap(({ runs }) => runs.map(lastEvaluationOf)));
}
