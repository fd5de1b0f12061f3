/**
 * Damages the files of a run as bad disks, cut copies and mistaken hands do, and sees to it that none changes a result
 * in silence: a run ends as it would have, or somebody says in one line which file is damaged.
 */
import { isDeepStrictEqual } from 'node:util';
import { CounterRandom } from '../../engine/counter-random.ts';
import { exitCodes, LabError } from '../../errors/lab-error.ts';
import { checkpointsAmong } from '../run-files.ts';
import type { MemoryStorage } from '../storage/memory-storage.ts';
import { fakeFolder as folder, lateClock, traceOf } from '../testing.ts';
import { stoppedHalfWay } from './failing-disk.ts';
import {
  attemptSession,
  type Bench,
  BrokenPromise,
  checkEnd,
  checkError,
  checkTrace,
  type DiskState,
  emptyDisk,
  hold,
} from './promises.ts';

const stream = 0x7002;

export interface DamageFigures {
  cases: number;
  /** An older state was gone on from, with one line of warning. */
  fellBack: number;
  /** The start was refused in one line. */
  refused: number;
  /** Whoever reads the finished run is told. */
  toldToReaders: number;
  /** Of files that nothing needed any more; the result is the same. */
  withoutEffect: number;
}

/** What to damage, and how; by default all files in all ways. */
export interface DamageFocus {
  readonly names?: RegExp;
  readonly ways?: RegExp;
}

type Files = Map<string, Uint8Array>;

interface Damage {
  readonly how: string;
}

/** @throws {BrokenPromise} */
export async function runDamages(
  bench: Bench,
  cases: number,
  focus: DamageFocus = {},
): Promise<DamageFigures> {
  const random = new CounterRandom(bench.seed, stream);
  const figures: DamageFigures = { cases, fellBack: 0, refused: 0, toldToReaders: 0, withoutEffect: 0 };
  const bases = await damagedBases(bench);
  for (let index = 0; index < cases; index++) {
    random.start(index);
    const base = bases[random.below(bases.length)];
    const whole = await filesOf(base);
    const files = new Map(whole);
    const count = random.below(5) === 0 ? 2 : 1;
    const damages = Array.from({ length: count }, () => damage(files, random, focus));
    const effect = await effectOf(bench, base, whole, files, damages);
    figures[effect]++;
  }
  return figures;
}

/** Stopped once, stopped twice, finished. */
async function damagedBases(bench: Bench): Promise<DiskState[]> {
  const once = await stoppedHalfWay(bench);
  const stop = new AbortController();
  const twice = await attemptSession(
    bench,
    { ...once, disk: once.disk.clone() },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'progress' && event.sequences === 256) stop.abort();
      },
    },
  );
  const finished = await attemptSession(bench, { ...once, disk: once.disk.clone() });
  return [
    once,
    { ...twice.state, story: 'stopped after 160 and 256 sequences' },
    { ...finished.state, story: 'finished' },
  ];
}

async function filesOf({ disk }: DiskState): Promise<Files> {
  const files: Files = new Map();
  for (const name of await disk.list(folder)) files.set(name, await disk.read(`${folder}/${name}`));
  return files;
}

async function diskWith(files: Files): Promise<MemoryStorage> {
  const { disk } = emptyDisk();
  await disk.makeDirectory(folder);
  for (const [name, bytes] of files) {
    await disk.create(`${folder}/${name}`, bytes);
    await disk.sync(`${folder}/${name}`);
  }
  await disk.syncDirectory(folder);
  return disk;
}

/** Damages one file, or two by exchanging them. */
function damage(files: Files, random: CounterRandom, { names = /^/, ways = /^/ }: DamageFocus): Damage {
  const wanted = [...files.keys()].filter((name) => names.test(name));
  // The small files as often as all the large ones.
  const small = wanted.filter((name) => name.endsWith('.json'));
  const among = random.below(2) === 0 && small.length > 0 ? small : wanted;
  if (among.length === 0) return { how: 'nothing to damage' };
  const name = among[random.below(among.length)];
  const bytes = files.get(name) ?? new Uint8Array();
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(64);
  const all: readonly [how: string, make: () => Uint8Array][] = [
    ['a bit flipped', () => flipped(bytes, 1, random)],
    ['some bits flipped', () => flipped(bytes, 2 + random.below(7), random)],
    ['a digit changed', () => otherDigit(bytes, at, random)],
    ['cut off', () => bytes.subarray(0, at)],
    ['emptied', () => new Uint8Array()],
    ['longer', () => Buffer.concat([bytes, noise(length, random)])],
    ['longer by zeros', () => Buffer.concat([bytes, new Uint8Array(length)])],
    ['zeros within', () => bytes.slice().fill(0, at, at + length)],
    ['noise within', () => overwritten(bytes, at, noise(length, random))],
    ['a piece lost', () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])],
    ['a piece twice', () => Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])],
    ['all zeros', () => new Uint8Array(bytes.length)],
    ['exchanged', () => exchanged(files, name, wanted[random.below(wanted.length)])],
  ];
  const possible = all.filter(([way]) => ways.test(way));
  const [how, make] = possible[random.below(possible.length)];
  files.set(name, new Uint8Array(make())); // no Buffer, whose slices share their bytes
  return { how: `${name} ${how} at ${at}` };
}

/** The next digit from there on, made another one. */
function otherDigit(bytes: Uint8Array, at: number, random: CounterRandom): Uint8Array {
  const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
  const changed = bytes.slice();
  const place = changed.findIndex((byte, index) => index >= at && isDigit(byte));
  if (place >= 0) changed[place] = 0x30 + ((changed[place] - 0x30 + 1 + random.below(9)) % 10);
  return changed;
}

/** Gives the other file what this one holds. @returns what the other one held */
function exchanged(files: Files, name: string, other: string): Uint8Array {
  const [mine, theirs] = [files.get(name), files.get(other)];
  if (!mine || !theirs) throw new Error(`${name} or ${other} is no file`);
  files.set(other, mine);
  return theirs;
}

function noise(length: number, random: CounterRandom): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

function flipped(bytes: Uint8Array, count: number, random: CounterRandom): Uint8Array {
  const changed = bytes.slice();
  for (let i = 0; i < count && bytes.length > 0; i++)
    changed[random.below(bytes.length)] ^= 1 << random.below(8);
  return changed;
}

function overwritten(bytes: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  const changed = bytes.slice();
  changed.set(piece.subarray(0, bytes.length - at), at);
  return changed;
}

async function effectOf(
  bench: Bench,
  base: DiskState,
  whole: Files,
  files: Files,
  damages: readonly Damage[],
): Promise<Exclude<keyof DamageFigures, 'cases'>> {
  const story = `${base.story}; ${damages.map(({ how }) => how).join('; ')}`;
  const changed = [...files].filter(([name, bytes]) => !isDeepStrictEqual(bytes, whole.get(name)));
  const disk = await diskWith(files);
  const changes = { clock: lateClock() };
  const { state, result, error, events } = await attemptSession(bench, { ...base, disk, story }, changes);
  if (!result) {
    checkError(error, [exitCodes.badData], story);
    await checkMended(bench, state, whole, changed);
    return 'refused';
  }
  const warnings = events.filter((event) => event.kind === 'warning');
  hold('one line of error', warnings.length <= 1, () => `${warnings.length} warnings; ${story}`);
  hold(
    'the same final state',
    result.sequences === 320 && result.step === 10,
    () => `ended elsewhere; ${story}`,
  );
  const started = events.find((event) => event.kind === 'started');
  checkFallBack(whole, changed, started?.sequences, story);
  try {
    await traceOf(disk);
  } catch (reason) {
    hold('damage is found', reason instanceof LabError, () => `${String(reason)}; ${story}`);
    return 'toldToReaders';
  }
  await checkTrace(bench, disk, story);
  return warnings.length > 0 ? 'fellBack' : 'withoutEffect';
}

/** Where checkpoints alone are damaged, the run goes on from the newest of the others. */
function checkFallBack(
  whole: Files,
  changed: readonly [string, Uint8Array][],
  started: number | undefined,
  story: string,
): void {
  if (started === undefined || !changed.every(([name]) => name.startsWith('checkpoint-'))) return;
  const damaged = new Set(changed.map(([name]) => name));
  const newest = checkpointsAmong([...whole.keys()]).find(({ name }) => !damaged.has(name));
  hold(
    'damage is found',
    started === newest?.sequences,
    () => `went on from ${started}, not ${newest?.sequences}; ${story}`,
  );
}

/** A start that was refused did no harm: with the files as they were, the run comes to its end. */
async function checkMended(
  bench: Bench,
  state: DiskState,
  whole: Files,
  changed: readonly [string, Uint8Array][],
): Promise<void> {
  const { disk, story } = state;
  for (const [name] of changed) {
    await disk.remove(`${folder}/${name}`).catch(() => undefined);
    await disk.create(`${folder}/${name}`, whole.get(name) ?? new Uint8Array());
    await disk.sync(`${folder}/${name}`);
  }
  await disk.syncDirectory(folder);
  try {
    await checkEnd(
      bench,
      { ...state, story: `${story}; refused, then mended` },
      { changes: { clock: lateClock() } },
    );
  } catch (error) {
    if (error instanceof BrokenPromise) throw error;
    throw new BrokenPromise('it goes on by itself', `${String(error)}; ${story}`);
  }
}
