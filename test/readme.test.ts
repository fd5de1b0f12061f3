/**
 * Every command of the README runs, as it stands there but for overrides that shorten it and an output folder of the
 * test's own. `npm ci && npm test` is run by .ci/run, which takes that line from the README.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const out = mkdtempSync(join(tmpdir(), 'iclab-readme-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Lines of the fenced blocks, and commands in running text. */
const commands = [
  ...[...readme.matchAll(/^```\n(.*?)^```$/gms)].flatMap(([, block]) => block.trim().split('\n')),
  ...[...readme.matchAll(/`(npm run [^`]+)`/g)].map(([, command]) => command),
];

/** Few sequences; evaluators large enough that an untrained model is near chance, which one claim is about. */
const shorter = [
  'train.trainSequences=96',
  'evaluate.everySequences=96',
  'evaluate.sequencesPerEvaluator=500',
];

let written = 0;

/** What is run in place of a command of the README. */
function shortened(command: string): string[] | undefined {
  if (command === 'npm ci && npm test') return undefined;
  const words = command.replace(/^npm ci && /, '').split(/ +/);
  expect(words.slice(0, 2)).toEqual(['npm', 'run']);
  const [, , script, ...rest] = words;
  if (script === 'bench')
    return ['run', '--silent', 'bench', '--', '--rounds', '1', '--steps', '3', '--patience', '0'];
  if (script === 'demo')
    return ['run', '--silent', 'demo', '--', ...rest, '--out', join(out, 'demo'), ...shorter];
  expect(script).toBe('iclab');
  expect(rest[0]).toBe('--');
  // Runs live in the test's own folder, whether a command makes them or reads them.
  const given = rest.slice(1).map((word) => (/^runs\/|\.svg$/.test(word) ? join(out, word) : word));
  const trains = ['train', 'reproduce'].includes(given[0]);
  const writes = trains || ['report', 'export'].includes(given[0]);
  const own = writes && !given.includes('--out') ? ['--out', join(out, given[0], `${++written}`)] : [];
  const extra = [...own, ...(trains ? shorter : [])];
  return ['run', '--silent', 'iclab', '--', ...given, ...extra];
}

test('the README has commands', () => {
  expect(commands).toContain('npm ci && npm test');
  expect(commands).toContain('npm ci && npm run demo');
  expect(commands.length).toBeGreaterThan(7);
});

test.each(commands.filter((command) => command !== 'npm ci && npm test'))(
  '%s',
  { timeout: 120_000 },
  (command) => {
    const words = shortened(command);
    expect(words).toBeDefined();
    const { status, stdout, stderr } = spawnSync('npm', words ?? [], { cwd: root, encoding: 'utf8' });
    // A shortened demo judges few claims and fails none.
    expect(status, `${command}\n${stdout}\n${stderr}`).toBe(0);
    expect(stdout.trim()).not.toBe('');
    if (command.includes('run demo')) {
      for (const file of ['report.html', 'fig1b.svg', 'fig1b.png', 'fig1b.csv']) {
        expect(existsSync(join(out, 'demo', file)), file).toBe(true);
      }
    }
  },
);

test('running the tests leaves nothing behind in the checkout', () => {
  const status = execFileSync('git', ['status', '--porcelain', '--ignored'], { cwd: root, encoding: 'utf8' });
  expect(status.split('\n').filter((line) => /^.. (runs|reproduction|out)\//.test(line))).toEqual([]);
});
