/**
 * Wrong variants of how a run is stored, each as it could be written by mistake, with the campaign that notices it. They
 * show that the campaigns can fail: `seeded-bugs.campaign.test.ts` runs each against its own.
 */
import { createHash } from 'node:crypto';
import type { encodeCheckpoint, decodeCheckpoint } from '../checkpoint-file.ts';
import type { recoverCheckpoint, removeLeftovers, saveCheckpoint } from '../checkpoints.ts';
import { Ownership } from '../ownership.ts';
import { checkpointsAmong } from '../run-files.ts';
import type { isIntact } from '../sealed-json.ts';
import type { MemoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { changed } from './changed-storage.ts';

type Variant<T> = (original: T) => T;

/** Functions that are replaced while a bug is in. */
export interface Variants {
  readonly encodeCheckpoint?: Variant<typeof encodeCheckpoint>;
  readonly decodeCheckpoint?: Variant<typeof decodeCheckpoint>;
  readonly saveCheckpoint?: Variant<typeof saveCheckpoint>;
  readonly recoverCheckpoint?: Variant<typeof recoverCheckpoint>;
  readonly removeLeftovers?: Variant<typeof removeLeftovers>;
  readonly isIntact?: Variant<typeof isIntact>;
}

/** The campaigns, by what they do to a run. */
export type Campaign = 'power cuts' | 'failing disk' | 'damaged files' | 'damaged done.json' | 'two owners';

export interface SeededBug {
  readonly bug: string;
  /** The one that notices it. */
  readonly campaign: Campaign;
  readonly view?: (disk: MemoryStorage) => Storage;
  readonly variants?: Variants;
  /** Puts it in where no function is replaced; what it returns takes it out. */
  readonly install?: () => () => void;
}

const storageBugs: readonly SeededBug[] = [
  {
    bug: 'files are not synced',
    campaign: 'power cuts',
    view: (disk) => changed(disk, { sync: () => Promise.resolve() }),
  },
  {
    bug: 'directories are not synced',
    campaign: 'power cuts',
    view: (disk) => changed(disk, { syncDirectory: () => Promise.resolve() }),
  },
  {
    bug: 'a file gets its name before its bytes are synced',
    campaign: 'power cuts',
    view: (disk) =>
      changed(disk, {
        sync: (path) => (path.endsWith('.tmp') ? Promise.resolve() : disk.sync(path)),
        rename: async (from, to) => {
          await disk.rename(from, to);
          await disk.sync(to);
        },
      }),
  },
  {
    bug: 'files are written in place',
    campaign: 'power cuts',
    view: (disk) =>
      changed(disk, {
        rename: async (from, to) => {
          const bytes = await disk.read(from);
          await disk.remove(from);
          if (await disk.status(to)) await disk.remove(to);
          await disk.create(to, bytes);
          await disk.sync(to);
        },
      }),
  },
  {
    bug: 'metrics are not synced before a save',
    campaign: 'power cuts',
    view: (disk) =>
      changed(disk, {
        sync: (path) => (path.endsWith('.ndjson') ? Promise.resolve() : disk.sync(path)),
      }),
  },
  {
    bug: 'a sync that failed is tried again on the same file',
    campaign: 'failing disk',
    view: (disk) => changed(disk, { sync: (path) => disk.sync(path).catch(() => disk.sync(path)) }),
  },
  {
    bug: 'a write that failed is taken for done',
    campaign: 'failing disk',
    view: (disk) =>
      changed(disk, {
        create: (path, bytes) => disk.create(path, bytes).catch(() => undefined),
        append: (path, bytes) => disk.append(path, bytes).catch(() => undefined),
      }),
  },
  {
    bug: 'lines that failed are appended again to the same file',
    campaign: 'failing disk',
    view: (disk) =>
      changed(disk, {
        append: (path, bytes) => disk.append(path, bytes).catch(() => disk.append(path, bytes)),
      }),
  },
  {
    bug: 'a leftover is read as a checkpoint',
    campaign: 'power cuts',
    view: (disk) => {
      const leftover = (path: string) => path.replace(/\.safetensors$/, '.tmp');
      const named = (name: string) =>
        name.startsWith('checkpoint-') ? name.replace(/\.tmp$/, '.safetensors') : name;
      return changed(disk, {
        list: async (path) => [...new Set((await disk.list(path)).map(named))].sort(),
        read: (path) => disk.read(path).catch(() => disk.read(leftover(path))),
      });
    },
  },
  {
    bug: 'a run can be taken by two',
    campaign: 'two owners',
    view: (disk) =>
      changed(disk, {
        link: async (from, to) => {
          if (await disk.status(to)) await disk.remove(to).catch(() => undefined);
          await disk.link(from, to);
        },
      }),
  },
];

const sessionBugs: readonly SeededBug[] = [
  {
    bug: 'the owner is not looked for before writing',
    campaign: 'two owners',
    install: () => {
      const own = Object.getOwnPropertyDescriptor(Ownership.prototype, 'assertHeld') ?? {};
      Object.defineProperty(Ownership.prototype, 'assertHeld', { ...own, value: () => Promise.resolve() });
      return () => void Object.defineProperty(Ownership.prototype, 'assertHeld', own);
    },
  },
  {
    bug: 'checksums are not looked at',
    campaign: 'damaged files',
    variants: {
      decodeCheckpoint: (original) => (bytes, file, kind) => original(withRightChecksum(bytes), file, kind),
    },
  },
  {
    bug: 'small files are believed without their checksum',
    campaign: 'damaged done.json',
    variants: { isIntact: () => () => true },
  },
  {
    bug: 'old checkpoints go before the new one is durable',
    campaign: 'power cuts',
    variants: {
      saveCheckpoint: (original) => async (place, content) => {
        const old =
          content.kind === 'checkpoint' ? checkpointsAmong(await place.storage.list(place.folder)) : [];
        for (const { name } of old) await place.storage.remove(`${place.folder}/${name}`);
        return original(place, content);
      },
    },
  },
  {
    bug: 'the run is said to be finished before its last checkpoint is saved',
    campaign: 'power cuts',
    variants: {
      saveCheckpoint: (original) => async (place, content) => {
        const { storage, folder } = place;
        if (content.kind === 'checkpoint' && content.sequences === 320) {
          const done = {
            sequences: 320,
            step: 10,
            finished: '',
            checkpoint: 'checkpoint-320.g1.safetensors',
          };
          await storage.create(
            `${folder}/done.json`,
            new TextEncoder().encode(JSON.stringify(done, null, 2)),
          );
        }
        return original(place, content);
      },
    },
  },
  {
    bug: 'leftovers are not removed',
    campaign: 'power cuts',
    variants: { removeLeftovers: () => () => Promise.resolve() },
  },
  {
    bug: 'the oldest checkpoint is gone on from',
    campaign: 'power cuts',
    variants: {
      recoverCheckpoint: (original) => async (place, identity, warn) => {
        const names = await place.storage.list(place.folder);
        const newer = checkpointsAmong(names)
          .slice(0, -1)
          .map(({ name }) => name);
        const list = () => Promise.resolve(names.filter((name) => !newer.includes(name)));
        return original({ ...place, storage: changed(place.storage, { list }) }, identity, warn);
      },
    },
  },
  {
    bug: 'the place in the metrics is lost',
    campaign: 'power cuts',
    variants: {
      recoverCheckpoint:
        (original) =>
        async (...given) => {
          const recovered = await original(...given);
          if (!recovered) return undefined;
          const { metrics: _, ...content } = recovered.content;
          return { ...recovered, content };
        },
    },
  },
  {
    bug: 'the step is off by one',
    campaign: 'power cuts',
    variants: {
      encodeCheckpoint: (original) => (content) => original({ ...content, step: content.step + 1 }),
    },
  },
  {
    bug: 'step and sequences are off by one together',
    campaign: 'power cuts',
    variants: {
      recoverCheckpoint:
        (original) =>
        async (...given) => {
          const recovered = await original(...given);
          if (!recovered || recovered.content.step === 0) return recovered;
          const { step, sequences } = recovered.content;
          return {
            ...recovered,
            content: { ...recovered.content, step: step - 1, sequences: sequences - 32 },
          };
        },
    },
  },
  {
    bug: "the optimizer's state is not saved",
    campaign: 'power cuts',
    variants: {
      encodeCheckpoint: (original) => (content) => {
        const tensors = new Map([...content.tensors].filter(([name]) => !name.startsWith('adam.')));
        return original({ ...content, tensors });
      },
    },
  },
  {
    bug: 'losses since the last record are lost',
    campaign: 'power cuts',
    variants: {
      recoverCheckpoint:
        (original) =>
        async (...given) => {
          const recovered = await original(...given);
          const progress = recovered?.content.progress;
          if (!recovered || !progress) return recovered;
          const lost = { ...progress, lossSum: 0, lossCount: 0 };
          return { ...recovered, content: { ...recovered.content, progress: lost } };
        },
    },
  },
  {
    bug: 'a file is not compared with its name',
    campaign: 'damaged files',
    variants: {
      decodeCheckpoint: (original) => (bytes, file, kind) => {
        // Believes the name: sequences and generation are not compared with what the file holds.
        const content = original(bytes, file, kind);
        const [, sequences, generation] = /-(\d+)\.g(\d+)\./.exec(file) ?? [];
        return { ...content, sequences: Number(sequences), generation: Number(generation) };
      },
    },
  },
];

export const seededBugs: readonly SeededBug[] = [...storageBugs, ...sessionBugs];

/** The file with the checksum that its bytes have. */
function withRightChecksum(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const at = text.indexOf('"sha256":"') + '"sha256":"'.length;
  if (at < '"sha256":"'.length || bytes.length < at + 64) return bytes;
  const right = bytes.slice().fill('0'.charCodeAt(0), at, at + 64);
  right.set(new TextEncoder().encode(createHash('sha256').update(right).digest('hex')), at);
  return right;
}
