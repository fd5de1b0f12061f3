/** From the dataset's two archives to its drawings: every picture decoded, none missing, in sorted order. */
import { dataError, quoted } from '../../formats/data-error.ts';
import { readBitmap } from '../../formats/png.ts';
import { readZip } from '../../formats/zip.ts';
import { drawingBytes, type Drawings, side } from './drawings.ts';

/** The archives by the names they are published under, in the order of their characters. */
export const archiveNames = ['images_background.zip', 'images_evaluation.zip'] as const;

/** Bytes an archive may have; the larger one has 10 MB. */
export const mostArchiveBytes = 2 ** 26;

/** What the published archives hold. */
export const publishedSize: DrawingsSize = Object.freeze({ characters: 1623, drawers: 20 });

export interface DrawingsSize {
  readonly characters: number;
  /** Drawings of each character. */
  readonly drawers: number;
}

/** A drawing has some hundred bytes; the archives hold 34,000 entries. */
const limits = { entries: 100_000, fileBytes: 4096, totalBytes: 2 ** 27 };

export interface Archive {
  /** What to call it in errors. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * @param archives of background and evaluation set, in this order
 * @param size what they must hold together; default: all of Omniglot
 * @throws {LabError} exit code 65: an archive or a picture that is damaged, of another size, missing, or one too many
 */
export function readDrawings(archives: readonly Archive[], size: DrawingsSize = publishedSize): Drawings {
  const pictures = archives.flatMap(({ file, bytes }) => {
    const files = readZip(bytes, file, isDrawing, limits);
    if (files.size === 0)
      throw dataError(file, '', 'holds no drawings like images_background/Greek/character01/0394_01.png');
    return [...files].map(([path, content]) => ({ path, content, file }));
  });
  pictures.sort((a, b) => (a.path < b.path ? -1 : 1));
  const bits = new Uint8Array(pictures.length * drawingBytes);
  const drawingsOf = new Map<string, { count: number; readonly file: string }>();
  pictures.forEach(({ path, content, file }, i) => {
    bits.set(readBitmap(content, `${file}: ${quoted(path)}`, side, side), i * drawingBytes);
    const character = path.slice(0, path.lastIndexOf('/'));
    const known = drawingsOf.get(character);
    if (known) known.count++;
    else drawingsOf.set(character, { count: 1, file });
  });
  for (const [character, { count, file }] of drawingsOf) {
    if (count !== size.drawers)
      throw dataError(
        file,
        quoted(character),
        `${count} drawings; expected ${size.drawers}; get the archive anew`,
      );
  }
  if (drawingsOf.size !== size.characters) {
    throw dataError(
      archives.map(({ file }) => file).join(' and '),
      '',
      `${drawingsOf.size} characters; expected ${size.characters}; get the archives anew`,
    );
  }
  return {
    characters: [...drawingsOf.keys()],
    drawers: size.drawers,
    paths: pictures.map(({ path }) => path),
    bits,
  };
}

/** `<set>/<alphabet>/character<NN>/<id>_<drawer>.png`; what macOS adds to archives (`__MACOSX/`) is none. */
function isDrawing(name: string): boolean {
  return /^images_(background|evaluation)\/[^/]+\/character\d+\/[^/.]+\.png$/.test(name);
}
