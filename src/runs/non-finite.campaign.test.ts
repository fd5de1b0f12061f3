/** NaN and infinities put into losses, weights and optimizer state at random steps: found, named, never kept. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../../test/campaign.ts';
import { CounterRandom } from '../engine/counter-random.ts';
import { createWasmKernels } from '../engine/wasm.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { firstNonFinite } from '../model/non-finite.ts';
import { tinyTrainer } from '../train/testing.ts';
import { readCheckpoint } from './checkpoints.ts';
import type { FloatTensor } from './checkpoint-file.ts';
import { checkpointsAmong, snapshotsAmong } from './run-files.ts';
import { runSession } from './run-session.ts';
import type { SessionTrainer } from './session-parts.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { FakeTrainer, fakeConfig, fakeFolder as folder, fakeSession } from './testing.ts';

const kernelModule = new WebAssembly.Module(
  readFileSync(new URL('../../build/kernels.wasm', import.meta.url)),
);
const batchSize = 6;
const steps = 12;
/** Every third step is saved, and the last. */
const savedEvery = 3;
const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const;

interface Injection {
  /** Steps taken before it. */
  readonly step: number;
  /** A tensor of the state, or the loss of the step. */
  readonly tensor: string;
  readonly index: number;
  readonly value: number;
}

/** A trainer into which one number is put just before (or, as a loss, in) a step. */
class InjectedTrainer implements SessionTrainer {
  /** The step in which it was found, while one was being taken; undefined before. */
  foundIn: number | undefined;
  readonly #trainer: SessionTrainer;
  readonly #injection: Injection;

  constructor(trainer: SessionTrainer, injection: Injection) {
    this.#trainer = trainer;
    this.#injection = injection;
  }

  get step(): number {
    return this.#trainer.step;
  }

  get sequencesSeen(): number {
    return this.#trainer.sequencesSeen;
  }

  trainStep(): { readonly loss: number } {
    const { step, tensor, index, value } = this.#injection;
    const isNow = this.step === step;
    if (isNow && tensor !== 'loss')
      this.stateTensors()
        .get(tensor)
        ?.data.fill(value, index, index + 1);
    const before = this.step;
    try {
      const { loss } = this.#trainer.trainStep();
      const told = isNow && tensor === 'loss' ? value : loss;
      if (!Number.isFinite(told)) this.foundIn = before;
      return { loss: told };
    } catch (error) {
      this.foundIn = before;
      throw error;
    }
  }

  stateTensors(): ReadonlyMap<string, FloatTensor> {
    return this.#trainer.stateTensors();
  }

  loadState(tensors: ReadonlyMap<string, FloatTensor>, step: number): void {
    this.#trainer.loadState(tensors, step);
  }
}

function realTrainer(optimizer: 'adam' | 'sgd'): SessionTrainer {
  return tinyTrainer(
    { batchSize, optimizer: { kind: optimizer, rate: 1e-3 } },
    undefined,
    createWasmKernels(kernelModule),
  );
}

/** When it was found: in the step itself, in a later one, or at a save. */
type Found = 'same step' | 'later step' | 'save';

/** @returns what was put where, and when it was found */
async function expectFound(
  trainer: SessionTrainer,
  random: CounterRandom,
  tensors: readonly string[],
): Promise<[Injection, Found]> {
  const tensor = tensors[random.below(tensors.length)];
  const size = trainer.stateTensors().get(tensor)?.data.length ?? 1;
  const injection: Injection = {
    step: random.below(steps),
    tensor,
    index: random.below(size),
    value: values[random.below(values.length)],
  };
  const injected = new InjectedTrainer(trainer, injection);
  const storage = new MemoryStorage();
  const config = fakeConfig(
    `train.batchSize=${batchSize}`,
    `train.trainSequences=${steps * batchSize}`,
    `checkpoint.everySequences=${savedEvery * batchSize}`,
    `checkpoint.snapshotEverySequences=${savedEvery * batchSize}`,
    'evaluate.everySequences=1000',
  );
  const build = () => ({ trainer: injected, source: 'injected', evaluate: () => [] });
  const story = `${tensor}[${injection.index}] = ${injection.value} before step ${injection.step + 1}`;
  const error = await runSession(fakeSession(storage, { config, build }).options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, story).toBeInstanceOf(LabError);
  const { message, exitCode } = error as LabError;
  expect(exitCode, `${story}: ${message}`).toBe(exitCodes.crash);
  // Step, tensor and kind.
  expect(message, story).toMatch(/^(?:train: )?step \d+\b/);
  expect(message, story).toMatch(/\bNaN\b|\bInfinity\b/);
  const parameter = tensor.replace(/^adam\.[mv]\./, '');
  expect(message, story).toContain(tensor === 'loss' ? 'the training loss' : parameter);
  await expectAllFinite(storage, story);
  const { foundIn } = injected;
  if (foundIn === undefined) {
    expect(injected.step - injection.step, story).toBeLessThanOrEqual(savedEvery);
    return [injection, 'save'];
  }
  // Never past a save.
  expect(Math.floor(foundIn / savedEvery), story).toBe(Math.floor(injection.step / savedEvery));
  return [injection, foundIn === injection.step ? 'same step' : 'later step'];
}

/** No file that is kept holds a number that is not finite, and there is at least the state at step 0. */
async function expectAllFinite(storage: MemoryStorage, story: string): Promise<void> {
  const names = await storage.list(folder);
  const place = { storage, folder };
  const checkpoints = checkpointsAmong(names);
  expect(checkpoints.length, story).toBeGreaterThan(0);
  for (const file of checkpoints) {
    const { tensors } = await readCheckpoint(place, file, 'checkpoint');
    expect(firstNonFinite(tensors), `${file.name}; ${story}`).toBeUndefined();
  }
  for (const file of snapshotsAmong(names)) {
    const { tensors } = await readCheckpoint(place, file, 'snapshot');
    expect(firstNonFinite(tensors), `${file.name}; ${story}`).toBeUndefined();
  }
}

test('in what a fake trainer tells: found in the same step as a loss, at the next save as state', {
  timeout: campaignTimeoutMs,
}, async () => {
  const random = new CounterRandom(5, 0x7004);
  const cases = campaignSize({ ci: 60, long: 1_000 });
  const found: Record<Found, number> = { 'same step': 0, 'later step': 0, save: 0 };
  for (let index = 0; index < cases; index++) {
    random.start(index);
    const trainer = new FakeTrainer(batchSize);
    const [{ tensor }, when] = await expectFound(trainer, random, ['loss', ...trainer.stateTensors().keys()]);
    if (tensor === 'loss') expect(when, tensor).toBe('same step');
    found[when]++;
  }
  expect(found['same step']).toBeGreaterThan(0);
  tellFigures('NaN and infinities, fake trainer', { cases, ...found });
});

test.each(['adam', 'sgd'] as const)(
  'in weights and state of a real model under %s: in the same step, wherever it stands',
  { timeout: campaignTimeoutMs },
  async (optimizer) => {
    const random = new CounterRandom(6, 0x7005);
    const cases = campaignSize({ ci: 100, long: 1_000 });
    for (let index = 0; index < cases; index++) {
      random.start(index);
      const trainer = realTrainer(optimizer);
      const [injection, when] = await expectFound(trainer, random, [...trainer.stateTensors().keys()]);
      expect(when, JSON.stringify(injection)).toBe('same step');
    }
    tellFigures(`NaN and infinities, real model, ${optimizer}`, { cases, 'found in the same step': cases });
  },
);
