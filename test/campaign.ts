/**
 * Campaigns: tests that throw many cases at one promise (`*.campaign.test.ts`). `npm test` runs a sample of each that
 * fits CI; `npm run test:long` runs the sizes that docs/reliability.md records, and prints what was run.
 */
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    campaignScale: 'ci' | 'long';
  }
}

/** How many cases to run now. */
export function campaignSize(size: { readonly ci: number; readonly long: number }): number {
  return size[inject('campaignScale')];
}

/** A test's time limit at either scale, in milliseconds. */
export const campaignTimeoutMs = 60 * 60_000;

/** Tells what a campaign ran and found, for the record; silent in CI. */
export function tellFigures(campaign: string, figures: Readonly<Record<string, number | string>>): void {
  if (inject('campaignScale') === 'ci') return;
  const text = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  // oxlint-disable-next-line no-console -- what a person who starts the long campaigns wants to read
  console.log(`campaign ${campaign}: ${text.join(', ')}`);
}
