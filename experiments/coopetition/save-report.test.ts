import { describe, expect, it } from 'vitest';
import { exitCodes, LabError } from '../../src/errors/lab-error.ts';
import { MemoryStorage } from '../../src/runs/storage/memory-storage.ts';
import { StorageError } from '../../src/runs/storage/storage.ts';
import { writeFig1bReport } from './fig1b/report.ts';
import { reportFiles, saveReport } from './save-report.ts';
import { madeUpRun, runInfo, transientKnots } from './fig1b/test-tables.ts';

const report = writeFig1bReport(madeUpRun(transientKnots, 3e6, 3e5), runInfo('quick', 3e6));
const files = reportFiles('fig1b');
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('saveReport', () => {
  it('writes the four files, nothing else, and all of it is durable', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('.');
    const written = await saveReport('out', 'fig1b', report, storage);
    expect(written).toEqual(files.map((name) => `out/${name}`));
    const left = storage.afterPowerLoss();
    expect(await left.list('out')).toEqual([...files].sort());
    expect(text(await left.read('out/report.html'))).toBe(report.html);
    expect(text(await left.read('out/fig1b.csv'))).toBe(report.csv);
    expect(text(await left.read('out/fig1b.svg'))).toBe(`${report.svg}\n`);
    expect([...(await left.read('out/fig1b.png')).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  });

  it('replaces an earlier report, and what a killed process left', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory('out');
    await storage.create('out/fig1b.csv', new TextEncoder().encode('old'));
    await storage.create('out/fig1b.csv.tmp', new TextEncoder().encode('half'));
    await saveReport('out', 'fig1b', report, storage);
    expect(text(await storage.read('out/fig1b.csv'))).toBe(report.csv);
    expect(await storage.list('out')).toEqual([...files].sort());
  });

  it('says in one line what it could not write, and leaves the old file whole', async () => {
    const storage = new MemoryStorage();
    await saveReport('out', 'fig1b', report, storage);
    storage.intercept((operation, path) => {
      if (operation === 'sync' && path.includes('fig1b.csv'))
        throw new StorageError('ENOSPC', operation, path);
    });
    const failure = await saveReport('out', 'fig1b', { ...report, csv: 'new' }, storage).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(LabError);
    expect(failure).toMatchObject({ exitCode: exitCodes.cannotWrite });
    expect(String(failure)).toMatch(/out\/fig1b\.csv: cannot write: no space left/);
    expect(text(await storage.read('out/fig1b.csv'))).toBe(report.csv);
  });
});
