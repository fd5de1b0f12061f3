/** What stands for each group at the end of its line: its name, or where names are long a letter that a key explains. */
import { figureFontSize } from '../../../src/report/figure-frame.ts';
import { textWidth } from '../../../src/report/text-width.ts';
import { visibleLine } from '../../../src/report/visible-text.ts';
import type { RunGroup } from './groups.ts';

/** A name wider than this many px would leave the lines no room. */
const widestName = 112;

export interface GroupLabels {
  /** One per group. */
  readonly texts: readonly string[];
  /** Whether they are letters. */
  readonly keyed: boolean;
  /** Room in px for the widest. */
  readonly room: number;
}

/** The same for every figure and sentence of a report. */
export function labelGroups(groups: readonly RunGroup[]): GroupLabels {
  const names = groups.map(({ label }) => visibleLine(label));
  const widest = Math.max(...names.map((text) => textWidth(text, figureFontSize, 600)));
  if (widest <= widestName) return { texts: names, keyed: false, room: widest + 16 };
  return { texts: groups.map((_, i) => String.fromCodePoint(65 + i)), keyed: true, room: 34 };
}
