/** What is said where the Node that was brought along cannot be started. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Makes the Node that runs the launcher say that it is 18. */
const pretendOld = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.8"}})',
];

test.skipIf(process.platform === 'win32')('a pinned Node without the right to run', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'launcher-'));
  try {
    cpSync(join(root, 'bin'), join(checkout, 'bin'), { recursive: true });
    writeFileSync(join(checkout, 'package.json'), '{ "type": "module" }');
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    for (const name of Object.keys(manifest.optionalDependencies)) {
      mkdirSync(join(checkout, 'node_modules', name, 'bin'), { recursive: true });
      writeFileSync(join(checkout, 'node_modules', name, 'package.json'), '{}');
      writeFileSync(join(checkout, 'node_modules', name, 'bin', 'node'), '');
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [...pretendOld, 'bin/iclab.js', 'train'], {
      cwd: checkout,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
    expect(stderr).toMatch(
      /^iclab: cannot start \S+: spawn \S+ EACCES; Node 18\.20\.8 is too old, 24 or newer is needed; run npm ci \(it brings its own Node\) or install one from nodejs\.org\n$/,
    );
  } finally {
    rmSync(checkout, { recursive: true });
  }
});
