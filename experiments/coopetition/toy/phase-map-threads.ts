/** A phase map on several threads: each takes the next row when it is done with one. The same map on any number. */
import { Worker } from 'node:worker_threads';
import { refusalOf } from '../../../src/runs/threads/node-workers.ts';
import { startedFile } from '../../../src/runs/started-file.ts';
import type { Regime } from '../../../src/toy/regime.ts';
import { assemblePhaseMap, type PhaseMap, type PhaseMapSettings, phaseRow, phaseRows } from './phase-map.ts';

export interface PhaseMapOptions {
  /** 1 computes in the calling thread. */
  readonly threads: number;
  /** Told after each row: how many are done, of how many. */
  readonly onRow?: (done: number, all: number) => void;
}

/** @throws {LabError} exit code 64 for a number out of range */
export async function computePhaseMap(
  settings: PhaseMapSettings,
  { threads, onRow }: PhaseMapOptions,
): Promise<PhaseMap> {
  const rows = phaseRows(settings);
  const found = new Map<number, readonly Regime[]>();
  const keep = (index: number, regimes: readonly Regime[]) => {
    found.set(index, regimes);
    onRow?.(found.size, rows.length);
  };
  // Here, so that what is wrong with the settings is thrown in this thread.
  keep(0, phaseRow(settings, rows[0]));
  if (threads > 1) {
    try {
      await shareOut(settings, rows.slice(1), threads, (index, regimes) => keep(index + 1, regimes));
    } catch (error) {
      // Where Node gives no threads one computes the same, later.
      if (refusalOf(error) === undefined) throw error;
    }
  }
  rows.forEach((row, index) => {
    if (!found.has(index)) keep(index, phaseRow(settings, row));
  });
  return assemblePhaseMap(
    settings,
    rows.map((_, index) => found.get(index) ?? []),
  );
}

/** Each thread takes the next row when it is done with one. */
async function shareOut(
  settings: PhaseMapSettings,
  rows: readonly object[],
  threads: number,
  keep: (index: number, regimes: readonly Regime[]) => void,
): Promise<void> {
  const file = startedFile('phase-map-worker', import.meta.url);
  const workers: Worker[] = [];
  let next = 0;
  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      let index = -1;
      const takeNext = () => {
        index = next++;
        if (index < rows.length) worker.postMessage(rows[index]);
        else resolve();
      };
      worker.on('error', reject);
      worker.on('message', (regimes: readonly Regime[]) => {
        keep(index, regimes);
        takeNext();
      });
      takeNext();
    });
  try {
    while (workers.length < Math.min(threads, rows.length)) {
      workers.push(new Worker(file, { workerData: settings, name: 'iclab map' }));
    }
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
