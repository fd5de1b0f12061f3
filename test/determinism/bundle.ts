/**
 * The hashing program as files of plain JavaScript, for whatever cannot run the sources as they are: an older Node, a page.
 * Not minified, nothing replaced: what runs is what the sources say.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';

const programPath = (name: string) => fileURLToPath(new URL(`${name}.ts`, import.meta.url));

const common = { configFile: false, logLevel: 'warn' } satisfies InlineConfig;
const commonBuild = { emptyOutDir: false, minify: false, target: 'es2022' } satisfies InlineConfig['build'];

/** @returns the path of `node-program.ts` as one file, in `folder` */
export async function bundleNodeProgram(folder: string): Promise<string> {
  await build({
    ...common,
    ssr: { noExternal: true },
    build: {
      ...commonBuild,
      ssr: programPath('node-program'),
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: 'node-program.mjs' } },
    },
  });
  return join(folder, 'node-program.mjs');
}

/**
 * Builds `page-program.ts` as Vite builds any page: its workers and the kernels are files of their own.
 * @returns a folder to be served; the program is /program.js
 */
export async function bundlePage(folder: string): Promise<string> {
  const outDir = join(folder, 'page');
  await build({
    ...common,
    build: {
      ...commonBuild,
      outDir,
      rolldownOptions: {
        input: programPath('page-program'),
        output: { entryFileNames: 'program.js' },
      },
    },
  });
  return outDir;
}
