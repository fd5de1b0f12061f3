/** `iclab data`: real drawings, looked at, checked and made into features that runs can be trained on. */
import { buildCommand } from '@stricli/core';
import { LabError } from '../errors/lab-error.ts';
import { basename } from 'node:path';
import { didYouMean } from '../errors/nearest.ts';
import type { quantisedBits } from '../data/stored/quantise.ts';
import { createEncoder, parseEncoder } from '../features/encoders/encoder.ts';
import { contactSheet } from '../features/omniglot/contact-sheet.ts';
import { drawingFeatures, trainedFirst } from '../features/omniglot/drawing-features.ts';
import { type Layout, layouts } from '../features/omniglot/layout.ts';
import { writeGreyPng } from '../formats/png.ts';
import { formatCount } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { refuseTakenPath, saveExport } from './export-file.ts';
import { jsonFlag, parseSeed, switchFlag } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { importArray } from './import-array.ts';
import { type FoundDrawings, readOmniglot } from './omniglot-archives.ts';
import { saveFeatures, type SavedFeatures, savedText } from './save-features.ts';

interface DataFlags {
  readonly from?: string;
  readonly preview?: string;
  readonly encoder?: string;
  readonly layout?: Layout;
  readonly seed?: number;
  readonly bits?: (typeof bitWords)[number];
  readonly out?: string;
  readonly dataset?: string;
  readonly name?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const sources = ['omniglot', 'import'] as const;
const bitWords = ['16', '8'] as const;

function data(this: LabContext, flags: DataFlags, source?: string, file?: string): Promise<void> {
  return tellingFailure(this, flags.json, async () => {
    if (source === undefined)
      throw new LabError(`data: expected one of ${sources.join(', ')} after it (iclab data --help)`);
    if (source === 'import') return importFile(this, flags, file);
    if (source !== 'omniglot') {
      const hint = didYouMean(source, sources);
      throw new LabError(
        `data "${source}": expected one of ${sources.join(', ')}${hint} (iclab data --help)`,
      );
    }
    if (file !== undefined) throw new LabError(`"${file}": one word too many; the folder goes with --from`);
    refuseWith(flags, 'omniglot', ['dataset', 'name']);
    await omniglot(this, flags);
  });
}

/** @throws {LabError} exit code 64 where a flag was given that has no meaning there */
function refuseWith(flags: DataFlags, source: string, names: readonly (keyof DataFlags)[]): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new LabError(`--${given}: does not go with data ${source}; leave it out`);
}

/** Features that others have computed. */
async function importFile(context: LabContext, flags: DataFlags, file: string | undefined): Promise<void> {
  const { dataset, name, force = false, json = false, bits = '16' } = flags;
  refuseWith(flags, 'import', ['from', 'preview', 'encoder', 'layout', 'seed']);
  if (file === undefined)
    throw new LabError('data import: expected a file after it (.npy, .npz, .safetensors, .h5, .parquet)');
  const stem = basename(file).replace(/\.[^.]*$/, '') || 'imported';
  const path = flags.out ?? `${stem}.features.safetensors`;
  await refuseTakenPath(path, force, '--out', 'features.safetensors');
  const source = await importArray(file, dataset, name);
  const saved = await saveFeatures(context, source, {
    path,
    bits: bits === '8' ? 8 : 16,
    force,
    isWatched: !json,
    provenance: { file: basename(file), ...(dataset === undefined ? {} : { dataset }) },
  });
  context.process.stdout.write(
    json ? `${JSON.stringify({ kind: 'import', from: file, features: saved })}\n` : savedText(saved),
  );
}

async function omniglot(context: LabContext, flags: DataFlags): Promise<void> {
  const { stdout } = context.process;
  const { from, preview, force = false } = flags;
  if (from === undefined)
    throw new LabError('--from: missing; expected the folder that holds the archives of Omniglot');
  if (preview !== undefined) await refuseTakenPath(preview, force, '--preview', 'omniglot.png');
  const wish = await encodingWish(flags);
  const found = await readOmniglot(from);
  const sheet = preview === undefined ? undefined : await savePreview(found, preview, force);
  const saved = wish && (await encode(context, found, wish));
  const { characters, drawers } = found.drawings;
  if (flags.json) {
    const told = { characters: characters.length, drawers, sha256: found.sha256, ...sheet };
    const features = saved === undefined ? {} : { features: saved };
    stdout.write(`${JSON.stringify({ kind: 'omniglot', from, ...told, ...features })}\n`);
    return;
  }
  const alphabets = new Set(characters.map((path) => path.split('/')[1])).size;
  stdout.write(
    `Omniglot: ${formatCount(characters.length)} characters of ${alphabets} alphabets, ${drawers} drawings of each; ` +
      `all ${formatCount(characters.length * drawers)} are the published ones\n`,
  );
  if (sheet !== undefined) {
    stdout.write(`${visibleLine(sheet.preview)}: ${sheet.shown.length} characters, by line:\n`);
    for (const character of sheet.shown) stdout.write(`  ${visibleLine(character)}\n`);
  }
  stdout.write(
    saved === undefined
      ? 'next: --encoder random (or pixels) makes a file of features that a run can be trained on\n'
      : savedText(saved),
  );
}

interface EncodingWish {
  readonly encoder: ReturnType<typeof parseEncoder>;
  readonly layout: Layout;
  readonly bits: (typeof quantisedBits)[number];
  readonly path: string;
  readonly force: boolean;
  readonly isWatched: boolean;
}

/** What the flags ask for; undefined where nothing is to be encoded. @throws {LabError} exit code 64 */
async function encodingWish(flags: DataFlags): Promise<EncodingWish | undefined> {
  const { encoder: word, layout = 'text', seed = 0, bits = '16', force = false } = flags;
  if (word === undefined) {
    const given = (['out', 'layout', 'seed', 'bits'] as const).find((name) => flags[name] !== undefined);
    if (given !== undefined)
      throw new LabError(`--${given}: goes with --encoder, which makes features; give that too`);
    return undefined;
  }
  const encoder = parseEncoder(word, seed);
  const path = flags.out ?? `omniglot-${word.replaceAll(':', '-')}.safetensors`;
  await refuseTakenPath(path, force, '--out', 'omniglot.safetensors');
  return { encoder, layout, bits: bits === '8' ? 8 : 16, path, force, isWatched: flags.json !== true };
}

function encode(
  context: LabContext,
  { drawings, sha256 }: FoundDrawings,
  { encoder: asked, layout, ...where }: EncodingWish,
): Promise<SavedFeatures> {
  const encoder = createEncoder(asked, drawings);
  const source = drawingFeatures(drawings, encoder, layout);
  const { name, preprocessing } = encoder;
  const description = layout === 'text' ? source.description : `${source.description}, ${layout} layout`;
  return saveFeatures(
    context,
    { ...source, description },
    {
      ...where,
      blocks: trainedFirst(drawings),
      provenance: { drawings: sha256, layout, encoder: name, preprocessing },
    },
  );
}

async function savePreview(
  { drawings }: FoundDrawings,
  path: string,
  force: boolean,
): Promise<{ readonly preview: string; readonly shown: readonly string[] }> {
  const { width, height, pixels, characters } = contactSheet(drawings);
  await saveExport(nodeStorage, path, writeGreyPng(width, height, pixels), force);
  return { preview: path, shown: characters.map((character) => drawings.characters[character]) };
}

/** A flag with a path that may be left out. */
function pathFlag(placeholder: string, brief: string) {
  const parse = (text: string) => {
    if (text.trim() === '') throw new Error(`expected a ${placeholder}`);
    return text;
  };
  return { kind: 'parsed', parse, optional: true, placeholder, brief } as const;
}

export const dataCommand = buildCommand<DataFlags, [source?: string, file?: string], LabContext>({
  func: data,
  parameters: {
    flags: {
      from: pathFlag('folder', 'Folder with the archives: images_background.zip and images_evaluation.zip'),
      preview: pathFlag('file', 'Writes a contact sheet (PNG): characters x drawers, and orientations'),
      encoder: {
        kind: 'parsed',
        parse: String,
        optional: true,
        placeholder: 'encoder',
        brief: 'Makes features: random[:FEATURES] (default 512) or pixels[:GRID] (default 21)',
      },
      layout: {
        kind: 'enum',
        values: layouts,
        optional: true,
        brief: 'Rows as the text has them (default) or as the released extractor made them',
      },
      seed: {
        kind: 'parsed',
        parse: parseSeed,
        optional: true,
        placeholder: 'n',
        brief: 'Of the random projection; default 0',
      },
      bits: { kind: 'enum', values: bitWords, optional: true, brief: 'Of each stored feature; default 16' },
      out: pathFlag('file', 'Where the features go; default omniglot-<encoder>.safetensors'),
      dataset: {
        kind: 'parsed',
        parse: String,
        optional: true,
        placeholder: 'name',
        brief: 'Which array of an imported file, like resnet18/224/feat; default the only one',
      },
      name: {
        kind: 'parsed',
        parse: String,
        optional: true,
        placeholder: 'text',
        brief: 'What imported features are: every figure says it; default the name of the file',
      },
      force: switchFlag('Replace a file that is there'),
      json: jsonFlag('Say what was found as one JSON object'),
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: String, optional: true, placeholder: 'source', brief: `One of ${sources.join(', ')}` },
        { parse: String, optional: true, placeholder: 'file', brief: 'To import' },
      ],
    },
  },
  docs: {
    brief: 'Make features of real drawings, or of files of others',
    fullDescription: `Make a file of features that a run can be trained on (docs/data.md): of real drawings, Omniglot (Lake et al. 2015), every drawing decoded and compared with the published ones,
then seen by an encoder; or of an array [classes, exemplars, dim] in a .npy, .npz, .safetensors, .h5 or .parquet file.

EXAMPLES
  iclab data omniglot --from downloads
  iclab data omniglot --from downloads --preview omniglot.png
  iclab data omniglot --from downloads --encoder random
  iclab train quick data.source.kind=features data.source.file=omniglot-random.safetensors data.classes=12800
  iclab data import features.h5 --dataset resnet18/224/feat --name "Omniglot, ResNet18"

FEATURES
  random   the mean ink of 21x21 cells, projected at random, ReLU: a network of one layer that was never trained
  pixels   the mean ink of a grid of cells as it is
  A run's first 12,800 classes are those the paper trains on: in each orientation the first 1,600 characters.`,
  },
});
