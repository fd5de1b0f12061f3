/**
 * `npm run bench`: how long a training step takes, phase by phase, on this machine. Measurements are repeated in
 * rounds, each on a fresh model, and quoted as median with best and spread; the machine's load is printed because a
 * busy neighbour can double a median. Options after `--`: `--json` prints the same as JSON, `--rounds N --steps N`
 * set how much is measured.
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { parameterCount } from '../src/model/parameters.ts';
import { resolveData } from '../src/data/resolved-data.ts';
import { modelShape } from '../src/runs/assemble.ts';
import { loadConfig } from '../src/runs/load-config.ts';
import { presetNamed } from '../src/runs/presets/index.ts';
import { measureStep } from './measure-step.ts';
import type { MeasuredPhase } from './measure-step.ts';
import { stepFlops } from './step-flops.ts';
import { summarise } from './statistics.ts';

const explained: Readonly<Record<MeasuredPhase, string>> = {
  sampling: 'draw a batch of sequences, look up their features',
  forward: 'embeddings and blocks',
  unembedding: 'pass 1: logits, exp, gradient of the hidden state',
  backward: 'blocks and embeddings',
  update: 'pass 2: gradient of the unembedding; Adam over everything',
  step: 'all of it',
};

/** Whether V8 was started with the flag that packs pairs of 128-bit operations (it may still decline to). */
function packing(): boolean {
  return process.execArgv.some((flag) => /^--(experimental-)?wasm-revectorize$/.test(flag));
}

function main(json: boolean, rounds: number, stepsPerRound: number): void {
  const module = new WebAssembly.Module(readFileSync(new URL('../build/kernels.wasm', import.meta.url)));
  const config = loadConfig({ preset: presetNamed('paper') });
  const shape = modelShape(config, resolveData(config.data, config.data.source));
  const flops = stepFlops(shape, config.train.batchSize);
  const measured = Array.from({ length: rounds }, () => measureStep(config, module, stepsPerRound));

  const across = (pick: (round: (typeof measured)[number]) => { best: number; median: number }) => ({
    median: summarise(measured.map((round) => pick(round).median)).median,
    best: Math.min(...measured.map((round) => pick(round).best)),
    medians: measured.map((round) => pick(round).median),
  });
  const names = Object.keys(explained) as MeasuredPhase[];
  const phases = Object.fromEntries(names.map((name) => [name, across((round) => round.phases[name])]));
  const adam = across((round) => round.adam);
  const peak = Math.max(...measured.map((round) => round.gemmPeak));
  const rate = flops / phases.step.median / 1e6;
  // Later rounds have a model and a source each, some not yet collected.
  const [{ residentMegabytes }] = measured;
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    load: loadavg()[0],
    node: process.version,
    threads: 1,
    vectorBits: packing() ? 256 : 128,
  };
  if (json) {
    console.log(
      JSON.stringify({
        machine,
        parameters: parameterCount(shape),
        flops,
        residentMegabytes,
        gemmPeak: peak,
        phases,
        adam,
      }),
    );
    return;
  }
  const line = (name: string, times: ReturnType<typeof across>, what: string) =>
    console.log(
      `${name.padEnd(12)} ${times.median.toFixed(3).padStart(7)} ${times.best.toFixed(3).padStart(7)}   ` +
        `${Math.min(...times.medians).toFixed(2)}-${Math.max(...times.medians).toFixed(2)}   ${what}`,
    );
  console.log(
    `paper shape: ${parameterCount(shape).toLocaleString('en')} parameters, batch ${config.train.batchSize}, ` +
      `${(flops / 1e6).toFixed(0)} MFLOP a step; one thread, ${machine.vectorBits}-bit SIMD`,
  );
  console.log(
    `${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}\n`,
  );
  console.log(`milliseconds  median    best   medians of ${rounds} rounds of ${stepsPerRound} steps`);
  for (const name of names) line(name, phases[name], explained[name]);
  line('Adam alone', adam, `${parameterCount(shape).toLocaleString('en')} weights, part of update`);
  console.log(
    `\n${rate.toFixed(1)} GFLOP/s over the whole step; the product alone reaches ${peak.toFixed(1)} in the cache ` +
      `(${((100 * rate) / peak).toFixed(0)}%)`,
  );
  console.log(
    `${Math.round((config.train.batchSize * 1000) / phases.step.median).toLocaleString('en')} sequences a second; ` +
      `${residentMegabytes} MiB resident`,
  );
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '150' },
  },
});
const [rounds, steps] = [Number(values.rounds), Number(values.steps)];
if (!(Number.isInteger(rounds) && rounds > 0 && Number.isInteger(steps) && steps > 0)) {
  console.error(
    `bench: --rounds and --steps must be integers above 0; got ${values.rounds} and ${values.steps}`,
  );
  process.exitCode = 64;
} else {
  main(values.json, rounds, steps);
}
