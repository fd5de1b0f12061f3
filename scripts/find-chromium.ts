/** Which Chromium the browser tests drive: one that is installed on this machine, never one we download. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const places = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The line `npm test` prints where it finds no browser; .ci/run fails on it. */
export const chromiumSkipLine = 'skipped: Chromium tests (no chromium found; set CHROMIUM or install it)';

/** How a test starts Chromium: no display, no network of its own, nothing to set up. */
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile(); // X_OK holds for a folder too
  } catch {
    return false;
  }
}

/**
 * The path of a Chromium, or undefined where there is none.
 * @throws when the variable CHROMIUM names something that cannot be run: a wish is not to be passed over.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const wished = env.CHROMIUM;
  if (wished) {
    if (isExecutable(wished)) return wished;
    throw new Error(
      `CHROMIUM: "${wished}" is not an executable file; give the path of a Chromium or unset it`,
    );
  }
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find(isExecutable);
}
