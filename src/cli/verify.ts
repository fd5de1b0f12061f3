/** `iclab verify`: numbers made by PyTorch and JAX, through the engine that trains; exit code 1 above tolerance. */
import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildCommand } from '@stricli/core';
import { createWasmKernels } from '../engine/wasm.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { dataError } from '../formats/data-error.ts';
import { visibleLine } from '../report/visible-text.ts';
import { loadKernelModule } from '../runs/kernel-module.ts';
import { cannotRead, systemCode } from '../runs/storage/commit-file.ts';
import { readLimited } from '../runs/storage/read-limited.ts';
import { maxGoldenBytes } from '../verify/golden-file.ts';
import { engineSubjects } from '../verify/engine-subject.ts';
import { type CheckedReport, verifyGolden } from '../verify/verify-golden.ts';
import type { LabContext } from './context.ts';
import { jsonFlag } from './flags.ts';
import { textTable } from './text-table.ts';

interface VerifyFlags {
  readonly json?: boolean;
}

const ownGolden = fileURLToPath(new URL('../../test/golden', import.meta.url));

async function verify(this: LabContext, { json }: VerifyFlags, path = ownGolden): Promise<void> {
  const files = await goldenFiles(path);
  const { module } = loadKernelModule();
  const reports: Report[] = [];
  for (const file of files) {
    const report = await reportOn(file, module);
    reports.push(report);
    if (!json) this.process.stdout.write(reportText(report));
  }
  const counts = countReports(reports);
  this.process.stdout.write(
    json ? `${JSON.stringify(reports.map(jsonReport))}\n` : `${summaryText(counts)}\n`,
  );
  if (counts.above > 0) this.process.exitCode = exitCodes.checkFailed;
  else if (counts.failed > 0) this.process.exitCode = exitCodes.badData;
  else if (counts.within === 0) this.process.exitCode = exitCodes.checkFailed;
}

/** A file that could not be read, or is damaged: the others are checked all the same. */
interface FailedReport {
  readonly status: 'failed';
  readonly file: string;
  readonly problem: string;
}

type Report = CheckedReport | FailedReport;

async function reportOn(file: string, module: WebAssembly.Module): Promise<Report> {
  try {
    const bytes = await readLimited(file, maxGoldenBytes);
    if (!bytes) throw dataError(file, '', `more than the ${maxGoldenBytes} bytes a golden file may have`);
    return verifyGolden(
      bytes,
      file,
      engineSubjects(() => createWasmKernels(module)),
    );
  } catch (error) {
    const told = systemCode(error) === undefined ? error : cannotRead(file, error);
    if (!(told instanceof LabError) || told.exitCode !== exitCodes.badData) throw error;
    const problem = told.message.startsWith(`${file}: `) ? told.message.slice(file.length + 2) : told.message;
    return { status: 'failed', file, problem };
  }
}

interface ReportCounts {
  readonly within: number;
  readonly above: number;
  readonly failed: number;
}

function countReports(reports: readonly Report[]): ReportCounts {
  const count = (is: (report: Report) => boolean) => reports.filter(is).length;
  return {
    within: count((report) => report.status === 'checked' && report.ok),
    above: count((report) => report.status === 'checked' && !report.ok),
    failed: count(({ status }) => status === 'failed'),
  };
}

/** `4 within tolerance, 1 above`. */
function summaryText({ within, above, failed }: ReportCounts): string {
  const parts = [
    within + above === 0 ? 'nothing was checked' : `${within} within tolerance`,
    above > 0 ? `${above} above` : '',
    failed > 0 ? `${failed} unreadable or damaged` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/**
 * The file itself, or all `.safetensors` of a folder.
 * @throws {LabError} exit code 64 where there is none, 65 where they cannot be read
 */
async function goldenFiles(path: string): Promise<string[]> {
  let entries: string[] | undefined;
  try {
    entries = (await stat(path)).isDirectory() ? await readdir(path) : undefined;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw cannotRead(path, error);
    throw new LabError(`"${path}": no such file or folder; give a golden file or a folder of them`);
  }
  if (entries === undefined) return [path];
  const names = entries.filter((name) => name.endsWith('.safetensors')).sort();
  if (names.length === 0)
    throw new LabError(`${path}: no .safetensors file in it; give a golden file or a folder of them`);
  return names.map((name) => `${path.replace(/[/\\]$/, '')}/${name}`);
}

function reportText(report: Report): string {
  const file = visibleLine(report.file);
  if (report.status === 'failed') return `${file}: failed: ${visibleLine(report.problem)}\n\n`;
  const rows = report.groups.map(({ group, tensors, worst, ok }) => [
    ok ? 'ok' : 'FAILED',
    group,
    `${tensors}`,
    error(worst.largestError),
    error(worst.tolerance),
    worst.index < 0 ? visibleLine(worst.tensor) : visibleLine(`${worst.tensor}[${worst.index}]`),
  ]);
  const header = ['', 'group', 'tensors', 'largest error', 'tolerance', 'where'];
  return `${file}: engine ${report.engine}\n${textTable([header, ...rows], '  ')}\n`;
}

function error(value: number): string {
  return value === 0 ? '0' : Number.isFinite(value) ? value.toExponential(1) : 'not a number';
}

/** JSON has no infinity: an error that is none is null there. */
function jsonReport(report: Report): object {
  if (report.status !== 'checked') return report;
  const { file, engine, ok, groups } = report;
  return { status: 'checked', file, engine, ok, groups };
}

export const verifyCommand = buildCommand<VerifyFlags, [string?], LabContext>({
  func: verify,
  parameters: {
    flags: { json: jsonFlag() },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: String,
          optional: true,
          placeholder: 'file|folder',
          brief: 'A golden file or a folder of them; default those of this checkout',
        },
      ],
    },
  },
  docs: {
    brief: 'Check the engine against numbers made by PyTorch and JAX',
    fullDescription: `Check the engine against numbers made by PyTorch and JAX: logits, activations, gradients, losses, weights after training,
random numbers and starting weights. Exit code 1 if anything is above its tolerance or nothing was checked, 65 if a file
is damaged.

EXAMPLES
  iclab verify
  iclab verify test/golden/rope-no-norm.safetensors`,
  },
});
