/** A long run takes no more memory than a short one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../campaign.ts';
import type { MemoryEvent } from './memory-event.ts';
import { startBeside } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'iclab-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Per cent. A short run ends while the engine still settles: its resident set says nothing yet. */
const mostGrowth = { heapInShortRun: 10, heap: 5, resident: 5 };

test(
  'memory does not grow with the length of a run',
  async () => {
    const steps = campaignSize({ ci: 8000, long: 100_000 });
    const isShort = steps < 100_000;
    const warmupSteps = steps / (isShort ? 2 : 10);
    const words = [join(folder, 'run'), String(steps), String(warmupSteps)];
    const { code, errors, events } = await startBeside('memory-child.ts', words, ['--expose-gc']).ended;
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const told = events.filter((event): event is MemoryEvent => event.kind === 'memory');
    const [first, last] = [told[0], told[told.length - 1]];
    expect(last.step).toBeGreaterThan(0.9 * steps);
    const growth = (of: 'heapBytes' | 'residentBytes') => 100 * (last[of] / first[of] - 1);
    tellFigures('memory', {
      steps,
      'warm-up steps': warmupSteps,
      'resident MiB after the warm-up': mebibytes(first.residentBytes),
      'resident MiB at the end': mebibytes(last.residentBytes),
      'highest resident MiB': mebibytes(Math.max(...told.map((event) => event.residentBytes))),
      'resident growth %': growth('residentBytes').toFixed(1),
      'heap MiB after the warm-up': mebibytes(first.heapBytes),
      'heap MiB at the end': mebibytes(last.heapBytes),
      'heap growth %': growth('heapBytes').toFixed(1),
      'longest ms in which no signal could be heard': last.deafMs.longest.toFixed(0),
      'p99 of that': last.deafMs.p99.toFixed(0),
    });
    expect(growth('heapBytes')).toBeLessThanOrEqual(isShort ? mostGrowth.heapInShortRun : mostGrowth.heap);
    if (!isShort) expect(growth('residentBytes')).toBeLessThanOrEqual(mostGrowth.resident);
  },
  campaignTimeoutMs,
);

const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
