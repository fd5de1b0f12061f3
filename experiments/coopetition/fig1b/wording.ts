/** The sentences of figure 1b: title, moments found and not found, what lines and bands are. Shared by figure and page. */
import { momentDefinition, momentNumbers, type Moments } from '../../../src/evaluate/moments.ts';
import { formatAccuracy, formatCount, formatSequences } from '../../../src/report/format.ts';
import { visibleLine } from '../../../src/report/visible-text.ts';
import type { RunInfo } from '../scale.ts';

/** Each moment of `fig1bMoments` in words; `end` = sequences seen at the run's last evaluation. */
export function momentsSentence(moments: Moments, ciwlLevel: number, end: number): string {
  const found = momentNumbers.flatMap((number) => {
    const moment = moments[number];
    if (moment === undefined) return [];
    const soFar = moment.sequences === end ? ' so far' : '';
    const peak = number === 2 ? `${soFar} (${formatAccuracy(moment.value)})` : '';
    return [`${number} ${momentDefinition(number, ciwlLevel)}${peak}, ${formatSequences(moment.sequences)}`];
  });
  const missing = momentNumbers.filter((number) => moments[number] === undefined);
  const first = found.length === 0 ? '' : `Moments, found in the data: ${found.join('; ')}.`;
  const second =
    missing.length === 0
      ? ''
      : `Not reached in this run, so not drawn: ${missing.map((n) => `${n} (${momentDefinition(n, ciwlLevel)})`).join(', ')}.`;
  return [first, second].filter((sentence) => sentence !== '').join(' ');
}

export function titleSentence(info: RunInfo): string {
  const which = info.scale === 'own' ? `of the run ${visibleLine(info.name)}` : `at ${info.scale} scale`;
  return `Figure 1b ${which}: which strategy the model uses as it learns`;
}

export function seedsSentence(info: RunInfo): string {
  const seeds = Object.entries(info.seeds).map(([name, seed]) => `${visibleLine(name)} ${seed}`);
  return seeds.length === 0 ? 'Seeds: none given' : `Seeds: ${seeds.join(', ')}`;
}

export function sourceSentence(info: RunInfo): string {
  return `Features: ${visibleLine(info.source)}`;
}

/** Why two numbers for one moment of the paper stand on the page. */
export const paperTimesSentence =
  "The paper's times here are found on its digitised curves, by the same code as this run's. The claims above keep the " +
  'times noted down from the same figure when their rules were written; the two differ by up to 40k sequences, and the ' +
  'figure can be read to within 300k.';

/** What the lines and bands are; `sizes` = the evaluators' set sizes found in the table. */
export function measuresSentence(info: RunInfo, sizes: readonly number[]): string {
  const sets = sizes.length === 0 ? '' : ` over ${sizes.map(formatCount).join(' or ')} fixed sequences each`;
  return (
    `Lines: mean in-context accuracy${sets} (IWL: accuracy over all ${formatCount(info.labels)} labels, chance ` +
    `1 in ${formatCount(info.labels)}); bands: 95% binomial intervals. ` +
    'Strip: the dominant strategy, none while train < .6, then ICL where Flip ≥ .5, else CIWL.' +
    (info.scale === 'paper' ? '' : " The paper's own 4 is CIWL first reaching .95.")
  );
}
