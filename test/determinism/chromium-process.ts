/** Pages of a Chromium of its own, started with flags for its V8, served from memory with the headers of one's choice. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { chromiumFlags } from '../../scripts/find-chromium.ts';
import { canSeeInstructions, type Elsewhere, kernelCodeIn, kernelsPath, newFolder } from './elsewhere.ts';
import { engineProbeSource } from './engine-code.ts';
import type { HashWish } from './hash-short-runs.ts';

export interface ChromiumPage {
  readonly executablePath: string;
  /** Of V8. */
  readonly flags?: readonly string[];
  /** The folder of the built `page-program.ts`. */
  readonly program: string;
  /** Whether it may share memory between threads; default yes. */
  readonly isIsolated?: boolean;
}

/** Opens the page, and closes it and its browser when `use` is done with it. */
export async function withPage<T>(
  { executablePath, flags = [], program, isIsolated = true }: ChromiumPage,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const server = await serve(program, isIsolated);
  const v8Flags = ['--allow-natives-syntax', ...flags].join(' ');
  const browser = await chromium.launch({
    executablePath,
    args: [...chromiumFlags, `--js-flags=${v8Flags}`],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.evaluate(`void (globalThis.engineProbe = ${engineProbeSource})`);
    return await use(page);
  } finally {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** @param inWorkers rather than in the page's own thread */
export async function hashInChromium(
  page: ChromiumPage,
  wish: HashWish,
  inWorkers: boolean,
): Promise<Elsewhere & { version: string }> {
  const folder = newFolder();
  const dump = canSeeInstructions() ? ['--perf-prof', `--perf-prof-path=${folder}`] : [];
  try {
    return await withPage({ ...page, flags: [...(page.flags ?? []), ...dump] }, async (opened) => {
      const hashed = await opened.evaluate(
        ([wished, isInWorkers]) => globalThis.hashInPage(wished, isInWorkers),
        [wish, inWorkers] as const,
      );
      const version = opened.context().browser()?.version() ?? '';
      return { hashed, version, ...kernelCodeIn(folder) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** The page, the files of its program and the kernels, from memory; nothing else has an address. */
async function serve(program: string, isIsolated: boolean): Promise<Server> {
  const built = readdirSync(program, { recursive: true, encoding: 'utf8' }).filter(
    (name) => extname(name) in types,
  );
  const files = new Map([
    ['/', { type: 'text/html', bytes: Buffer.from('<script type="module" src="/program.js"></script>') }],
    ['/kernels.wasm', { type: types['.wasm'], bytes: readFileSync(kernelsPath()) }],
    ...built.map(
      (name) =>
        [
          `/${name.replaceAll('\\', '/')}`,
          { type: types[extname(name)], bytes: readFileSync(join(program, name)) },
        ] as const,
    ),
  ]);
  // Shared memory is only for pages that say these.
  const isolation = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  };
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    response.writeHead(file ? 200 : 404, {
      ...(file ? { 'Content-Type': file.type } : {}),
      ...(isIsolated ? isolation : {}),
    });
    response.end(file?.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
