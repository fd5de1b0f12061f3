/**
 * A run without a model, for tests of everything around it: weights that follow a rule exactly, evaluators that read
 * them, a clock that stands still, processes that can be ended.
 */
import type { Evaluation } from '../evaluate/evaluator.ts';
import { type MetricName, metricNames } from '../evaluate/metrics.ts';
import type { FloatTensor } from './checkpoint-file.ts';
import { readCheckpoint } from './checkpoints.ts';
import type { RunConfig } from './config.ts';
import { loadConfig } from './load-config.ts';
import { readMetrics } from './metrics-log.ts';
import { staleAfterMs } from './ownership.ts';
import { presetNamed } from './presets/index.ts';
import type { ProcessTable } from './process-identity.ts';
import type { RunEvent } from './run-events.ts';
import { checkpointsAmong, snapshotsAmong } from './run-files.ts';
import { runSession } from './run-session.ts';
import type { SessionClock, SessionOptions, SessionTrainer } from './session-parts.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import type { Storage } from './storage/storage.ts';

/** Weights and moments that depend on every step before, in float32, so that a lost or doubled step shows. */
export class FakeTrainer implements SessionTrainer {
  readonly #batchSize: number;
  readonly #weights = Float32Array.of(0.5, -0.25, 0.125);
  readonly #moments = new Float32Array(3);
  #step = 0;

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
  }

  get step(): number {
    return this.#step;
  }

  get sequencesSeen(): number {
    return this.#step * this.#batchSize;
  }

  trainStep(): { loss: number } {
    for (let i = 0; i < 3; i++) {
      this.#moments[i] = 0.9 * this.#moments[i] + 0.1 * Math.fround(this.#weights[i] + this.#step / 1000);
      this.#weights[i] -= 0.01 * this.#moments[i];
    }
    this.#step++;
    return { loss: 1 + Math.abs(this.#weights[0]) / this.#step };
  }

  stateTensors(): Map<string, FloatTensor> {
    return new Map([
      ['w', { shape: [3], data: this.#weights }],
      ['adam.m.w', { shape: [3], data: this.#moments }],
    ]);
  }

  loadState(tensors: ReadonlyMap<string, FloatTensor>, step: number): void {
    for (const [name, { data }] of this.stateTensors()) data.set(tensors.get(name)?.data ?? []);
    this.#step = step;
  }
}

/** Two evaluators, each pausing twice before its result. */
export function* fakeEvaluation(
  trainer: FakeTrainer,
  sequences: number,
  step: number,
): Generator<Evaluation | undefined> {
  const value = trainer.stateTensors().get('w')?.data[0] ?? Number.NaN;
  for (const [index, evaluator] of ['train', 'flip'].entries()) {
    yield undefined;
    yield undefined;
    const means = Object.fromEntries(metricNames.map((name) => [name, value + index]));
    const perSequence = Object.fromEntries(
      metricNames.map((name) => [name, Float64Array.of(value, value + 2 * index)]),
    );
    yield {
      record: {
        kind: 'evaluation',
        sequences,
        step,
        evaluator,
        n: 2,
        ...(means as Record<MetricName, number>),
      },
      perSequence: perSequence as Evaluation['perSequence'],
    };
  }
}

/** Each look at it is a second later: every step and every evaluator pauses, and heartbeats happen. */
export function tickingClock(): SessionClock {
  let seconds = 0;
  return {
    now: () => 1e12 + 1000 * seconds++,
    elapsed: () => 1000 * seconds++,
    pause: () => Promise.resolve(),
  };
}

export interface FakeMachine {
  readonly dead: Set<number>;
  process(pid: number): ProcessTable;
}

export function fakeMachine(): FakeMachine {
  const dead = new Set<number>();
  return {
    dead,
    process: (pid) => ({
      self: { host: 'here', bootId: 'boot', pid, startTime: '1' },
      isAlive: (other) => (other.host === 'here' ? !dead.has(other.pid) : undefined),
    }),
  };
}

/** A short run: 10 steps of 32, evaluated every 100 sequences, saved every 64. */
export function fakeConfig(...overrides: string[]): RunConfig {
  const own = {
    'train.trainSequences': '320',
    'evaluate.everySequences': '100',
    'checkpoint.everySequences': '64',
    'checkpoint.snapshotEverySequences': '128',
    'train.recordEverySequences': '96',
  };
  const given = overrides.map((word) => word.split('='));
  const settings: Record<string, string> = {
    ...own,
    ...(Object.fromEntries(given) as Record<string, string>),
  };
  const words = Object.entries(settings).map(([path, value]) => `${path}=${value}`);
  return loadConfig({ preset: presetNamed('smoke') }, words);
}

/** Everything a session needs, over a storage; `trainer` is replaced at each build. */
export function fakeSession(storage: Storage, changes: Partial<SessionOptions> = {}) {
  const config = changes.config ?? fakeConfig();
  const events: RunEvent[] = [];
  const parts = { trainer: new FakeTrainer(config.train.batchSize), builds: 0 };
  const options: SessionOptions = {
    config,
    folder: fakeFolder,
    build: () => {
      parts.builds++;
      const trainer = new FakeTrainer(config.train.batchSize);
      parts.trainer = trainer;
      return {
        trainer,
        source: 'fake source',
        evaluate: (sequences, step) => fakeEvaluation(trainer, sequences, step),
      };
    },
    engineVersion: 'fake-1',
    record: {
      id: 'fakefake',
      command: ['iclab', 'train', 'smoke'],
      code: { version: '0.0.0' },
      engine: { name: 'fake' },
      node: 'v0',
      machine: { platform: 'none', arch: 'none', cpu: 'none', cpus: 1 },
      started: '2001-09-09T01:46:40.000Z',
    },
    storage,
    processes: fakeMachine().process(1),
    clock: tickingClock(),
    onEvent: (event) => events.push(event),
    ...changes,
  };
  return { options, events, parts };
}

/** The folder of `fakeSession`. */
export const fakeFolder = 'runs/test';

/** The newest checkpoint's state. */
export async function checkpointState(storage: Storage) {
  const [newest] = checkpointsAmong(await storage.list(fakeFolder));
  const place = { storage, folder: fakeFolder };
  const { tensors, step, progress } = await readCheckpoint(place, newest, 'checkpoint');
  return { tensors, step, progress };
}

/** Everything of a run that must not depend on how often it was stopped: final state, metrics, snapshots. */
export async function traceOf(storage: Storage) {
  const metrics = (await readMetrics(storage, fakeFolder)).map((record) => JSON.stringify(record));
  const snapshots = new Map<number, unknown>();
  const place = { storage, folder: fakeFolder };
  for (const file of snapshotsAmong(await storage.list(fakeFolder))) {
    snapshots.set(file.sequences, (await readCheckpoint(place, file, 'snapshot')).tensors);
  }
  return { ...(await checkpointState(storage)), metrics, snapshots };
}

/** The trace of a run that nothing ever happened to. */
export async function uninterrupted(config = fakeConfig()) {
  const storage = new MemoryStorage();
  await runSession(fakeSession(storage, { config }).options);
  return traceOf(storage);
}

/** A clock on which every earlier owner is long silent. */
export function lateClock(): SessionClock {
  const clock = tickingClock();
  return { ...clock, now: () => clock.now() + 10 * staleAfterMs };
}
