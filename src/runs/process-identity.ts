/** Which process this is, told so that another one, perhaps on another machine, can find out whether it still lives. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly host: string;
  /** Changes with every start of the machine; '' where the system does not tell. */
  readonly bootId: string;
  readonly pid: number;
  /** When the process started, in the system's own words: a pid alone is used again; '' where it does not tell. */
  readonly startTime: string;
}

export interface ProcessTable {
  readonly self: ProcessIdentity;
  /** Whether that process runs now; undefined where this machine cannot know. */
  isAlive(identity: ProcessIdentity): boolean | undefined;
}

/** This process and this machine's processes. */
export function nodeProcessTable(): ProcessTable {
  const self: ProcessIdentity = Object.freeze({
    host: hostname(),
    bootId: readSystemFile('/proc/sys/kernel/random/boot_id'),
    pid: process.pid,
    startTime: startTimeOf(process.pid),
  });
  return {
    self,
    isAlive(other) {
      if (other.host !== self.host) return undefined;
      if (other.bootId !== self.bootId) return false;
      try {
        process.kill(other.pid, 0);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
      }
      return other.startTime === '' || startTimeOf(other.pid) === other.startTime;
    },
  };
}

function readSystemFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Field 22 of /proc/<pid>/stat, counted after the name in parentheses, which may hold anything. */
function startTimeOf(pid: number): string {
  const stat = readSystemFile(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
