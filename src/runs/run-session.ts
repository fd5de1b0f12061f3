/**
 * One config to one finished run folder: trains, evaluates and saves on schedule, goes on where an earlier session of
 * the same folder stopped, and ends in good order when asked to. The numbers do not depend on how often it was stopped.
 */
import { isDeepStrictEqual } from 'node:util';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { printIntervention } from '../intervene/intervention.ts';
import { firstNonFinite } from '../model/non-finite.ts';
import { type CheckpointContent, type FloatTensor, type SessionProgress } from './checkpoint-file.ts';
import {
  type CheckpointFolder,
  type CheckpointIdentity,
  hasSnapshot,
  pruneCheckpoints,
  type Recovered,
  recoverCheckpoint,
  removeLeftovers,
  saveCheckpoint,
} from './checkpoints.ts';
import { configHash } from './config-hash.ts';
import { assertSameDonors } from './donors.ts';
import { isOptimizerState } from './kept-weights.ts';
import { MetricsWriter, recordsUpTo } from './metrics-log.ts';
import { ownedStorage } from './owned-storage.ts';
import { Ownership } from './ownership.ts';
import { type StoredEvaluation, storedEvaluation } from './records.ts';
import type { RunEvent, RunResult } from './run-events.ts';
import { checkpointStem, doneFile } from './run-files.ts';
import { continuation, readFolder, schedulesNotApplied, writeDone, writeStart } from './run-folder.ts';
import { endOf, isDue, isSnapshotDue } from './schedule.ts';
import { diskFailure } from './storage/commit-file.ts';
import { type SessionClock, type SessionOptions, type SessionParts, systemClock } from './session-parts.ts';
import { StorageError } from './storage/storage.ts';

/** Steps, or parts of an evaluation, go on for so long without letting signals through; then for one more at most. */
const pauseEveryMs = 10;

/**
 * @throws {LabError} 64 another config in the folder; 65 damaged beyond use; 70 a number that is not finite; 73 cannot
 * write, or another process runs it; 75 another process took it over
 */
export async function runSession(options: SessionOptions): Promise<RunResult> {
  const { config, folder, storage } = options;
  const clock = options.clock ?? systemClock;
  try {
    await storage.makeDirectory(folder);
    const finished = await alreadyFinished(options);
    if (finished) return finished;
    const parts = await options.build();
    const ownership = await Ownership.take({
      storage,
      folder,
      processes: options.processes,
      now: () => clock.now(),
    });
    try {
      // Looked at again: another process may have come and gone since.
      const finishedMeanwhile = await alreadyFinished(options);
      if (finishedMeanwhile) return finishedMeanwhile;
      const owned = ownedStorage(storage, ownership);
      await removeLeftovers({ storage, folder }); // before the first write: a leftover may have the name it needs
      const { source, donors = [] } = parts;
      await assertSameDonors(storage, folder, donors);
      await writeStart(owned, folder, ownership.generation, config, {
        ...options.record,
        engine: { ...options.record.engine, ...parts.engine },
        source,
        ...(donors.length > 0 ? { donors } : {}),
      });
      return await new Session({ ...options, storage: owned }, clock, parts, ownership).run();
    } finally {
      await ownership.release();
    }
  } catch (error) {
    if (error instanceof StorageError) throw diskFailure(error);
    throw error;
  }
}

async function alreadyFinished(options: SessionOptions): Promise<RunResult | undefined> {
  const { config, folder, storage, onEvent } = options;
  const state = await readFolder(storage, folder);
  if (continuation(state, config, folder) !== 'finished' || !state.finishedAt) return undefined;
  // A session that ended between naming done.json and making the name durable left the rest to whoever says "finished".
  await storage.syncDirectory(folder);
  const { sequences, step, metrics = null } = state.finishedAt;
  try {
    await recordsUpTo(storage, folder, metrics);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new LabError(
      `${error.message}; the run is finished: remove ${folder}/${doneFile} and the same command makes them again`,
      error.exitCode,
    );
  }
  const notApplied = schedulesNotApplied(state, config);
  if (notApplied.length > 0) {
    const message = `${folder}: finished with other schedules, not applied: ${notApplied.join(', ')}; give another --out to run with them`;
    onEvent?.({ kind: 'warning', message });
  }
  const requested = config.train.trainSequences;
  const isFurther = sequences > endOf(requested, config.train.batchSize);
  return {
    outcome: 'alreadyFinished',
    folder,
    sequences,
    step,
    ...(isFurther ? { requested } : {}),
  };
}

class Session {
  readonly #options: SessionOptions;
  readonly #clock: SessionClock;
  readonly #parts: SessionParts;
  readonly #ownership: Ownership;
  readonly #place: CheckpointFolder;
  readonly #identity: CheckpointIdentity;
  /** Checkpoints known to be good, oldest first. */
  readonly #good: string[] = [];
  #lossSum = 0;
  #lossCount = 0;
  /** Losses since the last evaluation; undefined where a checkpoint did not say. */
  #sinceEvaluation: { lossSum: number; lossCount: number } | undefined = { lossSum: 0, lossCount: 0 };
  #lastEvaluated = -1;
  #lastSnapshot = -1;
  /** Sequences seen at the newest checkpoint, and what its session then remembered. */
  #lastCheckpoint = -1;
  #lastProgress: SessionProgress | undefined;

  constructor(options: SessionOptions, clock: SessionClock, parts: SessionParts, ownership: Ownership) {
    this.#options = options;
    this.#clock = clock;
    this.#parts = parts;
    this.#ownership = ownership;
    this.#place = { storage: options.storage, folder: options.folder };
    const { interventions } = options.config.train;
    this.#identity = {
      configHash: configHash(options.config),
      engineVersion: options.engineVersion,
      ...(interventions ? { interventions: interventions.map(printIntervention) } : {}),
    };
  }

  async run(): Promise<RunResult> {
    const { config, folder } = this.#options;
    const { trainer } = this.#parts;
    const recovered = await recoverCheckpoint(this.#place, this.#identity, (message) => this.#warn(message));
    if (recovered) this.#load(recovered);
    await this.#warnOfLittleSpace();
    const follows = recovered?.content.metrics ?? null;
    const metrics = await MetricsWriter.open(
      this.#options.storage,
      folder,
      this.#ownership.generation,
      follows,
    );
    const records = await recordsUpTo(this.#options.storage, folder, follows);
    this.#emit({
      kind: 'started',
      folder,
      generation: this.#ownership.generation,
      sequences: trainer.sequencesSeen,
      trainSequences: config.train.trainSequences,
      ...(recovered ? { resumedFrom: recovered.file.name } : {}),
      evaluations: records.filter((record) => record.kind === 'evaluation'),
    });
    if (!recovered) await this.#save(metrics);
    const outcome = await this.#train(metrics);
    const { sequencesSeen: sequences, step } = trainer;
    return { outcome, folder, sequences, step };
  }

  /** From the present state to the end of the run, or to the step at which it was asked to stop. */
  async #train(metrics: MetricsWriter): Promise<'finished' | 'stopped'> {
    const { config, signal } = this.#options;
    const { trainer } = this.#parts;
    const { batchSize } = config.train;
    const end = endOf(config.train.trainSequences, batchSize);
    let lastPause = this.#clock.elapsed();
    let [recentSum, recentCount] = [0, 0];
    for (;;) {
      const sequences = trainer.sequencesSeen;
      const atEnd = sequences >= end;
      const busy = await this.#scheduled(sequences, atEnd, metrics);
      if (signal?.aborted && !(atEnd && busy === 'done')) {
        await this.#save(metrics);
        return 'stopped';
      }
      if (atEnd) break;
      const { loss } = trainer.trainStep();
      if (!Number.isFinite(loss)) throw this.#notFinite('the training loss', loss);
      this.#lossSum += loss;
      this.#lossCount++;
      if (this.#sinceEvaluation) {
        this.#sinceEvaluation.lossSum += loss;
        this.#sinceEvaluation.lossCount++;
      }
      recentSum += loss;
      recentCount++;
      if (this.#clock.elapsed() - lastPause >= pauseEveryMs) {
        this.#emit({
          kind: 'progress',
          sequences: trainer.sequencesSeen,
          step: trainer.step,
          loss: recentSum / recentCount,
        });
        [recentSum, recentCount] = [0, 0];
        await this.#clock.pause();
        await this.#ownership.beat();
        lastPause = this.#clock.elapsed();
      }
    }
    const checkpoint = await this.#save(metrics);
    const { sequencesSeen: sequences, step } = trainer;
    await writeDone(this.#options.storage, this.#options.folder, {
      sequences,
      step,
      finished: new Date(this.#clock.now()).toISOString(),
      checkpoint,
      metrics: await metrics.sync(),
    });
    return 'finished';
  }

  /** Everything due before the next step, in fixed order. Stops between parts when asked to. */
  async #scheduled(
    sequences: number,
    atEnd: boolean,
    metrics: MetricsWriter,
  ): Promise<'done' | 'interrupted'> {
    const { config, signal } = this.#options;
    const { batchSize, recordEverySequences } = config.train;
    const { everySequences: checkpointEvery } = config.checkpoint;
    const due = (every: number, last: number) => isDue(sequences, every, batchSize, last);
    if (this.#lossCount > 0 && due(recordEverySequences, -1)) {
      const { step } = this.#parts.trainer;
      await metrics.append([{ kind: 'train', sequences, step, loss: this.#lossSum / this.#lossCount }]);
      [this.#lossSum, this.#lossCount] = [0, 0];
    }
    const evaluationDue = due(config.evaluate.everySequences, this.#lastEvaluated);
    if (evaluationDue || (atEnd && this.#lastEvaluated < sequences)) {
      if (signal?.aborted || !(await this.#evaluate(metrics))) return 'interrupted';
    }
    if (isSnapshotDue(sequences, config.checkpoint, batchSize, this.#lastSnapshot)) {
      if (signal?.aborted) return 'interrupted';
      await this.#saveSnapshot();
    }
    if (due(checkpointEvery, this.#lastCheckpoint)) await this.#save(metrics);
    return 'done';
  }

  /** @returns false where it was asked to stop before all evaluators were through: nothing is recorded then */
  async #evaluate(metrics: MetricsWriter): Promise<boolean> {
    const { step, sequencesSeen: sequences } = this.#parts.trainer;
    this.#emit({ kind: 'evaluating', sequences });
    const { perSequence } = this.#options.config.evaluate;
    const records: StoredEvaluation[] = [];
    let lastPause = this.#clock.elapsed();
    for (const evaluation of this.#parts.evaluate(sequences, step)) {
      if (evaluation) records.push(storedEvaluation(evaluation, perSequence));
      if (this.#clock.elapsed() - lastPause < pauseEveryMs) continue;
      await this.#clock.pause();
      await this.#ownership.beat();
      if (this.#options.signal?.aborted) return false;
      lastPause = this.#clock.elapsed();
    }
    await metrics.append(records);
    this.#lastEvaluated = sequences;
    const { lossSum, lossCount } = this.#sinceEvaluation ?? { lossSum: 0, lossCount: 0 };
    this.#sinceEvaluation = { lossSum: 0, lossCount: 0 };
    const loss = lossCount > 0 ? { loss: lossSum / lossCount } : {};
    this.#emit({ kind: 'evaluation', sequences, step, ...loss, records });
    return true;
  }

  /** Saves the present state, unless the newest checkpoint is as good. @returns its file's name */
  async #save(metrics: MetricsWriter): Promise<string> {
    const { trainer } = this.#parts;
    const progress = this.#progress();
    const newest = this.#good.at(-1);
    if (newest !== undefined && this.#lastCheckpoint === trainer.sequencesSeen) {
      // Its name is taken where this generation wrote it; going on from it then does the evaluation once more.
      const isMine = newest.startsWith(
        `${checkpointStem(trainer.sequencesSeen, this.#ownership.generation)}.`,
      );
      if (isMine || isDeepStrictEqual(progress, this.#lastProgress)) {
        await this.#prune(); // whoever saved it may not have come to that
        return newest;
      }
    }
    const file = await saveCheckpoint(this.#place, {
      ...this.#content('checkpoint', this.#finiteState()),
      metrics: await metrics.sync(),
      progress,
    });
    this.#lastCheckpoint = trainer.sequencesSeen;
    this.#lastProgress = progress;
    this.#good.push(file);
    this.#emit({ kind: 'saved', what: 'checkpoint', sequences: trainer.sequencesSeen, file });
    await this.#prune();
    return file;
  }

  async #prune(): Promise<void> {
    const { keep } = this.#options.config.checkpoint;
    await pruneCheckpoints(this.#place, this.#good, keep, this.#ownership.generation);
  }

  async #saveSnapshot(): Promise<void> {
    const { sequencesSeen: sequences } = this.#parts.trainer;
    if (!(await hasSnapshot(this.#place, sequences, this.#identity.configHash))) {
      const weights = new Map([...this.#finiteState()].filter(([name]) => !isOptimizerState(name)));
      const file = await saveCheckpoint(this.#place, this.#content('snapshot', weights));
      this.#emit({ kind: 'saved', what: 'snapshot', sequences, file });
    }
    this.#lastSnapshot = sequences;
  }

  #content(kind: CheckpointContent['kind'], tensors: CheckpointContent['tensors']): CheckpointContent {
    const { sequencesSeen: sequences, step } = this.#parts.trainer;
    return { kind, sequences, step, generation: this.#ownership.generation, ...this.#identity, tensors };
  }

  #progress(): SessionProgress {
    return {
      lossSum: this.#lossSum,
      lossCount: this.#lossCount,
      lastEvaluated: this.#lastEvaluated,
      lastSnapshot: this.#lastSnapshot,
      ...(this.#sinceEvaluation ? { sinceEvaluation: { ...this.#sinceEvaluation } } : {}),
    };
  }

  #load({ file, content }: Recovered): void {
    const { trainer } = this.#parts;
    trainer.loadState(content.tensors, content.step);
    if (trainer.sequencesSeen !== content.sequences) {
      throw new LabError(
        `${file.name}: says ${content.sequences} sequences, but step ${content.step} is ${trainer.sequencesSeen}`,
        exitCodes.badData,
      );
    }
    this.#good.push(file.name);
    this.#lastCheckpoint = content.sequences;
    const { progress } = content;
    if (!progress) return;
    this.#lossSum = progress.lossSum;
    this.#lossCount = progress.lossCount;
    this.#lastEvaluated = progress.lastEvaluated;
    this.#lastSnapshot = progress.lastSnapshot;
    this.#sinceEvaluation = progress.sinceEvaluation && { ...progress.sinceEvaluation };
    this.#lastProgress = progress;
  }

  /** The trainer's tensors, looked through: nothing that is not finite ever reaches a file. */
  #finiteState(): ReadonlyMap<string, FloatTensor> {
    const tensors = this.#parts.trainer.stateTensors();
    const found = firstNonFinite(tensors);
    if (found) throw this.#notFinite(`${found.name}[${found.index}]`, found.value);
    return tensors;
  }

  #notFinite(what: string, value: number): LabError {
    const { trainer } = this.#parts;
    const found = firstNonFinite(trainer.stateTensors());
    const where = found && !what.startsWith(found.name) ? `; first in ${found.name}[${found.index}]` : '';
    const kept = this.#good.at(-1);
    return new LabError(
      `step ${trainer.step}: ${what} is ${value}${where}; the run cannot go on from here` +
        `${kept === undefined ? '' : ` (last good state: ${kept})`}; try a lower train.optimizer.rate in another --out`,
      exitCodes.crash,
    );
  }

  async #warnOfLittleSpace(): Promise<void> {
    const { storage, folder } = this.#options;
    let bytes = 0;
    for (const { data } of this.#parts.trainer.stateTensors().values()) bytes += data.byteLength;
    const free = await storage.freeBytes(folder);
    if (free >= 3 * bytes) return;
    const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
    this.#warn(`${folder}: only ${megabytes(free)} free, and one checkpoint is ${megabytes(bytes)}`);
  }

  #warn(message: string): void {
    this.#emit({ kind: 'warning', message });
  }

  #emit(event: RunEvent): void {
    this.#options.onEvent?.(event);
  }
}
