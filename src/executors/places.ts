/** How many runs go at once on a machine, and on how many threads each. Pure. */
import { LabError } from '../errors/lab-error.ts';
import { formatCount } from '../report/format.ts';

const megabytes = (bytes: number) => formatCount(bytes / 1e6);

export interface MachineRoom {
  /** That this process may use. */
  readonly cores: number;
  readonly freeBytes: number;
}

export interface PlacesWish {
  /** Runs at once; default: as many as there are cores. */
  readonly jobs?: number | undefined;
  /** Threads of each run; default: its share of the cores. */
  readonly threads?: number | undefined;
}

export interface Places {
  /** One for each run that may go at once: the most threads it takes there. */
  readonly places: readonly number[];
  /** Whether there would be more, had the machine more memory. */
  readonly isShortOfMemory: boolean;
}

/**
 * One thread for each run where there are at least as many runs as cores; else the cores are divided among them.
 * @param memoryBytes what each of the runs takes at its peak; at least one run
 * @throws {LabError} exit code 64 where more at once are asked for than memory is there for
 */
export function placesFor(
  memoryBytes: readonly number[],
  { jobs, threads }: PlacesWish,
  { cores, freeBytes }: MachineRoom,
): Places {
  const runs = memoryBytes.length;
  const wanted = Math.min(runs, jobs ?? Math.max(1, Math.floor(cores / (threads ?? 1))));
  const largest = memoryBytes.toSorted((a, b) => b - a);
  let [fitting, needed] = [0, 0];
  for (const bytes of largest.slice(0, wanted)) {
    needed += bytes;
    if (needed <= freeBytes) fitting++;
  }
  // One alone may try: what is free is an estimate, and so is what it takes.
  const atOnce = Math.min(wanted, Math.max(1, fitting));
  if (jobs !== undefined && atOnce < wanted) {
    throw new LabError(
      `--jobs ${jobs}: ${wanted} runs at once need about ${megabytes(needed)} MB of memory, ${megabytes(freeBytes)} are free; ` +
        `--jobs ${atOnce} fits, or leave it out`,
    );
  }
  const share = Math.floor(cores / atOnce);
  const places = Array.from({ length: atOnce }, (_, place) =>
    Math.max(1, threads ?? share + (place < cores % atOnce ? 1 : 0)),
  );
  return { places, isShortOfMemory: atOnce < wanted };
}
