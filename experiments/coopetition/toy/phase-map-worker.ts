/** One thread of a phase map: takes rows, gives their regimes, until it is ended. Started, not imported. */
import { parentPort, workerData } from 'node:worker_threads';
import { type PhaseMapSettings, type PhaseRow, phaseRow } from './phase-map.ts';

const settings = workerData as PhaseMapSettings;
parentPort?.on('message', (row: PhaseRow) => {
  parentPort?.postMessage(phaseRow(settings, row));
});
