/** Two test projects: `node`, and `chromium` where one is installed (`npx vitest run --project node` picks one). */
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, chromiumSkipLine, findChromium } from './scripts/find-chromium.ts';
import { ClosingLineReporter } from './test/closing-line-reporter.ts';

const chromium = findChromium();
const folders = '{src,experiments,apps,bench,scripts,test}';
const browserTests = `${folders}/**/*.browser.test.ts`;

const nodeProject = {
  test: {
    name: 'node',
    environment: 'node' as const,
    include: [`${folders}/**/*.test.ts`],
    exclude: [browserTests, '**/node_modules/**'],
  },
};

/** A page may share memory between threads only when it is served with these. */
const crossOriginIsolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const chromiumProject = (executablePath: string) => ({
  server: { headers: crossOriginIsolation },
  // Found only while tests run, they would have the page loaded anew.
  optimizeDeps: { include: ['yaml', 'zod'] },
  test: {
    name: 'chromium',
    include: [browserTests],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath, args: chromiumFlags } }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
});

export default defineConfig(({ mode }) => ({
  test: {
    // Read by test/campaign.ts.
    provide: { campaignScale: mode === 'long' ? ('long' as const) : ('ci' as const) },
    projects: chromium ? [nodeProject, chromiumProject(chromium)] : [nodeProject],
    reporters: ['default', new ClosingLineReporter(chromium ? [] : [chromiumSkipLine])],
    watch: false,
  },
}));
