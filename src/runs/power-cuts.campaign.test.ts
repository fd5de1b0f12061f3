/** Kills and power cuts at every storage operation, also during recovery. */
import { expect, test } from 'vitest';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../../test/campaign.ts';
import { explorePowerCuts } from './fault-testing/power-cuts.ts';
import { type Bench, makeBench } from './fault-testing/promises.ts';
import { changed } from './fault-testing/changed-storage.ts';
import type { MemoryStorage } from './storage/memory-storage.ts';
import { type Storage, StorageError } from './storage/storage.ts';

/** A disk that knows no links, as exFAT and some network disks. */
function withoutLinks(disk: MemoryStorage): Storage {
  const link = (_from: string, to: string) => Promise.reject(new StorageError('ENOTSUP', 'link', to));
  return changed(disk, { link });
}

test.each<[string, Bench['view']]>([
  ['', (disk) => disk],
  [', on a disk without links', withoutLinks],
])(
  'wherever the process or the power goes%s, a run goes on by itself to the same bytes',
  { timeout: campaignTimeoutMs },
  async (where, view) => {
    const states = campaignSize({ ci: where ? 400 : 1_200, long: where ? 5_000 : 40_000 });
    const stride = campaignSize({ ci: 23, long: 5 });
    const recoveries = campaignSize({ ci: where ? 0 : 1, long: 20 });
    const figures = await explorePowerCuts(await makeBench(1, view), { states, recoveries, stride });
    tellFigures(`kills and power cuts${where}`, { ...figures });
    expect(figures.states).toBe(states);
    expect(figures.duringRecovery).toBeGreaterThan(states / 8);
  },
);
