/** Which Python runs what docs/python.md shows: one that is installed with the packages, never one we install. */
import { spawnSync } from 'node:child_process';

/** The line that is printed where there is none. */
export const pythonSkipLine =
  'skipped: docs/python.md (no Python with pandas, pyarrow and safetensors; set PYTHON or install them)';

const packages = 'import numpy, pandas, pyarrow.parquet, safetensors.numpy';

/**
 * The command of a Python that has the packages, or undefined.
 * @throws when the variable PYTHON names one that has not: a wish is not to be passed over.
 */
export function findPython(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const hasPackages = (command: string) => spawnSync(command, ['-c', packages]).status === 0;
  if (env.PYTHON !== undefined && env.PYTHON !== '') {
    if (hasPackages(env.PYTHON)) return env.PYTHON;
    throw new Error(`PYTHON=${env.PYTHON}: no Python with pandas, pyarrow and safetensors`);
  }
  return ['python3', 'python'].find(hasPackages);
}
