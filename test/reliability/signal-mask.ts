/** Whether a process has a handler for a signal, as Linux tells it. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** Undefined where the system does not tell, or the process is gone. */
export function catches(pid: number | undefined, signal: NodeJS.Signals): boolean | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (mask === undefined) return undefined;
  return ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}
