/** Instants of a running program at which something is done to it from outside, drawn from a seed. */
import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CounterRandom } from '../../src/engine/counter-random.ts';
import type { Running } from './program.ts';

export type Instant =
  /** So long after its start, whatever it is doing then. */
  | { readonly kind: 'time'; readonly afterMs: number }
  /** After a file of a save has come into being, before it has its name. */
  | { readonly kind: 'save'; readonly nth: number; readonly afterMs: number }
  | { readonly kind: 'evaluation'; readonly nth: number; readonly afterMs: number };

/**
 * Half of them anywhere, two in five inside a save, the rest in evaluations.
 * @param longestMs what an undisturbed run takes
 */
export function drawInstant(random: CounterRandom, longestMs: number): Instant {
  const kind = random.below(10);
  if (kind < 5) return { kind: 'time', afterMs: random.below(Math.ceil(longestMs)) };
  if (kind < 9) return { kind: 'save', nth: 1 + random.below(12), afterMs: random.below(2) };
  return { kind: 'evaluation', nth: 1 + random.below(3), afterMs: random.below(6) };
}

const saving = /^(?:checkpoint|snapshot)-.*\.tmp$/;

/** Whether a save was cut off in this folder and nobody has cleared up since. */
export function hasCutOffSave(folder: string): boolean {
  return readdirSync(folder).some((name) => saving.test(name));
}

/** Waits for the instant. @param folder of the run; exists @returns false where the program ended before it */
export async function reach(instant: Instant, running: Running, folder: string): Promise<boolean> {
  const hasEnded = running.ended.then(() => false);
  if (instant.kind === 'time') return Promise.race([hasEnded, later(instant.afterMs)]);
  const happened =
    instant.kind === 'save' ? nthSave(folder, instant.nth, hasEnded) : nthEvaluation(running, instant.nth);
  if (!(await Promise.race([hasEnded, happened]))) return false;
  return instant.afterMs === 0 || Promise.race([hasEnded, later(instant.afterMs)]);
}

const later = (ms: number) => setTimeout(ms, true);

function nthEvaluation({ onEvent }: Running, nth: number): Promise<boolean> {
  let seen = 0;
  return new Promise((resolve) =>
    onEvent(({ kind }) => {
      if (kind === 'evaluating' && ++seen === nth) resolve(true);
    }),
  );
}

function nthSave(folder: string, nth: number, hasEnded: Promise<boolean>): Promise<boolean> {
  const seen = new Set<string>();
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, name) => {
      if (name === null || !saving.test(name)) return;
      seen.add(name);
      if (seen.size < nth || !existsSync(join(folder, name))) return;
      watcher.close();
      resolve(true);
    });
    void hasEnded.then(() => watcher.close());
  });
}
