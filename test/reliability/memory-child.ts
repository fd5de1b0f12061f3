/**
 * A long run of a small real model in one process that watches its own memory: `memory-child.ts FOLDER STEPS
 * WARM-UP-STEPS`, started with --expose-gc. Tells one `memory` line per part of the run, a run's events not.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { engineVersion, loadKernelModule } from '../../src/runs/kernel-module.ts';
import { assembleRun } from '../../src/runs/assemble.ts';
import { loadConfig } from '../../src/runs/load-config.ts';
import { presetNamed } from '../../src/runs/presets/index.ts';
import { nodeProcessTable } from '../../src/runs/process-identity.ts';
import type { RunEvent } from '../../src/runs/run-events.ts';
import { makeRunRecord } from '../../src/runs/run-record.ts';
import { runSession } from '../../src/runs/run-session.ts';
import { nodeStorage } from '../../src/runs/storage/node-storage.ts';
import type { MemoryEvent } from './memory-event.ts';

const [folder, steps, warmupSteps] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
/** Parts of the run after the warm-up. */
const parts = 18;

const config = loadConfig({ preset: presetNamed('smoke') }, [
  `train.trainSequences=${steps * 32}`,
  'evaluate.everySequences=32000',
  'checkpoint.everySequences=32000',
  'checkpoint.snapshotEverySequences=320000',
]);
const kernels = loadKernelModule();
const { trainer, evaluator, source } = assembleRun(config, kernels.module);

/** How late a timer of a millisecond is: as long, a signal is not heard. */
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let part = 0;
let residentSamples: number[] = [];

function onEvent(event: RunEvent): void {
  if (event.kind !== 'progress') return;
  residentSamples.push(process.memoryUsage.rss());
  const wanted = warmupSteps + (part * (steps - warmupSteps)) / parts;
  if (event.step < wanted && event.step < steps) return;
  tellMemory(event.step);
}

/** One line: the middle of what was resident since the last, and what is left of the heap once it is swept. */
function tellMemory(step: number): void {
  part++;
  const sorted = residentSamples.toSorted((a, b) => a - b);
  residentSamples = [];
  delay.disable(); // the sweep below is ours, not the run's
  globalThis.gc?.();
  const told: MemoryEvent = {
    kind: 'memory',
    step,
    residentBytes: sorted[sorted.length >> 1],
    heapBytes: process.memoryUsage().heapUsed,
    deafMs: { longest: delay.max / 1e6, p99: delay.percentile(99) / 1e6 },
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  delay.enable();
}

await runSession({
  config,
  folder,
  build: () => ({
    trainer,
    source: source.description,
    evaluate: (sequences, step) => evaluator.evaluate(sequences, step),
  }),
  engineVersion: engineVersion(kernels),
  record: makeRunRecord(['iclab', 'train', 'smoke'], { name: 'wasm' }, new Date()),
  storage: nodeStorage,
  processes: nodeProcessTable(),
  onEvent,
});
