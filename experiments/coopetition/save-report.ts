/** Puts a report into a folder. Each file appears whole or not at all: a reader never sees half of one. */
import { renderPng } from '../../src/report/png.ts';
import { cannotWrite, commitFile } from '../../src/runs/storage/commit-file.ts';
import { nodeStorage } from '../../src/runs/storage/node-storage.ts';
import { hasCode, type Storage } from '../../src/runs/storage/storage.ts';

/** What every report consists of, each as the text of its file. */
export interface ReportContent {
  /** The figure, standing alone. */
  readonly svg: string;
  /** Every point drawn. */
  readonly csv: string;
  /** The self-contained page. */
  readonly html: string;
}

/** Names of a report's files in the order they are written. @param figure names figure and data, e.g. `fig1b` */
export function reportFiles(figure: string): string[] {
  return [`${figure}.svg`, `${figure}.png`, `${figure}.csv`, 'report.html'];
}

/** Replaces a file all at once; what a killed process left of an earlier attempt goes first. */
export async function replaceFile(
  storage: Storage,
  folder: string,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const temporary = `${name}.tmp`;
  await storage.remove(`${folder}/${temporary}`).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
  });
  await commitFile(storage, folder, temporary, name, bytes, { replace: true });
}

/**
 * Writes figure (SVG and PNG), data and page, replacing those of an earlier report. The folder is made if need be.
 *
 * @returns the paths written, in the order of `reportFiles`
 * @throws {LabError} exit code 73 when the folder or a file cannot be written
 */
export async function saveReport(
  folder: string,
  figure: string,
  { svg, csv, html }: ReportContent,
  storage: Storage = nodeStorage,
): Promise<string[]> {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const contents = [text(`${svg}\n`), await renderPng(svg), text(csv), text(html)];
  let path = folder;
  try {
    await storage.makeDirectory(folder);
    const written: string[] = [];
    for (const [i, name] of reportFiles(figure).entries()) {
      path = `${folder}/${name}`;
      await replaceFile(storage, folder, name, contents[i]);
      written.push(path);
    }
    return written;
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
