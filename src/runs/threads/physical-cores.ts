/** How many cores this process can compute on. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Cores this process may use; of two threads of one core only one counts, where the system tells which they are. */
export function physicalCores(): number {
  const available = availableParallelism();
  const siblings = new Set<string>();
  try {
    for (let cpu = 0; ; cpu++)
      siblings.add(readFileSync(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, 'utf8'));
  } catch {
    // Past the last one, or a system that does not tell.
  }
  return siblings.size === 0 ? available : Math.min(available, siblings.size);
}
