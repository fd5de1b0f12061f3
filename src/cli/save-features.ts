/** Any source of features into a file that runs can name, with what came of it told. */
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { quantise, type QuantisationError, type QuantisedBits } from '../data/stored/quantise.ts';
import { checkedParts, encodeStore, type RowBlocks } from '../data/stored/store.ts';
import { formatBytes, formatCount } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import { sha256Of } from '../runs/feature-file.ts';
import { codeVersion } from '../runs/run-record.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { saveExport } from './export-file.ts';

export interface FeaturesWish {
  readonly path: string;
  readonly bits: QuantisedBits;
  readonly force: boolean;
  /** Whether a terminal may be told how far it is. */
  readonly isWatched: boolean;
  /** What goes into the file beside what is found here. Plain data. */
  readonly provenance: Readonly<Record<string, unknown>>;
  readonly blocks?: RowBlocks;
}

export interface SavedFeatures {
  readonly file: string;
  readonly name: string;
  readonly sha256: string;
  readonly classes: number;
  /** Those that come first because they are trained on; all where no others are held out. */
  readonly trained: number;
  readonly exemplars: number;
  readonly dim: number;
  readonly bits: QuantisedBits;
  readonly bytes: number;
  readonly error: QuantisationError;
}

/** @throws {LabError} 65 for features that are not finite, 70 out of memory, 73 where the file cannot be written */
export async function saveFeatures(
  { process: { stdout } }: LabContext,
  source: ExemplarSource,
  { path, bits, force, isWatched, provenance, blocks }: FeaturesWish,
): Promise<SavedFeatures> {
  const { description: name, classes, exemplars, dim } = source;
  const tell = (text: string) => {
    if (isWatched && stdout.isTerminal) stdout.write(`\r\u001b[K${text}`);
  };
  let quantised;
  try {
    quantised = quantise(source, bits, (done) => tell(`features: ${Math.floor(100 * done)}%`));
  } finally {
    tell('');
  }
  const { features, error } = quantised;
  const sha256 = sha256Of(checkedParts(features));
  const full = { ...provenance, bits, quantisation: error, program: codeVersion() };
  const { header, data } = encodeStore(features, { name, sha256, provenance: full, blocks });
  await saveExport(nodeStorage, path, [header, ...data], force);
  const bytes = data.reduce((sum, part) => sum + part.length, header.length);
  const trained = blocks === undefined ? classes : (classes / blocks.rows) * blocks.first;
  return { file: path, name, sha256, classes, trained, exemplars, dim, bits, bytes, error };
}

/** What was made, and how to use it. */
export function savedText(saved: SavedFeatures): string {
  const { file, name, classes, trained, exemplars, dim, bits, bytes, error } = saved;
  const first = trained < classes ? ` data.classes=${trained}` : '';
  const size = `${formatCount(classes)} classes x ${exemplars} exemplars x ${dim} features`;
  const lost = `${(100 * error.relative).toPrecision(2)}% of their standard deviation, at most ${error.largest.toPrecision(2)}`;
  return [
    `${file}: ${name}: ${size}, ${formatBytes(bytes)}`,
    `rounding to ${bits} bits changes features by ${lost}`,
    `iclab train quick data.source.kind=features data.source.file=${file}${first}`,
  ]
    .map((line) => `${visibleLine(line)}\n`)
    .join('');
}
