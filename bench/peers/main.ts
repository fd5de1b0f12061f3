/**
 * `npm run bench:peers`: the same training step, from the same weights and batches, here and in other frameworks. First
 * the losses of 20 steps are compared; only if all agree are the steps timed, in turns, each peer with the whole machine.
 * Options after `--`: `--shape NAME`, `--rounds N`, `--passes N` (over the 20 batches, in each round), `--without TEXT`
 * (leaves out the peers whose name has it), `--patience S` (seconds for which one timing is put off and repeated while
 * others compute), `--json`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LabError } from '../../src/errors/lab-error.ts';
import { machineState } from '../../src/measure/bench.ts';
import { engineVariants } from '../../src/measure/engine-variant.ts';
import { measureQuietly } from '../../src/measure/quiet-machine.ts';
import { type ShapeName, shapeNames } from '../../src/measure/shapes.ts';
import { spreadOver, summarise } from '../../src/measure/statistics.ts';
import { assembleRun } from '../../src/runs/assemble.ts';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';
import { lossDifference } from './compare-losses.ts';
import { exchangedSteps, exchangeFile, peerConfig } from './exchange.ts';
import { PeerProcess, type PeerStart, peers, type PeerTimes } from './peer.ts';
import { type PeerResult, peersText } from './peers-text.ts';

interface Options {
  readonly shape: ShapeName;
  readonly rounds: number;
  readonly passes: number;
  readonly without: readonly string[];
  /** Seconds for which a timing is put off and repeated while others compute. */
  readonly patience: number;
}

async function compare(options: Options, tell: (line: string) => void) {
  const [loadBefore] = loadavg();
  const folder = mkdtempSync(join(tmpdir(), 'iclab-peers-'));
  const running: PeerProcess[] = [];
  try {
    const file = join(folder, 'exchange.safetensors');
    const config = peerConfig(options.shape);
    writeFileSync(file, exchangeFile(assembleRun(config, loadKernelModule().module), config));
    const skipped: { name: string; why: string }[] = [];
    const ready: { process: PeerProcess; start: PeerStart; difference: number; rounds: PeerTimes[] }[] = [];
    for (const peer of peers(engineVariants())) {
      const why = options.without.some((part) => peer.name.includes(part)) ? 'left out' : peer.missing();
      if (why !== undefined) {
        tell(`${peer.name}: skipped: ${why}`);
        skipped.push({ name: peer.name, why });
        continue;
      }
      const process = new PeerProcess(peer, file, options.shape);
      running.push(process);
      const start = await process.start();
      const [first = { start }] = ready;
      const difference = lossDifference(peer.name, start.losses, first.start.losses);
      tell(
        `${peer.name}: ${start.version}; losses of ${exchangedSteps} steps agree to ${difference.toExponential(0)}`,
      );
      ready.push({ process, start, difference, rounds: [] });
    }
    const counts = { timings: 0, disturbed: 0 };
    for (let round = 0; round < options.rounds; round++) {
      tell(`round ${round + 1} of ${options.rounds}`);
      for (const { process, rounds } of ready) {
        const { result, wasQuiet } = await measureQuietly(
          () => process.time(options.passes),
          1000 * options.patience,
        );
        rounds.push(result);
        counts.timings++;
        if (!wasQuiet) counts.disturbed++;
      }
    }
    const results = ready.map(({ process, start, difference, rounds }): PeerResult => {
      const samplers = rounds.flatMap(({ samplerMs }) => (samplerMs ? [summarise(samplerMs)] : []));
      return {
        name: process.peer.name,
        version: start.version,
        isOurs: process.peer.variant !== undefined,
        largestLossDifference: difference,
        gemmGflops: Math.max(...rounds.map(({ gemmGflops }) => gemmGflops)),
        stepMs: spreadOver(rounds.map(({ stepMs }) => summarise(stepMs))),
        ...(samplers.length > 0 ? { samplerMs: spreadOver(samplers) } : {}),
      };
    });
    return { machine: machineState(loadBefore, counts), shape: options.shape, peers: results, skipped };
  } finally {
    for (const process of running) process.close();
    rmSync(folder, { recursive: true });
  }
}

function readOptions(): Options & { readonly json: boolean } {
  const { values } = parseArgs({
    options: {
      shape: { type: 'string', default: 'paper' },
      rounds: { type: 'string', default: '5' },
      passes: { type: 'string', default: '5' },
      without: { type: 'string', multiple: true, default: [] },
      patience: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
    },
  });
  const shape = shapeNames.find((name) => name === values.shape);
  if (shape === undefined) {
    throw new LabError(`--shape: expected one of ${shapeNames.join(', ')}; got "${values.shape}"`);
  }
  const [rounds, passes, patience] = [values.rounds, values.passes, values.patience].map(Number);
  if (!(Number.isInteger(rounds) && rounds > 0 && Number.isInteger(passes) && passes > 0)) {
    throw new LabError(
      `--rounds, --passes: expected integers above 0; got "${values.rounds}" and "${values.passes}"`,
    );
  }
  if (!(patience >= 0)) throw new LabError(`--patience: expected seconds; got "${values.patience}"`);
  return { shape, rounds, passes, patience, without: values.without, json: values.json };
}

try {
  const { json, ...options } = readOptions();
  const result = await compare(options, (line) => console.error(line));
  console.log(json ? JSON.stringify(result) : peersText(result));
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
