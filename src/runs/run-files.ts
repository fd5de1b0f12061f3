/** The names of everything in a run folder, in one place: made and recognised here only. */

/** A run lives in one generation after another: one per start. */
export interface CheckpointName {
  readonly name: string;
  readonly sequences: number;
  readonly generation: number;
  /** 1, or 2 where the first attempt to write failed. */
  readonly attempt: number;
}

export const configFile = 'config.json';
export const doneStem = 'done';
export const doneFile = 'done.json';

/** Record of the first start that came to write one. */
export const firstStartStem = 'run';
export const firstStartFile = 'run.json';

/** Record of a later start. */
export function laterStartStem(generation: number): string {
  return `run.${generation}`;
}

const startPattern = /^run\.(\d{1,9})\.json$/;

/** Records of starts among the names, newest first. */
export function startsAmong(names: readonly string[]): string[] {
  const later = names.flatMap((name) => startPattern.exec(name)?.slice(1, 2) ?? []).map(Number);
  const files = later.toSorted((a, b) => b - a).map((generation) => `${laterStartStem(generation)}.json`);
  return names.includes(firstStartFile) ? [...files, firstStartFile] : files;
}

export function ownerFile(generation: number): string {
  return `owner.${generation}.json`;
}

/** Metrics segment names: `2`, or `2.2` where the second part of generation 2 had to go to a new file. */
export function metricsFile(segment: string): string {
  return `metrics.${segment}.ndjson`;
}

export function checkpointStem(sequences: number, generation: number): string {
  return `checkpoint-${sequences}.g${generation}`;
}

export function snapshotStem(sequences: number, generation: number): string {
  return `snapshot-${sequences}.g${generation}`;
}

const checkpointPattern = /^(checkpoint|snapshot)-(\d{1,16})\.g(\d{1,9})(?:\.(2))?\.safetensors$/;

/** Checkpoints among the names, newest first: most sequences, then latest generation. */
export function checkpointsAmong(names: readonly string[]): CheckpointName[] {
  return weightFiles(names, 'checkpoint');
}

/** Weight-only snapshots among the names, newest first. */
export function snapshotsAmong(names: readonly string[]): CheckpointName[] {
  return weightFiles(names, 'snapshot');
}

function weightFiles(names: readonly string[], kind: string): CheckpointName[] {
  return names
    .flatMap((name) => {
      const found = checkpointPattern.exec(name);
      if (found?.[1] !== kind) return [];
      const [, , sequences, generation, attempt] = found;
      return [
        { name, sequences: Number(sequences), generation: Number(generation), attempt: Number(attempt ?? 1) },
      ];
    })
    .toSorted((a, b) => b.sequences - a.sequences || b.generation - a.generation || b.attempt - a.attempt);
}

const ownerPattern = /^owner\.(\d{1,9})\.json$/;

/** Generations that own or owned the run, in increasing order. */
export function ownersAmong(names: readonly string[]): number[] {
  return names
    .flatMap((name) => ownerPattern.exec(name)?.slice(1, 2) ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
}

const generationPattern =
  /^(?:owner\.(\d{1,9})\.json|metrics\.(\d{1,9})(?:\.\d+)?\.ndjson|run\.(\d{1,9})\.json|(?:checkpoint|snapshot)-\d+\.g(\d{1,9})\..*)$/;

/** The highest generation any name mentions, 0 for none: the next owner takes a higher one. */
export function highestGeneration(names: readonly string[]): number {
  return names.reduce((highest, name) => {
    const generation = generationPattern
      .exec(name)
      ?.slice(1)
      .find((part) => part !== undefined);
    return Math.max(highest, Number(generation ?? 0));
  }, 0);
}

/** Left over from a start or save that was cut off: never complete, never read. */
export function isLeftover(name: string): boolean {
  return /^(?:checkpoint|snapshot|owner|run|config|done|metrics)\b.*\.tmp$/.test(name);
}

/** Order of metrics segments: generation, then part. */
export function compareSegments(a: string, b: string): number {
  const [generationA, partA = 1] = a.split('.').map(Number);
  const [generationB, partB = 1] = b.split('.').map(Number);
  return generationA - generationB || partA - partB;
}

const segmentPattern = /^metrics\.(\d{1,9}(?:\.\d{1,9})?)\.ndjson$/;

/** Names of metrics segments, oldest first. */
export function segmentsAmong(names: readonly string[]): string[] {
  return names.flatMap((name) => segmentPattern.exec(name)?.slice(1, 2) ?? []).toSorted(compareSegments);
}

/** Whether a name in a run folder is one that this program gives. */
export function isRunFile(name: string): boolean {
  return (
    [configFile, doneFile].includes(name) ||
    isLeftover(name) ||
    ownerPattern.test(name) ||
    startsAmong([name]).length > 0 ||
    segmentsAmong([name]).length > 0 ||
    checkpointPattern.test(name)
  );
}
