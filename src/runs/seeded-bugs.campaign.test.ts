/** Every seeded bug is caught by the campaigns, at sizes that suffice; without one, all of them pass. */
import { afterEach, expect, test, vi } from 'vitest';
import { tellFigures } from '../../test/campaign.ts';
import { runDamages } from './fault-testing/damages.ts';
import { runFaults } from './fault-testing/failing-disk.ts';
import { explorePowerCuts } from './fault-testing/power-cuts.ts';
import { type Bench, BrokenPromise, makeBench } from './fault-testing/promises.ts';
import { type Campaign, type SeededBug, seededBugs, type Variants } from './fault-testing/seeded-bugs.ts';
import { checkSimultaneousStarts, checkStalledOwner } from './fault-testing/two-owners.ts';

type Callable = (...given: unknown[]) => unknown;

const active = vi.hoisted(() => ({ variants: {} as Variants }));

/** A module whose functions are replaced by the active bug's. */
const replaceable = vi.hoisted(() => (original: object): object => {
  const replaced: Record<string, unknown> = { ...original };
  for (const name of [
    'encodeCheckpoint',
    'decodeCheckpoint',
    'saveCheckpoint',
    'recoverCheckpoint',
    'removeLeftovers',
    'isIntact',
  ] as const) {
    const own = replaced[name] as Callable | undefined;
    if (!own) continue;
    replaced[name] = (...given: unknown[]) => {
      const variant = active.variants[name] as ((original: Callable) => Callable) | undefined;
      return (variant ? variant(own) : own)(...given);
    };
  }
  return replaced;
});

vi.mock('./checkpoint-file.ts', async (original) => replaceable(await original<object>()));
vi.mock('./checkpoints.ts', async (original) => replaceable(await original<object>()));
vi.mock('./sealed-json.ts', async (original) => replaceable(await original<object>()));

afterEach(() => {
  active.variants = {};
});

/** At sizes that suffice. */
const campaigns: Readonly<Record<Campaign, (bench: Bench) => Promise<unknown>>> = {
  'power cuts': (bench) => explorePowerCuts(bench, { states: 800, stride: 11 }),
  'failing disk': (bench) => runFaults(bench, 17),
  'damaged files': (bench) => runDamages(bench, 300, { names: /^(checkpoint|snapshot)-/ }),
  'damaged done.json': (bench) => runDamages(bench, 100, { names: /^done/, ways: /digit/ }),
  'two owners': async (bench) => {
    await checkSimultaneousStarts(bench, 20);
    await checkStalledOwner(bench, 12);
  },
};

/** The promise that breaks; undefined where all hold. */
async function brokenPromise(campaign: Campaign, bench: Bench): Promise<BrokenPromise | undefined> {
  try {
    await campaigns[campaign](bench);
  } catch (error) {
    if (error instanceof BrokenPromise) return error;
    throw error;
  }
  return undefined;
}

async function caught(seeded: SeededBug): Promise<BrokenPromise | undefined> {
  const bench = await makeBench(4, seeded.view); // while nothing is wrong
  active.variants = seeded.variants ?? {};
  const remove = seeded.install?.();
  try {
    return await brokenPromise(seeded.campaign, bench);
  } finally {
    remove?.();
  }
}

test.each(seededBugs)('$bug: caught by $campaign', { timeout: 120_000 }, async (seeded) => {
  const broken = await caught(seeded);
  tellFigures(`seeded bug "${seeded.bug}"`, {
    campaign: seeded.campaign,
    'broken promise': broken?.promise ?? 'none',
  });
  expect(broken).toBeInstanceOf(BrokenPromise);
});

test.each(Object.keys(campaigns) as Campaign[])(
  'without a bug, %s breaks no promise',
  async (campaign) => {
    expect((await brokenPromise(campaign, await makeBench(4)))?.message).toBeUndefined();
  },
  120_000,
);
