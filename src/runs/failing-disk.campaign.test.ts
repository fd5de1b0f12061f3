/** A disk that is full, fails, refuses or runs out of handles, at every storage operation. */
import { expect, test } from 'vitest';
import { campaignSize, campaignTimeoutMs, tellFigures } from '../../test/campaign.ts';
import { runFaults } from './fault-testing/failing-disk.ts';
import { makeBench } from './fault-testing/promises.ts';

test('whichever operation fails, what was saved stays and the run comes to the same end', {
  timeout: campaignTimeoutMs,
}, async () => {
  const figures = await runFaults(await makeBench(2), campaignSize({ ci: 13, long: 1 }));
  tellFigures('failing disks', { ...figures });
  expect(figures.stopped).toBeGreaterThan(figures.cases / 10);
  expect(figures.wentThrough).toBeGreaterThan(figures.cases / 10);
});
