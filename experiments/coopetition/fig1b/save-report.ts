/** Puts the report of figure 1b on disk. Each file appears whole or not at all, and a reader never sees half of one. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, LabError } from '../../../src/errors/lab-error.ts';
import { renderPng } from '../../../src/report/png.ts';
import type { Fig1bReport } from './report.ts';

/** Written beside its name, synced, then renamed over it. */
async function writeWhole(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
  return path;
}

/**
 * Writes `fig1b.svg`, `fig1b.png`, `fig1b.csv` and `report.html` to a folder, which is made if need be.
 *
 * @returns the paths written, in that order
 * @throws LabError (cannotWrite) when the folder or a file cannot be written
 */
export async function saveFig1bReport(folder: string, report: Fig1bReport): Promise<string[]> {
  const png = await renderPng(report.svg);
  const files: [string, string | Uint8Array][] = [
    ['fig1b.svg', `${report.svg}\n`],
    ['fig1b.png', png],
    ['fig1b.csv', report.csv],
    ['report.html', report.html],
  ];
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of files) written.push(await writeWhole(folder, name, content));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `report, ${folder}: expected a folder that can be written, got ${reason}; free space or choose another --out`;
    throw new LabError(message, exitCodes.cannotWrite, { cause });
  }
  return written;
}
