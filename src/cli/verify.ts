/** `iclab verify`: numbers made by PyTorch and JAX, through the engine that trains; exit code 1 above tolerance. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildCommand } from '@stricli/core';
import { createWasmKernels } from '../engine/wasm.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { visibleLine } from '../report/visible-text.ts';
import { engineSubjects } from '../verify/engine-subject.ts';
import { type GoldenReport, verifyGolden } from '../verify/verify-golden.ts';
import type { LabContext } from './context.ts';
import { loadKernelModule } from './kernel-module.ts';
import { textTable } from './text-table.ts';

interface VerifyFlags {
  readonly json?: boolean;
}

const ownGolden = fileURLToPath(new URL('../../test/golden', import.meta.url));

async function verify(this: LabContext, { json }: VerifyFlags, path = ownGolden): Promise<void> {
  const files = await goldenFiles(path);
  const { module } = loadKernelModule();
  const reports: GoldenReport[] = [];
  for (const file of files) {
    const report = verifyGolden(
      new Uint8Array(await readFile(file)),
      file,
      engineSubjects(() => createWasmKernels(module)),
    );
    reports.push(report);
    if (!json) this.process.stdout.write(reportText(report));
  }
  const failed = reports.filter((report) => report.status === 'checked' && !report.ok).length;
  const checked = reports.filter((report) => report.status === 'checked').length;
  if (json) this.process.stdout.write(`${JSON.stringify(reports.map(jsonReport))}\n`);
  else if (checked === 0) this.process.stdout.write('nothing was checked\n');
  else this.process.stdout.write(`${checked - failed} of ${checked} files within tolerance\n`);
  if (failed > 0) this.process.exitCode = exitCodes.checkFailed;
}

/** The file itself, or all `.safetensors` of a folder. @throws {LabError} exit code 64 where there is none */
async function goldenFiles(path: string): Promise<string[]> {
  const status = await stat(path).catch(() => undefined);
  if (!status) throw new LabError(`${path}: no such file or folder; give a golden file or a folder of them`);
  if (!status.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.safetensors')).sort();
  if (names.length === 0)
    throw new LabError(`${path}: no .safetensors file in it; give a golden file or a folder of them`);
  return names.map((name) => `${path.replace(/[/\\]$/, '')}/${name}`);
}

function reportText(report: GoldenReport): string {
  const file = visibleLine(report.file);
  if (report.status === 'notSupported') return `${file}: not checked: ${report.reason}\n\n`;
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
function jsonReport(report: GoldenReport): object {
  if (report.status === 'notSupported') return report;
  const { file, engine, ok, groups } = report;
  return { status: 'checked', file, engine, ok, groups };
}

export const verifyCommand = buildCommand<VerifyFlags, [string?], LabContext>({
  func: verify,
  parameters: {
    flags: { json: { kind: 'boolean', optional: true, withNegated: false, brief: 'As JSON' } },
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
random numbers and starting weights. Exit code 1 if anything is above its tolerance.

EXAMPLES
  iclab verify
  iclab verify test/golden/rope-no-norm.safetensors`,
  },
});
