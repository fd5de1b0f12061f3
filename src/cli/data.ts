/** `iclab data`: real drawings, looked at and checked. */
import { buildCommand } from '@stricli/core';
import { LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { contactSheet } from '../features/omniglot/contact-sheet.ts';
import { writeGreyPng } from '../formats/png.ts';
import { formatCount } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import type { LabContext } from './context.ts';
import { refuseTakenPath, saveExport } from './export-file.ts';
import { jsonFlag, switchFlag } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { type FoundDrawings, readOmniglot } from './omniglot-archives.ts';

interface DataFlags {
  readonly from?: string;
  readonly preview?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const sources = ['omniglot'] as const;

function data(this: LabContext, flags: DataFlags, source?: string): Promise<void> {
  return tellingFailure(this, flags.json, async () => {
    if (source === undefined)
      throw new LabError(`data: expected one of ${sources.join(', ')} after it (iclab data --help)`);
    if (source !== 'omniglot') {
      const hint = didYouMean(source, sources);
      throw new LabError(
        `data "${source}": expected one of ${sources.join(', ')}${hint} (iclab data --help)`,
      );
    }
    await omniglot(this, flags);
  });
}

async function omniglot({ process: { stdout } }: LabContext, flags: DataFlags): Promise<void> {
  const { from, preview, force = false } = flags;
  if (from === undefined)
    throw new LabError('--from: missing; expected the folder that holds the archives of Omniglot');
  if (preview !== undefined) await refuseTakenPath(preview, force, '--preview', 'omniglot.png');
  const found = await readOmniglot(from);
  const sheet = preview === undefined ? undefined : await savePreview(found, preview, force);
  const { characters, drawers } = found.drawings;
  if (flags.json) {
    const told = { characters: characters.length, drawers, sha256: found.sha256, ...sheet };
    stdout.write(`${JSON.stringify({ kind: 'omniglot', from, ...told })}\n`);
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

export const dataCommand = buildCommand<DataFlags, [source?: string], LabContext>({
  func: data,
  parameters: {
    flags: {
      from: pathFlag('folder', 'Folder with the archives: images_background.zip and images_evaluation.zip'),
      preview: pathFlag('file', 'Writes a contact sheet (PNG): characters x drawers, and orientations'),
      force: switchFlag('Replace a file that is there'),
      json: jsonFlag('Say what was found as one JSON object'),
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: String, optional: true, placeholder: 'source', brief: `One of ${sources.join(', ')}` },
      ],
    },
  },
  docs: {
    brief: 'Read real drawings',
    fullDescription: `Read real drawings: Omniglot (Lake et al. 2015), every drawing decoded and compared with the published ones.

EXAMPLES
  iclab data omniglot --from downloads
  iclab data omniglot --from downloads --preview omniglot.png`,
  },
});
