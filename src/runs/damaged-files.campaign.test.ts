/** Damaged files in a run folder: flipped bits, cuts, additions, zeros, noise, exchanged files. */
import { expect, test } from 'vitest';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../../test/campaign.ts';
import { runDamages } from './fault-testing/damages.ts';
import { makeBench } from './fault-testing/promises.ts';

test('no damage of any file changes a result in silence', { timeout: campaignTimeoutMs }, async () => {
  const cases = campaignSize({ ci: 600, long: 20_000 });
  const figures = await runDamages(await makeBench(3), cases);
  tellFigures('damaged files', { ...figures });
  // Each way of dealing with one happens.
  for (const count of [figures.fellBack, figures.refused, figures.toldToReaders, figures.withoutEffect]) {
    expect(count).toBeGreaterThan(cases / 50);
  }
});
