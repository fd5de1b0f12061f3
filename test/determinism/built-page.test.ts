/**
 * A page built by Vite and served: it trains on threads where it is cross-origin isolated, on one where it is not, to the
 * golden bits; and no worker outlives its run, as the browser itself sees it.
 */
import { rmSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChromium } from '../../scripts/find-chromium.ts';
import { bundlePage } from './bundle.ts';
import { withPage } from './chromium-process.ts';
import { newFolder } from './elsewhere.ts';
import { goldenHashes } from './golden-hashes.ts';

const executablePath = findChromium() ?? '';
const isThere = executablePath !== '';
const name = 'paper/adam';
const { end } = goldenHashes().runs[name];

let folder: string;
let program: string;
beforeAll(async () => {
  folder = newFolder();
  program = await bundlePage(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const train = (page: Page, threads: number) =>
  page.evaluate(([run, count]) => globalThis.trainInPage(run, count), [name, threads] as const);

/** Workers of all pages, and theirs. */
async function countWorkers(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'worker' }] });
  await session.detach();
  return targetInfos.length;
}

/** A browser ends workers when it comes to it, on a busy machine after many seconds; one that was left would stay. */
const expectNoWorker = (page: Page) => expect.poll(() => countWorkers(page), { timeout: 60_000 }).toBe(0);

test.runIf(isThere)(
  'on three threads, and no worker is left',
  async () => {
    await withPage({ executablePath, program }, async (page) => {
      expect(await train(page, 3)).toMatchObject({
        engine: { threads: 3 },
        result: { outcome: 'finished', stateHash: end.state },
      });
      await expectNoWorker(page);
    });
  },
  120_000,
);

test.runIf(isThere)(
  'closed in the middle of a step, it leaves no worker either',
  async () => {
    await withPage({ executablePath, program }, async (page) => {
      await page.evaluate((run) => globalThis.startInPage(run, 4), name);
      // The coordinator, the foreman, three members.
      expect(await countWorkers(page)).toBe(5);
      expect((await page.evaluate(() => globalThis.closeInPage())).outcome).toBe('closed');
      await expectNoWorker(page);
    });
  },
  120_000,
);

test.runIf(isThere)(
  'on one where the page is not isolated, and it says so',
  async () => {
    await withPage({ executablePath, program, isIsolated: false }, async (page) => {
      expect(await page.evaluate(() => 'SharedArrayBuffer' in globalThis)).toBe(false);
      const { engine, result } = await train(page, 4);
      expect(engine).toMatchObject({
        threads: 1,
        threadsReason:
          'the page is not cross-origin isolated (served with the headers COOP and COEP), so its workers share no memory',
      });
      expect(result).toMatchObject({ outcome: 'finished', stateHash: end.state });
    });
  },
  60_000,
);
