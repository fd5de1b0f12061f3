/**
 * Adds to package-lock.json the packages of other platforms that it names without describing them.
 *
 * npm leaves out an optional package which its registry does not offer at that moment, and `npm ci` of npm >= 11 then
 * refuses the lockfile ("Missing: ... from lock file", npm/cli#9846). Run this after adding a package, if
 * its test says so: `node scripts/complete-lockfile.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

export interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[] | string;
  cpu?: string[] | string;
  libc?: string[] | string;
  optionalDependencies?: Record<string, string>;
}

export interface Lockfile {
  packages: Record<string, LockedPackage>;
}

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'aix',
];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
];

/** System, processor and C library by the parts of a name: `@oxlint/binding-linux-arm-musleabihf`. */
export function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  const parts = name.split(/[-/]/);
  const os = systems.find((system) => parts.includes(system));
  const cpu = processors.find((processor) => parts.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = /musl/.test(name) ? 'musl' : /gnu/.test(name) ? 'glibc' : undefined;
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc ? { libc: [libc] } : {}) };
}

/** `[name, version, named by]` of every optional package that the lockfile does not describe. */
export function missingPackages({
  packages,
}: Lockfile): { name: string; version: string; namedBy: string }[] {
  return Object.entries(packages).flatMap(([namedBy, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(
        ([name]) => !(`node_modules/${name}` in packages) && !(`${namedBy}/node_modules/${name}` in packages),
      )
      .map(([name, version]) => ({ name, version, namedBy })),
  );
}

/** Describes what is missing and can be told from its name. @returns how many were added. */
export function complete(lockfile: Lockfile): number {
  let added = 0;
  for (const { name, version, namedBy } of missingPackages(lockfile)) {
    const platform = platformOf(name);
    if (platform === undefined || !/^\d/.test(version)) continue;
    const dev = lockfile.packages[namedBy].dev;
    lockfile.packages[`node_modules/${name}`] = {
      version,
      ...(dev ? { dev } : {}),
      optional: true,
      ...platform,
    };
    added++;
  }
  const sorted = Object.entries(lockfile.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  lockfile.packages = Object.fromEntries(sorted);
  return added;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const lockfile = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
  console.log(`package-lock.json: added ${complete(lockfile)} packages of other platforms`);
  writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
}
