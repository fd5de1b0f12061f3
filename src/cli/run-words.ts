/** `[preset|file] [key=value ...]` as typed after several commands, and `--seed`: to a checked config. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ExemplarSourceConfig, sourceSeed } from '../data/config.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { RunConfig } from '../runs/config.ts';
import { configLimits } from '../runs/config-text.ts';
import { looksLikeOverride } from '../runs/config-overrides.ts';
import { featureFacts } from '../runs/feature-file.ts';
import { type ConfigBase, loadConfig } from '../runs/load-config.ts';
import { presetNamed, presets } from '../runs/presets/index.ts';
import { storageReason, systemCode } from '../runs/storage/commit-file.ts';
import { readLimited } from '../runs/storage/read-limited.ts';

/** Seeds that `--seed` sets: starting weights, training sequences and the exemplar source. */
export const seedSettings = ['seeds.init', 'seeds.train', 'data.source.seed'] as const;

/** `--seed N` as overrides; features out of a file have no seed. */
export function seedOverrides(seed: number, source: ExemplarSourceConfig): string[] {
  const paths = seedSettings.filter(
    (path) => path !== 'data.source.seed' || sourceSeed(source) !== undefined,
  );
  return paths.map((path) => `${path}=${seed}`);
}

/**
 * @param words preset or file (the first, when it is no `key=value`), then overrides
 * @param fallback the preset where the words name none
 * @throws {LabError} exit code 64
 */
export async function readRunWords(words: readonly string[], fallback: string): Promise<RunConfig> {
  const isNamed = words.length > 0 && !looksLikeOverride(words[0]);
  const name = isNamed ? words[0] : fallback;
  for (const word of words.slice(1)) await refuseSecondBase(word);
  return loadConfig(await baseNamed(name), words.slice(isNamed ? 1 : 0));
}

/** A preset or file where only settings may stand; anything else is left to what reads the settings. */
async function refuseSecondBase(word: string): Promise<void> {
  if (!(await isBase(word))) return;
  throw new LabError(`"${word}": one preset or file only, and first; then settings as key=value`);
}

/** Whether a word names a preset or something on the disk. */
export async function isBase(word: string): Promise<boolean> {
  if (looksLikeOverride(word)) return false;
  return presets.some(({ name }) => name === word) || (await stat(word).catch(() => undefined)) !== undefined;
}

/** What a preset's or a file's name stands for. @throws {LabError} exit code 64 where there is neither */
export async function baseNamed(name: string): Promise<ConfigBase> {
  if (presets.some((preset) => preset.name === name) || !(await isFile(name)))
    return { preset: presetNamed(name), featureFacts };
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readLimited(name, configLimits.bytes);
  } catch (error) {
    throw new LabError(`${name}: cannot be read: ${storageReason(error)}`, exitCodes.badInput, {
      cause: error,
    });
  }
  if (!bytes) throw new LabError(`${name}: more than the ${configLimits.bytes} bytes a config may have`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { file: name, text, featureFacts };
  } catch {
    throw new LabError(`${name}: not a text file in UTF-8; a config is YAML or JSON`);
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) throw new LabError(`${path}: a directory; expected a preset or a config file`);
    return true;
  } catch (error) {
    if (error instanceof LabError) throw error;
    if (systemCode(error) === 'EACCES') {
      throw new LabError(`${path}: cannot be read: ${storageReason(error)}`, exitCodes.badInput, {
        cause: error,
      });
    }
    return false;
  }
}

/** The preset's name, or the file's without its ending: names a run folder. */
export function labelOf(name: string): string {
  const plain = basename(name)
    .replace(/\.(ya?ml|json)$/i, '')
    .replace(/[^\w-]+/g, '-');
  return plain.slice(0, 40) || 'run';
}
