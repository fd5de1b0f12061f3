/**
 * A process of its own for one run, started by `local-processes.ts`: a crash of it is no other run's, and V8's switch for
 * 256-bit vectors is its own. A stop signal, a word from the starter and the starter's end all mean the same: save, end.
 */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { RunEvent } from '../runs/run-events.ts';
import type { RunJob } from './executor.ts';
import { type FromRun, progressEveryMs, type ToRun } from './run-messages.ts';

const stopping = new AbortController();
let isOver = false;

/** Resolves when it is on its way. */
function tell(message: FromRun): Promise<void> {
  return new Promise((resolve) => {
    // Whoever started this may be gone: its end is heard of elsewhere.
    if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

async function train(job: RunJob): Promise<void> {
  let progressAt = Number.NEGATIVE_INFINITY;
  const onEvent = (event: RunEvent) => {
    if (event.kind === 'progress') {
      const now = performance.now();
      if (now - progressAt < progressEveryMs) return;
      progressAt = now;
    }
    void tell({ kind: 'event', event });
  };
  // Loaded only now, when signals are listened for.
  const { trainInFolder } = await import('../runs/train-run.ts');
  const { vectorWidthBesideOthers } = await import('../runs/vector-width.ts');
  vectorWidthBesideOthers(job.vectors);
  const result = await trainInFolder({ ...job, signal: stopping.signal, onEvent });
  await tell({ kind: 'end', result });
  process.exitCode = result.outcome === 'stopped' ? exitCodes.stoppedResumable : exitCodes.done;
}

async function trainAndLeave(job: RunJob): Promise<void> {
  try {
    await train(job);
  } catch (error) {
    const isForReaders = error instanceof LabError;
    process.exitCode = isForReaders ? error.exitCode : exitCodes.crash;
    await tell(
      isForReaders
        ? { kind: 'failed', message: error.message, exitCode: error.exitCode }
        : { kind: 'crashed', error },
    );
  }
  isOver = true;
  if (process.connected) process.disconnect?.();
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGHUP'] as const)
  process.on(name, () => stopping.abort());

process.on('message', (message: ToRun) => {
  if (message.kind === 'stop') stopping.abort();
  else void trainAndLeave(message.job);
});

process.on('disconnect', () => {
  if (isOver) return;
  // oxlint-disable-next-line unicorn/no-process-exit -- asked to stop, and then left: now means now
  if (stopping.signal.aborted) process.exit(exitCodes.stoppedResumable);
  stopping.abort();
});
