/** bin/iclab.js and scripts/prepare.js in a checkout of their own, under a Node that claims to be old. */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  optionalDependencies: Record<string, string>;
};

/** Makes the first Node, and not the one it hands over to, say that it is 18. */
const pretendOld = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.8"}})',
];

let checkout = '';

function write(path: string, text: string): void {
  mkdirSync(join(checkout, path, '..'), { recursive: true });
  writeFileSync(join(checkout, path), text);
}

/** Installs, as every platform's Node package, one whose command is the Node that runs this test. */
function installPinnedNode(): void {
  for (const name of Object.keys(manifest.optionalDependencies).filter((name) => name.startsWith('node-'))) {
    write(`node_modules/${name}/package.json`, '{}');
    mkdirSync(join(checkout, `node_modules/${name}/bin`));
    symlinkSync(process.execPath, join(checkout, `node_modules/${name}/bin/node`));
  }
}

const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: checkout, encoding: 'utf8' });

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'launcher-'));
  cpSync(join(root, 'bin'), join(checkout, 'bin'), { recursive: true });
  cpSync(join(root, 'scripts', 'prepare.js'), join(checkout, 'scripts', 'prepare.js'));
  write('package.json', '{ "type": "module" }');
});
afterEach(() => {
  rmSync(checkout, { recursive: true });
});

describe('bin/iclab.js', () => {
  const echo = `export const main = async (argv: string[]): Promise<number> => {
    console.log(JSON.stringify({ node: process.versions.node, argv }));
    return 65;
  };`;
  const said = JSON.stringify({ node: process.versions.node, argv: ['train', 'a b', '--json'] });

  test('passes on arguments and exit code', () => {
    write('src/cli/main.ts', echo);
    expect(run('bin/iclab.js', 'train', 'a b', '--json')).toMatchObject({ status: 65, stdout: `${said}\n` });
  });

  test('under an old Node hands over to the pinned one', () => {
    write('src/cli/main.ts', echo);
    installPinnedNode();
    const result = run(...pretendOld, 'bin/iclab.js', 'train', 'a b', '--json');
    expect(result).toMatchObject({ status: 65, stdout: `${said}\n`, stderr: '' });
  });

  test('under an old Node without a pinned one says in one line what to do', () => {
    expect(run(...pretendOld, 'bin/iclab.js', 'train')).toMatchObject({
      status: 70,
      stdout: '',
      stderr:
        'iclab: Node 18.20.8 is too old, 24 or newer is needed; ' +
        'run npm ci (it brings its own Node) or install one from nodejs.org\n',
    });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s to the launcher reaches the one that works, and both end by it',
    async (name) => {
      write(
        'src/cli/main.ts',
        `export const main = () => { console.log('up'); setInterval(() => {}, 1e6); };`,
      );
      installPinnedNode();
      const launcher = spawn(process.execPath, [...pretendOld, 'bin/iclab.js'], { cwd: checkout });
      const ended = new Promise((resolve) => launcher.on('close', (_, signal) => resolve(signal)));
      launcher.stdout.once('data', () => launcher.kill(name));
      // `close` waits for the end of the output, which the worker holds open for as long as it lives.
      expect(await ended).toBe(name);
    },
  );
});

describe('scripts/prepare.js', () => {
  beforeEach(() => {
    write(
      'scripts/build-kernels.ts',
      `const node: string = process.versions.node; console.log('built by', node);`,
    );
  });

  test('links the pinned Node among the commands and builds with it', () => {
    installPinnedNode();
    const result = run(...pretendOld, 'scripts/prepare.js');
    expect(result).toMatchObject({ status: 0, stdout: `built by ${process.versions.node}\n`, stderr: '' });
    const linked = spawnSync(join(checkout, 'node_modules/.bin/node'), ['--version'], { encoding: 'utf8' });
    expect(linked.stdout).toBe(`${process.version}\n`);
  });

  test('repairs a link that leads nowhere, and may be run twice', () => {
    installPinnedNode();
    mkdirSync(join(checkout, 'node_modules/.bin'));
    symlinkSync('gone', join(checkout, 'node_modules/.bin/node'));
    expect(run('scripts/prepare.js').status).toBe(0);
    expect(existsSync(join(checkout, 'node_modules/.bin/node'))).toBe(true);
    expect(run('scripts/prepare.js').status).toBe(0);
  });

  test('does without a pinned Node where the running one is recent enough', () => {
    expect(run('scripts/prepare.js').status).toBe(0);
    expect(existsSync(join(checkout, 'node_modules/.bin/node'))).toBe(false);
  });

  test('fails in one line where there is no recent Node at all', () => {
    const result = run(...pretendOld, 'scripts/prepare.js');
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/^prepare: Node 18\.20\.8 is too old, [^\n]*\n$/);
  });

  test.each([
    ['prepare', 'kernels\npackage\n'],
    ['pretest', 'kernels\n'],
  ])('as %s it builds what that needs', (event, built) => {
    for (const what of ['kernels', 'package']) {
      write(`scripts/build-${what}.ts`, `console.log('${what}');`);
    }
    const { stdout } = spawnSync(process.execPath, ['scripts/prepare.js'], {
      cwd: checkout,
      encoding: 'utf8',
      env: { ...process.env, npm_lifecycle_event: event },
    });
    expect(stdout).toBe(built);
  });

  test('fails when the build fails', () => {
    write('scripts/build-kernels.ts', `process.exitCode = 3;`);
    expect(run('scripts/prepare.js').status).toBe(3);
  });
});
