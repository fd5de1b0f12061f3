/** When things happen: before the step at the first multiple of the batch size >= the scheduled number of sequences. */

/**
 * Whether something scheduled at every multiple of `every` (0 included) is due when `sequences` have been seen.
 * @param sequences a multiple of batchSize
 * @param last sequences seen when it happened last; -1 for never
 */
export function isDue(sequences: number, every: number, batchSize: number, last: number): boolean {
  if (last >= sequences) return false;
  const scheduled = Math.floor(sequences / every) * every;
  return scheduled > sequences - batchSize;
}

/** Where a run of that many sequences ends: whole batches. */
export function endOf(trainSequences: number, batchSize: number): number {
  return Math.ceil(trainSequences / batchSize) * batchSize;
}

/** How often `isDue` holds in a run, its start and (always) its end counted once each. */
export function occurrences(trainSequences: number, every: number, batchSize: number): number {
  const end = endOf(trainSequences, batchSize);
  if (every <= batchSize) return end / batchSize + 1;
  const count = Math.floor(end / every) + 1;
  return isDue(end, every, batchSize, -1) ? count : count + 1;
}

/** When weight-only snapshots are kept (`checkpoint` of a run's config). */
export interface SnapshotSchedule {
  readonly snapshotEverySequences: number | null;
  readonly earlySnapshotEverySequences: number | null;
  readonly earlySnapshotUntilSequences: number;
}

/** As `isDue`: at multiples of either number, of the early one as far as it goes. */
export function isSnapshotDue(
  sequences: number,
  schedule: SnapshotSchedule,
  batchSize: number,
  last: number,
): boolean {
  const { snapshotEverySequences: every, earlySnapshotEverySequences: early } = schedule;
  if (every !== null && isDue(sequences, every, batchSize, last)) return true;
  if (early === null || !isDue(sequences, early, batchSize, last)) return false;
  return Math.floor(sequences / early) * early <= schedule.earlySnapshotUntilSequences;
}

/** Snapshots of a whole run. */
export function snapshotCount(trainSequences: number, schedule: SnapshotSchedule, batchSize: number): number {
  const { snapshotEverySequences: every, earlySnapshotEverySequences: early } = schedule;
  const end = endOf(trainSequences, batchSize);
  const at = new Set<number>();
  const add = (step: number | null, last: number) => {
    if (step === null) return;
    if (step >= batchSize)
      for (let scheduled = 0; scheduled <= last; scheduled += step) at.add(endOf(scheduled, batchSize));
    else
      for (let sequences = 0; sequences <= end; sequences += batchSize)
        if (Math.floor(sequences / step) * step <= last) at.add(sequences);
  };
  add(every, end);
  add(early, Math.min(end, schedule.earlySnapshotUntilSequences));
  return at.size;
}
