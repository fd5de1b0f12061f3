/** Runs on this disk: trained, found and read. */
import { relative } from 'node:path';
import { type ReadRun, readRun } from '../../experiments/coopetition/read-run.ts';
import { LabError } from '../errors/lab-error.ts';
import type { RunConfig } from '../runs/config.ts';
import { defaultRoots, findRuns, type FoundRun, resolveRun, runName } from '../runs/find-runs.ts';
import { nodeProcessTable } from '../runs/process-identity.ts';
import type { RunEvent, RunResult } from '../runs/run-events.ts';
import { defaultRunFolder, readRunId } from '../runs/run-folder.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { trainInFolder } from '../runs/train-run.ts';
import type { VectorWish } from '../runs/vector-width.ts';
import { featureFacts } from '../runs/feature-file.ts';
import { type ConfigWish, makeConfig as configOf } from '../runs/make-config.ts';

export interface TrainRunOptions extends ConfigWish {
  /** A whole config, instead of `preset`, `text` and `settings`. */
  readonly config?: RunConfig;
  /** Where the run lives; default `runs/<preset>-<hash of the settings>`, as `iclab train` has it. */
  readonly folder?: string;
  /**
   * Bits of the engine's vectors: 256 (default where V8 has them) or 128. Speed alone: the numbers are the same. The first
   * run decides for its process.
   */
  readonly vectors?: VectorWish;
  /** When it aborts, the run finishes its step and saves, and `trainRun` returns with the outcome `stopped`. */
  readonly signal?: AbortSignal;
  /** Threads to compute with, which changes no number; default: what machine and model have use for. */
  readonly threads?: number;
  /** Told of progress, evaluations, saves and warnings (docs/events.md). */
  readonly onEvent?: (event: RunEvent) => void;
}

/**
 * A complete config, frozen. `iclab presets quick` shows every setting with its meaning and unit. A file of features
 * (`data.source.kind` `features`) is asked what it is.
 * @throws {LabError} 64 naming the setting, what was expected and the nearest name; 65 a file of features that is none
 */
export function makeConfig(wish: ConfigWish = {}): RunConfig {
  return configOf(wish, featureFacts);
}

/** A run, and how the session that has just ended left it. */
export interface TrainedRun extends ReadRun {
  readonly outcome: RunResult['outcome'];
}

/**
 * Trains a model in a folder, evaluating and saving as it goes. Called again with the same settings it goes on where it
 * was stopped, and returns at once where it had finished.
 * @throws {LabError} 64 wrong settings, or a folder with another run; 65 damaged beyond use; 70 a number that is not
 * finite; 73 cannot write, or another process is at it; 75 another process took it over
 */
export async function trainRun(options: TrainRunOptions = {}): Promise<TrainedRun> {
  const { preset, text, settings, vectors, signal, onEvent, threads } = options;
  if (options.config && (preset ?? text ?? settings) !== undefined) {
    throw new LabError(
      'config: a whole config leaves nothing to preset, text or settings; give one or the other',
    );
  }
  const config = options.config ?? makeConfig(options);
  const label = options.config || text !== undefined ? 'run' : (preset ?? 'quick');
  const folder = options.folder ?? defaultRunFolder(label, config);
  const { outcome } = await trainInFolder({
    config,
    folder,
    command: programWords(),
    ...(vectors === undefined ? {} : { vectors }),
    threads,
    ...(signal ? { signal } : {}),
    ...(onEvent ? { onEvent } : {}),
  });
  const found = { folder, name: runName(folder), id: await readRunId(nodeStorage, folder) };
  return { ...(await readFound(found)), outcome };
}

/** The command that runs this program, its path as it would be typed here. */
function programWords(): string[] {
  const [, script, ...words] = process.argv;
  return ['node', ...(script === undefined ? [] : [relative('.', script)]), ...words];
}

/**
 * A run of any state, one that is training included, with its settings and every record so far. Changes nothing.
 * @param word its folder, name, id or the beginning of its id
 * @param roots folders that names and ids are looked for in
 * @throws {LabError} 64 no such run, or several; 65 damaged
 */
export async function openRun(word: string, roots: readonly string[] = defaultRoots): Promise<ReadRun> {
  return readFound(await resolveRun(nodeStorage, word, roots));
}

/** The runs under some folders, in order of their paths. @throws {LabError} 65 a folder that cannot be read */
export function listRuns(roots: readonly string[] = defaultRoots): Promise<FoundRun[]> {
  return findRuns(nodeStorage, roots);
}

function readFound(found: FoundRun): Promise<ReadRun> {
  return readRun({ storage: nodeStorage, processes: nodeProcessTable(), now: () => Date.now() }, found);
}
