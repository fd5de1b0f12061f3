/**
 * Walks through the states a disk can be in after kills and power cuts at any storage operation, also of sessions that
 * were themselves recovering, and holds a run to its promises in each.
 */
import { CounterRandom } from '../../engine/counter-random.ts';
import type { MemoryStorage } from '../storage/memory-storage.ts';
import { harshestCut, type PowerCut, type Remainder, remainderKinds } from '../storage/power-loss.ts';
import {
  attemptSession,
  type Bench,
  checkEnd,
  checkWentThrough,
  type DiskState,
  emptyDisk,
} from './promises.ts';

export interface ExplorationFigures {
  /** Distinct states of the disk from which a run was taken to its end. */
  states: number;
  powerCuts: number;
  kills: number;
  /** States left by a session that was itself going on from such a state. */
  duringRecovery: number;
}

export interface ExplorationSize {
  readonly states: number;
  /** Recovering sessions that are stopped at every one of their operations. Default 0. */
  readonly recoveries?: number;
  /** Of all further ones, operations between two at which they are stopped; the first is drawn. */
  readonly stride: number;
}

const stream = 0x7001;
/** Sessions of one life that are cut off before the last one is left alone. */
const mostCutOff = 3;

/** @throws {BrokenPromise} in the first state in which one breaks */
export async function explorePowerCuts(
  bench: Bench,
  { states, recoveries = 0, stride }: ExplorationSize,
): Promise<ExplorationFigures> {
  const random = new CounterRandom(bench.seed, stream);
  const figures: ExplorationFigures = { states: 0, powerCuts: 0, kills: 0, duringRecovery: 0 };
  const seen = new Set<string>();
  const bases: DiskState[] = [];
  const visit = async (found: readonly DiskState[]) => {
    for (const state of found) {
      const fingerprint = `${state.saved.checkpoint} ${state.disk.fingerprint()}`;
      if (figures.states >= states || seen.has(fingerprint)) continue;
      seen.add(fingerprint);
      figures.states++;
      if (state.story.endsWith('killed')) figures.kills++;
      else figures.powerCuts++;
      if (state.sessions > 1) figures.duringRecovery++;
      if (state.sessions < mostCutOff) bases.push({ ...state, disk: state.disk.clone() });
      await checkEnd(bench, state);
    }
  };
  await visit(await statesOf(bench, emptyDisk(), random, 1, ['kill', 'harshest', 'drawn']));
  for (let recovery = 0; recovery < recoveries; recovery++) {
    const base = bases[random.below(bases.length)];
    await visit(await statesOf(bench, base, random, 1, ['kill', 'drawn']));
  }
  while (figures.states < states) {
    // A new life now and then, most often one more session of one that was cut off already.
    const base = random.below(4) === 0 ? emptyDisk() : bases[random.below(bases.length)];
    await visit(await statesOf(bench, base, random, stride, [random.below(3) === 0 ? 'kill' : 'drawn']));
  }
  return figures;
}

type Stop = 'kill' | 'harshest' | 'drawn';

/** Every state in which one session on that disk can be stopped, `stride` operations apart. */
async function statesOf(
  bench: Bench,
  base: DiskState,
  random: CounterRandom,
  stride: number,
  stops: readonly Stop[],
): Promise<DiskState[]> {
  const disk = base.disk.clone();
  const found: DiskState[] = [];
  const sessions = base.sessions + 1;
  let { saved } = base;
  let operations = 0;
  const first = random.below(stride);
  disk.intercept(async (operation, path, bytes) => {
    if (operations++ % stride !== first) return;
    const where = `${base.story}; session ${sessions}, operation ${operations}, ${operation} ${path}`;
    for (const stop of stops) {
      const [left, how] = stopped(disk, stop, random);
      found.push({ disk: left, saved, sessions, story: `${where}: before it ${how}` });
    }
    if (!bytes) return;
    const half = disk.clone();
    await half[operation === 'append' ? 'append' : 'create'](path, bytes.subarray(0, bytes.length / 2));
    found.push({ disk: half, saved, sessions, story: `${where}: half-way killed` });
  });
  const attempt = await attemptSession(bench, { ...base, disk }, {}, (now) => {
    saved = now;
  });
  checkWentThrough(attempt);
  // When all is over, too.
  for (const stop of stops) {
    const [left, how] = stopped(disk, stop, random);
    found.push({ ...attempt.state, disk: left, story: `${base.story}; at its end: ${how}` });
  }
  return found;
}

function stopped(disk: MemoryStorage, stop: Stop, random: CounterRandom): [MemoryStorage, string] {
  if (stop === 'kill') return [disk.clone(), 'killed'];
  if (stop === 'harshest') return [disk.afterPowerLoss(harshestCut), 'no power, nothing unsynced left'];
  const kept: number[] = [];
  const remainders: string[] = [];
  const { keepsName, remainderOf } = drawnCut(disk.unsyncedNames, random);
  const left = disk.afterPowerLoss({
    keepsName: (change) => {
      const keeps = keepsName(change);
      if (keeps) kept.push(change);
      return keeps;
    },
    remainderOf: (file) => {
      const remainder = remainderOf(file);
      remainders.push(remainder.kind);
      return remainder;
    },
  });
  const names = `names ${kept.join(' ') || 'none'} of ${disk.unsyncedNames}`;
  return [left, `no power, left are ${names}, bytes ${remainders.join(' ') || 'all synced'}`];
}

/** One way the power can go: which of the unsynced names are left, and what of the unsynced bytes. */
export function drawnCut(unsyncedNames: number, random: CounterRandom): PowerCut {
  const one = random.below(unsyncedNames + 1);
  const chance = random.uniform();
  const ways: readonly ((change: number) => boolean)[] = [
    () => true,
    (change) => change < one, // a journal kept up to there
    (change) => change === one,
    (change) => change !== one,
    () => random.uniform() < chance,
  ];
  const keepsName = ways[random.below(ways.length)];
  const remainderOf = (): Remainder => ({
    kind: remainderKinds[random.below(remainderKinds.length)],
    cut: random.uniform(),
  });
  return { keepsName, remainderOf };
}
