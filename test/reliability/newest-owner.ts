/** Who has a run, as its folder says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerFile, ownersAmong } from '../../src/runs/run-files.ts';
import type { OwnerRecord } from '../../src/runs/ownership.ts';

export function newestOwner(folder: string): OwnerRecord {
  const generation = ownersAmong(readdirSync(folder)).at(-1) ?? 0;
  return JSON.parse(readFileSync(join(folder, ownerFile(generation)), 'utf8')) as OwnerRecord;
}
