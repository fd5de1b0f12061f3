/**
 * The rules of the house as functions: facts of all files in, one line per breach out (none means it holds).
 * Tests (`*.test.ts`) keep to the order of the layers too, but may use Node and test/, and act when loaded.
 */
import type { Facts, SourceFile } from './facts.ts';
import {
  browserSafeParts,
  entryPoints,
  extraForLayer,
  layers,
  longestFile,
  longFiles,
  meaninglessNames,
  notBrowserSafe,
  openToAll,
  outerFolders,
} from './layers.ts';

const isTest = (path: string) => path.endsWith('.test.ts');
const layerIndex = (path: string) => layers.findIndex(({ folder }) => path.startsWith(`src/${folder}/`));

/** Why a file may not import a target, or undefined where it may. */
function refusal(from: string, target: string): string | undefined {
  if (isTest(target)) return 'nothing imports a test';
  if (openToAll.includes(target)) return undefined;
  if (isTest(from) && target.startsWith('test/')) return undefined;
  if (!from.startsWith('src/')) {
    const { may, mayNot } = outerFolders[from.split('/')[0]];
    const allowed =
      may.some((start) => target.startsWith(start)) && !mayNot.some((start) => target.startsWith(start));
    return allowed
      ? undefined
      : `${from.split('/')[0]}/ imports only ${may.join(', ')} and not ${mayNot.join(', ')}`;
  }
  const own = layerIndex(from);
  const other = layerIndex(target);
  if (extraForLayer[layers[own]?.folder]?.some((start) => target.startsWith(start))) return undefined;
  if (other === -1) return 'a layer of src/ imports only layers of src/';
  return other <= own ? undefined : `src/${layers[other].folder} is below src/${layers[own].folder}`;
}

export function checkLayers(files: readonly Facts[]): string[] {
  return files.flatMap(({ path, imports }) => {
    if (path.startsWith('src/') && layerIndex(path) === -1) {
      return [`${path}: its folder is not in the list of layers (test/architecture/layers.ts)`];
    }
    return imports
      .filter(({ relative }) => relative)
      .flatMap(({ target, line }) => {
        const why = refusal(path, target);
        return why === undefined ? [] : [`${path}:${line}: imports ${target}, but ${why}`];
      });
  });
}

export function checkCycles(files: readonly Facts[]): string[] {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  const cycles: string[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const at = trail.indexOf(path);
    if (at !== -1) cycles.push([...trail.slice(at), path].join(' -> '));
    if (at !== -1 || finished.has(path)) return;
    trail.push(path);
    importsOf.get(path)?.forEach(visit);
    trail.pop();
    finished.add(path);
  };
  for (const path of importsOf.keys()) visit(path);
  return cycles.map((cycle) => `import cycle: ${cycle}`);
}

/** True for the files a browser must be able to load; a test beside them is not one. */
function isBrowserSafe(path: string): boolean {
  const inSafeLayer = layers.some(
    ({ folder, browserSafe }) => browserSafe && path.startsWith(`src/${folder}/`),
  );
  const isSafePart = browserSafeParts.some((part) =>
    part.endsWith('/') ? path.startsWith(part) : path === part,
  );
  return (inSafeLayer || isSafePart) && !isTest(path) && !(path in notBrowserSafe);
}

export function checkBrowserSafety(files: readonly Facts[]): string[] {
  return files
    .filter(({ path }) => isBrowserSafe(path))
    .flatMap(({ path, imports, nodeGlobals }) => [
      ...imports
        .filter(({ target }) => target.startsWith('node:'))
        .map(({ target, line }) => `${path}:${line}: imports ${target} in a layer that browsers load`),
      ...imports
        .filter(({ target, typeOnly }) => !typeOnly && target.startsWith('src/') && !isBrowserSafe(target))
        .map(({ target, line }) => `${path}:${line}: imports ${target}, which browsers cannot load`),
      ...nodeGlobals.map(({ what, line }) => `${path}:${line}: uses ${what} in a layer that browsers load`),
    ]);
}

export function checkNames(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    path
      .split('/')
      .filter((part) => meaninglessNames.includes(part.split('.')[0]))
      .map((part) => `${path}: "${part}" says nothing of what is inside; name the concept`),
  );
}

export function checkLoadTimeEffects(files: readonly Facts[]): string[] {
  return files
    .filter(({ path }) => !isTest(path) && !entryPoints.includes(path))
    .flatMap(({ path, loadTimeEffects }) =>
      loadTimeEffects.map(({ what, line }) => `${path}:${line}: ${what} runs when the file is loaded`),
    );
}

/** Packages that are imported but not declared, or only for development where the program itself needs them. */
export function checkPackages(files: readonly Facts[], dependencies: readonly string[]): string[] {
  return files
    .filter(({ path }) => !isTest(path) && /^(src|experiments)\//.test(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ relative, target }) => !relative && !target.startsWith('node:'))
        .map(({ target, line }) => ({
          line,
          name: target
            .split('/')
            .slice(0, target.startsWith('@') ? 2 : 1)
            .join('/'),
        }))
        .filter(({ name }) => !dependencies.includes(name))
        .map(
          ({ name, line }) =>
            `${path}:${line}: imports ${name}, which package.json does not list as a dependency`,
        ),
    );
}

export function checkLengths(
  files: readonly SourceFile[],
  allowed: Readonly<Record<string, string>> = longFiles,
): string[] {
  const lengths = new Map(files.map(({ path, text }) => [path, text.trimEnd().split('\n').length]));
  const long = [...lengths].filter(([path, lines]) => lines > longestFile && !(path in allowed));
  const stale = Object.keys(allowed).filter((path) => (lengths.get(path) ?? 0) <= longestFile);
  return [
    ...long.map(([path, lines]) => `${path}: ${lines} lines; split it, or give the reason in longFiles`),
    ...stale.map(
      (path) => `${path}: is not longer than ${longestFile} lines any more; take it out of longFiles`,
    ),
  ];
}
