/** Runs the hashing program in a page of a Chromium of its own, started with flags for its V8. */
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright';
import { chromiumFlags } from '../../scripts/find-chromium.ts';
import { canSeeInstructions, type Elsewhere, kernelCodeIn, kernelsPath, newFolder } from './elsewhere.ts';
import { engineProbeSource } from './engine-code.ts';

export interface ChromiumPage {
  readonly executablePath: string;
  /** Of V8. */
  readonly flags: readonly string[];
  /** The bundled `page-program.ts`. */
  readonly program: string;
  readonly runNames: readonly string[];
}

export async function hashInChromium(page: ChromiumPage): Promise<Elsewhere & { version: string }> {
  const { executablePath, flags, program, runNames } = page;
  const folder = newFolder();
  const server = await serve(program);
  const dump = canSeeInstructions() ? ['--perf-prof', `--perf-prof-path=${folder}`] : [];
  const v8Flags = ['--allow-natives-syntax', ...flags, ...dump].join(' ');
  const browser = await chromium.launch({
    executablePath,
    args: [...chromiumFlags, `--js-flags=${v8Flags}`],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.evaluate(`void (globalThis.engineProbe = ${engineProbeSource})`);
    const hashed = await page.evaluate((names) => globalThis.hashInPage(names), runNames);
    return { hashed, version: browser.version(), ...kernelCodeIn(folder) };
  } finally {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  }
}

/** The page, its program and the kernels, from memory; nothing else has an address. */
async function serve(program: string): Promise<Server> {
  const files = new Map([
    ['/', { type: 'text/html', bytes: Buffer.from('<script type="module" src="/program.js"></script>') }],
    ['/program.js', { type: 'text/javascript', bytes: readFileSync(program) }],
    ['/kernels.wasm', { type: 'application/wasm', bytes: readFileSync(kernelsPath()) }],
  ]);
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    response.writeHead(file ? 200 : 404, {
      ...(file ? { 'Content-Type': file.type } : {}),
      // Shared memory is only for pages that say these.
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    response.end(file?.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
