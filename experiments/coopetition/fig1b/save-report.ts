/** Puts the report of figure 1b into a folder. Each file appears whole or not at all: a reader never sees half of one. */
import { renderPng } from '../../../src/report/png.ts';
import { cannotWrite, commitFile } from '../../../src/runs/storage/commit-file.ts';
import { nodeStorage } from '../../../src/runs/storage/node-storage.ts';
import { hasCode, type Storage } from '../../../src/runs/storage/storage.ts';
import type { Fig1bReport } from './report.ts';

/** What the report consists of, in the order it is written. */
export const reportFiles = ['fig1b.svg', 'fig1b.png', 'fig1b.csv', 'report.html'] as const;

type ReportFile = (typeof reportFiles)[number];

/** Replaces a file all at once; what a killed process left of an earlier attempt goes first. */
async function replaceFile(storage: Storage, folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${name}.tmp`;
  await storage.remove(`${folder}/${temporary}`).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
  });
  await commitFile(storage, folder, temporary, name, bytes, { replace: true });
}

/**
 * Writes `fig1b.svg`, `fig1b.png`, `fig1b.csv` and `report.html`, replacing those of an earlier report. The folder is
 * made if need be.
 *
 * @returns the paths written, in that order
 * @throws {LabError} exit code 73 when the folder or a file cannot be written
 */
export async function saveFig1bReport(
  folder: string,
  report: Fig1bReport,
  storage: Storage = nodeStorage,
): Promise<string[]> {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const contents: Record<ReportFile, Uint8Array> = {
    'fig1b.svg': text(`${report.svg}\n`),
    'fig1b.png': await renderPng(report.svg),
    'fig1b.csv': text(report.csv),
    'report.html': text(report.html),
  };
  let path = folder;
  try {
    await storage.makeDirectory(folder);
    const written: string[] = [];
    for (const name of reportFiles) {
      path = `${folder}/${name}`;
      await replaceFile(storage, folder, name, contents[name]);
      written.push(path);
    }
    return written;
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
