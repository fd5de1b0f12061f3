/**
 * A run as `iclab train` runs it, for what its command line cannot be told: a clock that is wrong, a start at the same
 * instant as another process, a disk that never answers. Its one argument is a `SessionWish` as JSON; it tells its
 * events as `iclab --json` does, `ready` before all of them where it is to wait.
 */
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { nodeContext } from '../../src/cli/context.ts';
import { errorLine, exitCodeOf } from '../../src/cli/error-line.ts';
import { engineVersion, loadKernelModule } from '../../src/runs/kernel-module.ts';
import { listenForStop } from '../../src/cli/stop-signals.ts';
import { exitCodes } from '../../src/errors/lab-error.ts';
import { assembleRun } from '../../src/runs/assemble.ts';
import { loadConfig } from '../../src/runs/load-config.ts';
import { presetNamed } from '../../src/runs/presets/index.ts';
import { nodeProcessTable } from '../../src/runs/process-identity.ts';
import { makeRunRecord } from '../../src/runs/run-record.ts';
import { runSession } from '../../src/runs/run-session.ts';
import { systemClock } from '../../src/runs/session-parts.ts';
import { nodeStorage } from '../../src/runs/storage/node-storage.ts';
import type { SessionWish } from './session-wish.ts';

const wish = JSON.parse(process.argv[2]) as SessionWish;
const [preset, ...settings] = wish.words;
const config = loadConfig({ preset: presetNamed(preset) }, settings);
const kernels = loadKernelModule();
const { trainer, evaluator, source } = assembleRun(config, kernels.module);
const tell = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);

if (wish.waits) {
  tell({ kind: 'ready' });
  const [line] = (await once(process.stdin, 'data')) as [Buffer];
  process.stdin.destroy();
  while (Date.now() < Number(line)); // to the millisecond: a timer would be late by several
}
const stop = listenForStop(nodeContext([]), (name) => tell({ kind: 'stopping', signal: name }));
try {
  const { outcome } = await runSession({
    config,
    folder: wish.folder,
    build: () => ({
      trainer,
      source: source.description,
      evaluate: (sequences, step) => evaluator.evaluate(sequences, step),
    }),
    engineVersion: engineVersion(kernels),
    record: makeRunRecord(['iclab', 'train', ...wish.words], { name: 'wasm' }, new Date()),
    storage: {
      ...nodeStorage,
      sync: async (path) => {
        const isStuck = path.includes(wish.stuckAt ?? '\0');
        if (!isStuck) return nodeStorage.sync(path);
        tell({ kind: 'stuck' });
        await setTimeout(2 ** 31 - 1);
      },
    },
    processes: nodeProcessTable(),
    clock: { ...systemClock, now: () => Date.now() + (wish.clockAheadMs ?? 0) },
    signal: stop.signal,
    onEvent: tell,
  });
  if (outcome === 'stopped') process.exitCode = exitCodes.stoppedResumable;
} catch (error) {
  process.stderr.write(`${errorLine(error)}\n`);
  process.exitCode = exitCodeOf(error);
} finally {
  stop.dispose();
}
