import { describe, expect, test } from 'vitest';
import { exitCodes } from '../errors/lab-error.ts';
import { readMetrics } from './metrics-log.ts';
import type { RunEvent } from './run-events.ts';
import { checkpointsAmong } from './run-files.ts';
import { runSession } from './run-session.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import {
  checkpointState,
  FakeTrainer,
  fakeConfig,
  fakeEvaluation,
  fakeFolder as folder,
  fakeSession,
  tickingClock,
  traceOf,
  uninterrupted,
} from './testing.ts';

async function readJson(storage: MemoryStorage, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(new TextDecoder().decode(await storage.read(`${folder}/${name}`))) as Record<
    string,
    unknown
  >;
}

describe('a run', () => {
  test('trains, evaluates and saves on schedule, and says so', async () => {
    const storage = new MemoryStorage();
    const { options, events } = fakeSession(storage);
    expect(await runSession(options)).toEqual({ outcome: 'finished', folder, sequences: 320, step: 10 });
    const metrics = await readMetrics(storage, folder);
    const at = (kind: string) =>
      metrics.filter((record) => record.kind === kind).map(({ sequences }) => sequences);
    expect(at('evaluation')).toEqual([0, 0, 128, 128, 224, 224, 320, 320]);
    expect(at('train')).toEqual([96, 192, 288]);
    expect(events.filter((event) => event.kind === 'evaluation').map(({ sequences }) => sequences)).toEqual([
      0, 128, 224, 320,
    ]);
    const saved = events.filter((event) => event.kind === 'saved');
    expect(saved.filter(({ what }) => what === 'checkpoint').map(({ sequences }) => sequences)).toEqual([
      0, 64, 128, 192, 256, 320,
    ]);
    expect(saved.filter(({ what }) => what === 'snapshot').map(({ sequences }) => sequences)).toEqual([
      0, 128, 256,
    ]);
    expect(events.filter((event) => event.kind === 'progress').at(-1)).toMatchObject({
      sequences: 320,
      step: 10,
    });
    expect(events[0]).toEqual({
      kind: 'started',
      folder,
      generation: 1,
      sequences: 0,
      trainSequences: 320,
      evaluations: [],
    });
  });

  test('leaves config, record, the newest checkpoints, all snapshots, and done.json', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    expect(await storage.list(folder)).toEqual([
      'checkpoint-192.g1.safetensors',
      'checkpoint-256.g1.safetensors',
      'checkpoint-320.g1.safetensors',
      'config.json',
      'done.json',
      'metrics.1.ndjson',
      'owner.1.json',
      'run.json',
      'snapshot-0.g1.safetensors',
      'snapshot-128.g1.safetensors',
      'snapshot-256.g1.safetensors',
    ]);
    expect(await readJson(storage, 'config.json')).toEqual(fakeConfig());
    expect(await readJson(storage, 'run.json')).toMatchObject({
      command: ['iclab', 'train', 'smoke'],
      seeds: { init: 5, train: 2, eval: 1, source: 101 },
      generation: 1,
      source: 'fake source',
      engine: { name: 'fake' },
    });
    expect(await readJson(storage, 'done.json')).toMatchObject({
      sequences: 320,
      step: 10,
      checkpoint: 'checkpoint-320.g1.safetensors',
    });
    expect(await readJson(storage, 'owner.1.json')).toHaveProperty('endedMs');
  });

  test('survives a power cut at its end', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    expect(await traceOf(storage.afterPowerLoss())).toEqual(await uninterrupted());
  });

  test('of no sequences evaluates the starting weights', async () => {
    const storage = new MemoryStorage();
    const config = fakeConfig('train.trainSequences=0');
    expect(await runSession(fakeSession(storage, { config }).options)).toMatchObject({
      outcome: 'finished',
      step: 0,
    });
    expect((await readMetrics(storage, folder)).map(({ sequences }) => sequences)).toEqual([0, 0]);
  });

  test('records every sequence where asked to', async () => {
    const storage = new MemoryStorage();
    const config = fakeConfig('train.trainSequences=0', 'evaluate.perSequence=true');
    await runSession(fakeSession(storage, { config }).options);
    expect((await readMetrics(storage, folder))[1]).toMatchObject({ perSequence: { loss: [0.5, 2.5] } });
  });

  test('that is finished exits at once, building nothing', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    const names = await storage.list(folder);
    const again = fakeSession(storage);
    expect(await runSession(again.options)).toEqual({
      outcome: 'alreadyFinished',
      folder,
      sequences: 320,
      step: 10,
    });
    expect([again.parts.builds, again.events]).toEqual([0, []]);
    expect(await storage.list(folder)).toEqual(names);
  });

  test('that is finished names the schedules it does not apply, and what to do', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    const config = fakeConfig('evaluate.everySequences=32', 'checkpoint.keep=5');
    const again = fakeSession(storage, { config });
    expect(await runSession(again.options)).toMatchObject({ outcome: 'alreadyFinished' });
    expect(again.events).toEqual([
      {
        kind: 'warning',
        message:
          'runs/test: finished with other schedules, not applied: checkpoint.keep=5 (it has 3), ' +
          'evaluate.everySequences=32 (it has 100); give another --out to run with them',
      },
    ]);
  });

  test('tells each evaluation the mean loss of the steps since the last, stopped or not', async () => {
    const evaluationLosses = (events: readonly RunEvent[]) =>
      events.flatMap((event) => (event.kind === 'evaluation' ? [[event.sequences, event.loss]] : []));
    const straight = fakeSession(new MemoryStorage());
    await runSession(straight.options);
    const trainer = new FakeTrainer(32);
    const losses = Array.from({ length: 10 }, () => trainer.trainStep().loss);
    const mean = (from: number, to: number) =>
      losses.slice(from, to).reduce((sum, loss) => sum + loss, 0) / (to - from);
    expect(evaluationLosses(straight.events)).toEqual([
      [0, undefined],
      [128, mean(0, 4)],
      [224, mean(4, 7)],
      [320, mean(7, 10)],
    ]);
    const storage = new MemoryStorage();
    const stop = new AbortController();
    const first = fakeSession(storage, { signal: stop.signal });
    const told: RunEvent[] = [];
    const stopLater = stopAfter(stop, 160);
    await runSession({
      ...first.options,
      onEvent: (event) => {
        told.push(event);
        stopLater(event);
      },
    });
    const second = fakeSession(storage);
    await runSession(second.options);
    expect(evaluationLosses([...told, ...second.events])).toEqual(evaluationLosses(straight.events));
  });
});

/** Asks for a stop once so many sequences have been seen. */
function stopAfter(stop: AbortController, sequences: number) {
  return (event: RunEvent) => {
    if (event.kind === 'progress' && event.sequences === sequences) stop.abort();
  };
}

describe('stopping and going on', () => {
  test.each([1, 2, 3, 5, 8, 13, 21, 34])('gives the same bytes (stopped after %d pauses)', async (pauses) => {
    const storage = new MemoryStorage();
    let outcome = 'stopped';
    let starts = 0;
    while (outcome === 'stopped' && starts < 60) {
      starts++;
      const stop = new AbortController();
      let left = pauses;
      const pause = () => {
        if (--left === 0) stop.abort();
        return Promise.resolve();
      };
      const clock = { ...tickingClock(), pause };
      outcome = (await runSession(fakeSession(storage, { clock, signal: stop.signal }).options)).outcome;
    }
    if (pauses >= 8) {
      expect(outcome).toBe('finished');
      expect(await traceOf(storage)).toEqual(await uninterrupted());
    } else {
      // An evaluation takes more pauses than these: the run stays where it is, intact.
      expect(outcome).toBe('stopped');
      expect((await checkpointState(storage)).step).toBe(0);
    }
  });

  test('says from where, and shows the evaluations so far', async () => {
    const storage = new MemoryStorage();
    const stop = new AbortController();
    const first = fakeSession(storage, { signal: stop.signal });
    await runSession({
      ...first.options,
      onEvent: stopAfter(stop, 160),
    });
    const second = fakeSession(storage);
    await runSession(second.options);
    const [started] = second.events;
    expect(started).toMatchObject({
      kind: 'started',
      generation: 2,
      sequences: 160,
      resumedFrom: 'checkpoint-160.g1.safetensors',
    });
    expect(started.kind === 'started' && started.evaluations.map(({ sequences }) => sequences)).toEqual([
      0, 0, 128, 128,
    ]);
  });

  test('with a longer run and other schedules is allowed, and the folder remembers', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    const config = fakeConfig('train.trainSequences=640', 'checkpoint.keep=2');
    expect(await runSession(fakeSession(storage, { config }).options)).toMatchObject({
      outcome: 'finished',
      step: 20,
    });
    expect((await checkpointState(storage)).tensors).toEqual((await uninterrupted(config)).tensors);
    expect(await readJson(storage, 'config.json')).toEqual(fakeConfig());
    expect(await readJson(storage, 'run.2.json')).toMatchObject({
      config: { train: { trainSequences: 640 } },
    });
    expect(await runSession(fakeSession(storage).options)).toEqual({
      outcome: 'alreadyFinished',
      folder,
      sequences: 640,
      step: 20,
      requested: 320,
    });
  });

  test('with a shorter run is refused while it is not finished', async () => {
    const storage = new MemoryStorage();
    const stop = new AbortController();
    const { options } = fakeSession(storage, { signal: stop.signal });
    await runSession({ ...options, onEvent: stopAfter(stop, 160) });
    const config = fakeConfig('train.trainSequences=64');
    await expect(runSession(fakeSession(storage, { config }).options)).rejects.toMatchObject({
      exitCode: exitCodes.badInput,
      message:
        'runs/test: train.trainSequences: a run can be made longer, not shorter: it has 320, got 64; give another --out',
    });
  });

  test('with another config is refused, naming every setting that differs', async () => {
    const storage = new MemoryStorage();
    await runSession(fakeSession(storage).options);
    const config = fakeConfig('seeds.init=6', 'train.optimizer.kind=sgd', 'train.trainSequences=640');
    const { options, parts } = fakeSession(storage, { config });
    await expect(runSession(options)).rejects.toMatchObject({
      exitCode: exitCodes.badInput,
      message:
        'runs/test: holds a run of another config: seeds.init is 5 there, 6 here, ' +
        'train.optimizer.beta1 is 0.9 there, nothing here, train.optimizer.beta2 is 0.999 there, nothing here, ' +
        'train.optimizer.epsilon is 1e-8 there, nothing here, train.optimizer.kind is "adam" there, "sgd" here, ' +
        'train.optimizer.rate is 0.001 there, 0.01 here; give another --out, or the same settings to go on',
    });
    expect(parts.builds).toBe(0);
  });

  test('past a damaged checkpoint warns in one line and ends with the same bytes', async () => {
    const storage = new MemoryStorage();
    const stop = new AbortController();
    await runSession({
      ...fakeSession(storage, { signal: stop.signal }).options,
      onEvent: stopAfter(stop, 256),
    });
    const bytes = await storage.read(`${folder}/checkpoint-256.g1.safetensors`);
    await storage.remove(`${folder}/checkpoint-256.g1.safetensors`);
    await storage.create(`${folder}/checkpoint-256.g1.safetensors`, bytes.subarray(0, bytes.length - 3));
    const { options, events } = fakeSession(storage);
    await runSession(options);
    expect(events.filter(({ kind }) => kind === 'warning')).toHaveLength(1);
    expect(events[0]).toMatchObject({
      message: expect.stringMatching(/going on from checkpoint-192\.g1\.safetensors$/) as string,
    });
    expect(await traceOf(storage)).toEqual(await uninterrupted());
  });
});

describe('a number that is not finite', () => {
  class Broken extends FakeTrainer {
    override trainStep() {
      const { loss } = super.trainStep();
      if (this.step < 5) return { loss };
      this.stateTensors().get('adam.m.w')?.data.fill(Number.NaN, 1, 2);
      return { loss: this.step === 5 && this.lossToo ? Number.POSITIVE_INFINITY : loss };
    }
    lossToo = true;
  }

  test.each([
    [true, 'step 5: the training loss is Infinity; first in adam.m.w[1]; the run cannot go on from here'],
    [false, 'step 6: w[1] is NaN; the run cannot go on from here'],
  ])('stops the run, naming step and tensor, and is never saved (loss too: %s)', async (lossToo, message) => {
    const storage = new MemoryStorage();
    const trainer = new Broken(32);
    trainer.lossToo = lossToo;
    const build = () => ({
      trainer,
      source: 'broken source',
      evaluate: (seen: number, step: number) => fakeEvaluation(trainer, seen, step),
    });
    await expect(runSession(fakeSession(storage, { build }).options)).rejects.toMatchObject({
      exitCode: exitCodes.crash,
      message: expect.stringContaining(
        `${message} (last good state: checkpoint-128.g1.safetensors)`,
      ) as string,
    });
    expect(checkpointsAmong(await storage.list(folder)).map(({ sequences }) => sequences)).toEqual([
      128, 64, 0,
    ]);
  });
});
