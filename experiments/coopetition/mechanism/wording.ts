/** Sentences that every mechanism figure has. */
import { formatSequences } from '../../../src/report/format.ts';
import { visibleLine } from '../../../src/report/visible-text.ts';
import type { RunInfo } from '../scale.ts';
import type { MechanismFigure } from './content.ts';

export function figureTitle(
  { number, title }: Pick<MechanismFigure, 'number' | 'title'>,
  info: RunInfo,
): string {
  const which = info.scale === 'own' ? `of the run ${visibleLine(info.name)}` : `at ${info.scale} scale`;
  return `${number} ${which}: ${title}`;
}

/** Heads are counted from 0 everywhere in this program; some of the paper's figures count from 1. */
export const headsFromZero = 'Heads and blocks are counted from 0.';

export function momentSentence(sequences: number): string {
  return `Measured after ${formatSequences(sequences)} sequences.`;
}
