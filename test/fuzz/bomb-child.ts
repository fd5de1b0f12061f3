/** One bomb of `bombs.ts`, by its index, in a process of its own: prints as JSON how it went and what it took. */
import { LabError } from '../../src/errors/lab-error.ts';
import { loadConfig } from '../../src/runs/load-config.ts';
import { presetNamed } from '../../src/runs/presets/index.ts';
import { bombs } from './bombs.ts';

export interface BombResult {
  readonly outcome: string;
  /** Of all threads, milliseconds. */
  readonly cpuMs: number;
  /** By how much the most memory ever held grew, in bytes. */
  readonly grownBytes: number;
}

const kilobyte = 1024;

async function outcomeOf(go: () => unknown): Promise<string> {
  try {
    await go();
    return 'read';
  } catch (error) {
    return error instanceof LabError ? error.message : `not an error for a user: ${String(error)}`;
  }
}

const bomb = bombs[Number(process.argv[2])];
const { go, clear } = await bomb.prepare();
loadConfig({ file: 'warm', text: JSON.stringify(loadConfig({ preset: presetNamed('smoke') })) });
const [cpu, { maxRSS }] = [process.cpuUsage(), process.resourceUsage()];
const outcome = await outcomeOf(go);
const { user, system } = process.cpuUsage(cpu);
const grownBytes = (process.resourceUsage().maxRSS - maxRSS) * kilobyte;
await clear?.();
const result: BombResult = { outcome, cpuMs: (user + system) / 1000, grownBytes };
process.stdout.write(JSON.stringify(result));
