/** The small JSON files of a run folder, fuzzed: config, records of starts, `done.json` and the owner's. */
import { expect, test } from 'vitest';
import { campaignTimeoutMs } from '../../test/campaign.ts';
import { damaged, noise } from '../../test/fuzz/damage-bytes.ts';
import { expectFuzzed, type FuzzCase } from '../../test/fuzz/fuzz-campaign.ts';
import { changeTree, donors, jsonText, type JsonTree, treeOf } from '../../test/fuzz/json-tree.ts';
import type { FuzzRandom } from '../../test/fuzz/random.ts';
import { exitCodes } from '../errors/lab-error.ts';
import { runConfigSchema } from './config.ts';
import { ownerOf, type RunOwner } from './ownership.ts';
import { type FolderState, readFolder, readLastStart, type StartRecord } from './run-folder.ts';
import { runSession } from './run-session.ts';
import { sealed } from './sealed-json.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import { fakeFolder as folder, fakeMachine, fakeSession } from './testing.ts';

const sizes = { ci: 1000, long: 100_000 };
const names = ['config.json', 'run.json', 'done.json', 'owner.1.json'] as const;
type Name = (typeof names)[number];

type Files = Readonly<Record<Name, object>>;

/** The files of a run that is finished, as the program wrote them. */
async function finishedFiles(): Promise<Files> {
  const storage = new MemoryStorage();
  await runSession(fakeSession(storage).options);
  const read = async (name: Name) =>
    JSON.parse(new TextDecoder().decode(await storage.read(`${folder}/${name}`))) as object;
  const [config, run, done, owner] = await Promise.all(names.map(read));
  return { 'config.json': config, 'run.json': run, 'done.json': done, 'owner.1.json': owner };
}

function changedBytes(good: object, random: FuzzRandom, spare: readonly JsonTree[]): Uint8Array<ArrayBuffer> {
  const how = random.next();
  if (how < 0.03) return noise(random, random.size(500));
  if (how < 0.2) return damaged(new TextEncoder().encode(JSON.stringify(good, null, 2)), random);
  let tree = treeOf(good);
  for (let times = random.pick([1, 1, 1, 2, 3]); times > 0; times--) tree = changeTree(tree, random, spare);
  const text = jsonText(tree, random.pick(['', ' ', '\n']));
  return new TextEncoder().encode(random.chance(0.7) ? resealed(text) : text);
}

/** With a checksum that fits, where the text still is an object. */
function resealed(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return text;
  return 'sha256' in value ? JSON.stringify(sealed(value)) : text;
}

async function folderOf(files: Files, changed: Name, bytes: Uint8Array): Promise<MemoryStorage> {
  const storage = new MemoryStorage({ now: () => 0 });
  await storage.makeDirectory(folder);
  for (const name of names) {
    const own = name === changed ? bytes : new TextEncoder().encode(JSON.stringify(files[name]));
    await storage.create(`${folder}/${name}`, own);
  }
  return storage;
}

function expectSoundState({ config, finishedAt }: FolderState): void {
  const plain: unknown = JSON.parse(JSON.stringify(config));
  expect(runConfigSchema.safeParse(plain).success).toBe(true);
  expect(plain).toEqual(config);
  if (!finishedAt) return;
  expect(Number.isSafeInteger(finishedAt.sequences) && finishedAt.sequences >= 0).toBe(true);
  expect(Number.isSafeInteger(finishedAt.step) && finishedAt.step >= 0).toBe(true);
}

test.each(['config.json', 'run.json', 'done.json'] as const)(
  'a folder with another %s',
  { timeout: campaignTimeoutMs },
  async (changed) => {
    const files = await finishedFiles();
    const spare = donors(41);
    const makeCase = async (random: FuzzRandom): Promise<FuzzCase<FolderState>> => {
      const bytes = changedBytes(files[changed], random, spare);
      const storage = await folderOf(files, changed, bytes);
      return {
        read: () => readFolder(storage, folder),
        names: `${folder}/`,
        check: expectSoundState,
        input: () => new TextDecoder().decode(bytes),
      };
    };
    await expectFuzzed({ name: changed, seed: 7, exitCode: exitCodes.badData, makeCase }, sizes);
  },
);

const isText = (value: unknown) => typeof value === 'string';

function expectSoundStart({ id, command, code, engine, node, machine, started, source }: StartRecord): void {
  expect(Array.isArray(command) && command.every(isText)).toBe(true);
  expect([id, code.version, node, started, source].every(isText)).toBe(true);
  expect([machine.platform, machine.arch, machine.cpu].every(isText)).toBe(true);
  expect(Number.isSafeInteger(machine.cpus)).toBe(true);
  expect(code.commit === undefined || isText(code.commit)).toBe(true);
  expect(typeof engine).toBe('object');
}

test('the record of a start', { timeout: campaignTimeoutMs }, async () => {
  const files = await finishedFiles();
  const spare = donors(42);
  const makeCase = async (random: FuzzRandom): Promise<FuzzCase<StartRecord>> => {
    const bytes = changedBytes(files['run.json'], random, spare);
    const storage = await folderOf(files, 'run.json', bytes);
    return {
      read: () => readLastStart(storage, folder),
      names: `${folder}/run.json: `,
      check: expectSoundStart,
      input: () => new TextDecoder().decode(bytes),
    };
  };
  await expectFuzzed(
    { name: 'the record of a start', seed: 8, exitCode: exitCodes.badData, makeCase },
    sizes,
  );
});

/** An owner's file is never complained of: what is none has told nothing, and its age alone counts. */
test("an owner's file", { timeout: campaignTimeoutMs }, async () => {
  const finished = await finishedFiles();
  // Of an owner that did not leave in good order: whether it lives is asked of the system.
  const files = { ...finished, 'owner.1.json': { ...finished['owner.1.json'], endedMs: undefined } };
  const spare = donors(43);
  const asked: unknown[] = [];
  const processes = {
    ...fakeMachine().process(2),
    isAlive: ({ pid }: { pid: number }) => asked.push(pid) > 0,
  };
  const makeCase = async (random: FuzzRandom): Promise<FuzzCase<RunOwner | undefined>> => {
    const bytes = changedBytes(files['owner.1.json'], random, spare);
    const storage = await folderOf(files, 'owner.1.json', bytes);
    asked.length = 0;
    return {
      read: async () => ownerOf({ storage, folder, processes, now: () => 1e12 }, await storage.list(folder)),
      names: folder,
      check: (owner) => {
        expect(['running', 'ended', 'gone']).toContain(owner?.state);
        expect(Number.isFinite(owner?.lastSignMs)).toBe(true);
        // Only of numbers that can be a process is the system asked: 0 and below are groups to it.
        expect(asked.every((pid) => Number.isSafeInteger(pid) && Number(pid) > 0)).toBe(true);
        if (owner?.record) expect(typeof owner.record.host).toBe('string');
        else expect(owner?.state).toBe('gone');
      },
      input: () => new TextDecoder().decode(bytes),
    };
  };
  await expectFuzzed({ name: 'owner', seed: 9, exitCode: exitCodes.badData, complaints: 0, makeCase }, sizes);
});
