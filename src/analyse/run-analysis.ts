/**
 * Analyses over the moments of a run whose weights are kept: each table comes from the cache or is measured and kept.
 * The engine is built when first needed, so that a figure whose tables are all kept takes no time.
 */
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { RunConfig } from '../runs/config.ts';
import { configHash } from '../runs/config-hash.ts';
import { engineVersion, loadKernelModule } from '../runs/kernel-module.ts';
import { type KeptWeights, keptWeights, readWeights, type RunWeights } from '../runs/kept-weights.ts';
import type { Storage } from '../runs/storage/storage.ts';
import type { Analysis, PlainData } from './analysis.ts';
import { type AnalysisKey, keepTable, readCachedTable } from './analysis-cache.ts';
import { type OpenProbe, openProbe } from './open-probe.ts';

export interface RunAnalysisOptions {
  readonly storage: Storage;
  /** Of the run; only read. */
  readonly folder: string;
  readonly config: RunConfig;
  /** Where tables are kept; default `.analyses` beside the run's folder. Null: nowhere. */
  readonly cacheFolder?: string | null;
  readonly threads?: number | undefined;
}

/** A table and the moment it is of. */
export interface AnalysedMoment<Table> {
  readonly sequences: number;
  readonly table: Table;
}

export interface AnalysisProgress {
  readonly analysis: string;
  readonly done: number;
  readonly total: number;
  /** How many of those done had to be measured. */
  readonly measured: number;
}

export class RunAnalysis {
  /** Moments whose weights are kept, oldest first. */
  readonly kept: readonly KeptWeights[];
  readonly #options: RunAnalysisOptions;
  readonly #cacheFolder: string | null;
  readonly #subject: PlainData;
  readonly #configHash: string;
  #open: OpenProbe | undefined;

  private constructor(options: RunAnalysisOptions, kept: readonly KeptWeights[]) {
    const { config, folder, cacheFolder } = options;
    const { model, data, seeds, evaluate } = config;
    this.#options = options;
    this.kept = kept;
    this.#cacheFolder = cacheFolder === undefined ? `${dirname(folder)}/.analyses` : cacheFolder;
    this.#configHash = configHash(config);
    this.#subject = JSON.parse(
      JSON.stringify({
        model,
        data,
        evalSeed: seeds.eval,
        sequencesPerEvaluator: evaluate.sequencesPerEvaluator,
        engine: engineVersion(loadKernelModule()),
      }),
    ) as PlainData;
  }

  static async open(options: RunAnalysisOptions): Promise<RunAnalysis> {
    return new RunAnalysis(options, await keptWeights(options));
  }

  /** The weights of one moment. @throws {LabError} exit code 65 where its file is damaged */
  weightsAt(moment: KeptWeights): Promise<RunWeights> {
    return readWeights(this.#options, moment, this.#configHash);
  }

  /** The table of one moment. @throws {LabError} exit code 65 where its file is damaged */
  async at<Table>(analysis: Analysis<Table>, moment: KeptWeights): Promise<Table> {
    return (await this.#tableAt(analysis, moment)).table;
  }

  /**
   * The tables of several moments, in their order.
   * @throws {LabError} exit code 65 where a file is damaged
   */
  async over<Table>(
    analysis: Analysis<Table>,
    moments: readonly KeptWeights[] = this.kept,
    onProgress?: (progress: AnalysisProgress) => void,
  ): Promise<AnalysedMoment<Table>[]> {
    const found: AnalysedMoment<Table>[] = [];
    let measured = 0;
    for (const moment of moments) {
      const { table, isNew } = await this.#tableAt(analysis, moment);
      if (isNew) measured++;
      found.push({ sequences: moment.sequences, table });
      onProgress?.({ analysis: analysis.name, done: found.length, total: moments.length, measured });
    }
    return found;
  }

  /** Ends the engine's threads. */
  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = undefined;
  }

  async #tableAt<Table>(
    analysis: Analysis<Table>,
    moment: KeptWeights,
  ): Promise<{ table: Table; isNew: boolean }> {
    const { storage } = this.#options;
    const { weights, hash } = await this.weightsAt(moment);
    const { name, version, settings } = analysis;
    const key: AnalysisKey = { analysis: name, version, settings, weights: hash, subject: this.#subject };
    const cached =
      this.#cacheFolder === null ? undefined : await readCachedTable(storage, this.#cacheFolder, key);
    if (cached !== undefined) return { table: cached as Table, isNew: false };
    this.#open ??= await openProbe(this.#options.config, this.#options.threads);
    const { probe } = this.#open;
    probe.load(weights);
    const table = await finished(analysis.measure(probe));
    if (this.#cacheFolder !== null)
      await keepTable(storage, this.#cacheFolder, key, table as PlainData, process.pid);
    return { table, isNew: true };
  }
}

/** Runs an analysis to its end and lets signals through meanwhile. */
async function finished<Table>(steps: Generator<undefined, Table, void>): Promise<Table> {
  for (let last = performance.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - last < 10) continue;
    await setImmediate();
    last = performance.now();
  }
}
