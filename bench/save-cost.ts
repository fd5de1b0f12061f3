/**
 * `node bench/save-cost.ts`: what a save of the paper's full-size model takes on this machine's disk, and its share of
 * the training time at the presets' own schedules. Steps are timed in the same run. `--saves N --steps N` after it set
 * how much is measured.
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { assembleRun } from '../src/runs/assemble.ts';
import { loadConfig } from '../src/runs/load-config.ts';
import { presetNamed } from '../src/runs/presets/index.ts';
import { measureSaves, type SaveTimes } from './measure-save.ts';
import { summarise } from '../src/measure/statistics.ts';

const explained = {
  checking: 'is every number finite',
  encoding: "one file's bytes, with their SHA-256",
  storing: 'write, sync, rename, sync of the folder, prune',
  all: 'all of it',
} as const;

async function main(saves: number, steps: number): Promise<void> {
  const module = new WebAssembly.Module(readFileSync(new URL('../build/kernels.wasm', import.meta.url)));
  const config = loadConfig({ preset: presetNamed('paper') });
  const { trainer } = assembleRun(config, module);
  const stepMs = medianStepMs(trainer, steps);
  const state = trainer.stateTensors();
  const weights = new Map([...state].filter(([name]) => !name.startsWith('adam.')));
  const { keep } = config.checkpoint;
  const checkpoint = await measureSaves('checkpoint', state, saves, keep);
  const snapshot = await measureSaves('snapshot', weights, saves, keep);

  console.log(
    `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, Node ${process.version}; ` +
      `files in ${tmpdir()}\n`,
  );
  tellTimes('checkpoint', checkpoint);
  tellTimes('snapshot', snapshot);
  console.log(`a step takes ${stepMs.toFixed(2)} ms (median of ${steps}); of the training time, saves take`);
  for (const name of ['paper', 'quick']) {
    const { train, checkpoint: schedule } = loadConfig({ preset: presetNamed(name) });
    const share = (everySequences: number, { all }: SaveTimes) => {
      const trainingMs = (everySequences / train.batchSize) * stepMs;
      return `${((100 * summarise(all).median) / trainingMs).toFixed(3)}%`;
    };
    const snapshots =
      schedule.snapshotEverySequences === null
        ? 'no snapshots'
        : `snapshots every ${schedule.snapshotEverySequences} sequences ${share(schedule.snapshotEverySequences, snapshot)}`;
    console.log(
      `  ${name.padEnd(6)} checkpoints every ${schedule.everySequences} sequences ` +
        `${share(schedule.everySequences, checkpoint)}, ${snapshots}`,
    );
  }
}

function medianStepMs(trainer: { trainStep(): unknown }, steps: number): number {
  const times: number[] = [];
  const warmup = Math.ceil(steps / 3);
  for (let step = 0; step < warmup + steps; step++) {
    const start = performance.now();
    trainer.trainStep();
    if (step >= warmup) times.push(performance.now() - start);
  }
  return summarise(times).median;
}

function tellTimes(what: string, times: SaveTimes): void {
  console.log(
    `${what} of ${(times.bytes / 1e6).toFixed(1)} MB, milliseconds over ${times.all.length} saves: median (best - worst)`,
  );
  for (const [part, meaning] of Object.entries(explained) as [keyof typeof explained, string][]) {
    const { median, best } = summarise(times[part]);
    const worst = Math.max(...times[part]);
    console.log(
      `  ${part.padEnd(9)} ${median.toFixed(1).padStart(6)} (${best.toFixed(1)} - ${worst.toFixed(1)})   ${meaning}`,
    );
  }
  console.log('');
}

const { values } = parseArgs({
  options: { saves: { type: 'string', default: '20' }, steps: { type: 'string', default: '300' } },
});
const [saves, steps] = [Number(values.saves), Number(values.steps)];
if (!(Number.isInteger(saves) && saves > 0 && Number.isInteger(steps) && steps > 0)) {
  console.error(
    `bench: --saves and --steps must be integers above 0; got ${values.saves} and ${values.steps}`,
  );
  process.exitCode = 64;
} else {
  await main(saves, steps);
}
