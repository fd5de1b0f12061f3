/**
 * The hashing program as one file of plain JavaScript, for whatever cannot run the sources as they are: an older Node,
 * a page. Not minified, nothing replaced: what runs is what the sources say.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * @param entry a program of this folder
 * @returns the path of the bundle, in `folder`
 */
export async function bundleProgram(entry: 'node-program' | 'page-program', folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL(`${entry}.ts`, import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'es2022',
      rolldownOptions: { output: { entryFileNames: `${entry}.mjs` } },
    },
  });
  return join(folder, `${entry}.mjs`);
}
