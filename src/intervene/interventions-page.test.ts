/** docs/interventions.md shows every kind, as it is written. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clampSchema } from './kinds/clamp.ts';
import { interventionExamples, parseIntervention } from './intervention.ts';

const page = readFileSync(new URL('../../docs/interventions.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+=[^`]+)` \| ([^|]*) \|/gm)];

test('its table has every kind once, with its settings', () => {
  const kindOf = (line: string) => line.split('=')[0];
  expect(rows.map(([, line]) => kindOf(line))).toEqual(interventionExamples.map(kindOf));
  for (const [, line, settings] of rows) {
    if (line.startsWith('clamp=')) continue;
    const { kind: _, ...fields } = parseIntervention(line);
    const told = [...settings.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    for (const name of Object.keys(fields)) expect(told, line).toContain(name);
  }
});

test('its JSON and its commands are read', () => {
  const [, json] = /^```json\n(.*?)^```$/ms.exec(page)!;
  expect(clampSchema.safeParse({ kind: 'clamp', ...(JSON.parse(json) as object) }).success).toBe(true);
  const commands = [...page.matchAll(/--intervene ('[^']+'|\S+)/g)].map(([, line]) =>
    line.replaceAll("'", ''),
  );
  expect(commands.filter((line) => line.includes('='))).toHaveLength(3);
  for (const line of commands.filter((word) => word.includes('='))) parseIntervention(line);
});
