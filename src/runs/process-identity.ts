/** Which process this is, told so that another one, perhaps on another machine, can find out whether it still lives. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly host: string;
  /** Changes with every start of the machine; '' where the system does not tell. */
  readonly bootId: string;
  readonly pid: number;
  /** When the process started, in the system's own words: a pid alone is used again; '' where it does not tell. */
  readonly startTime: string;
  /** In which numbering of processes its pid counts: containers have their own. Absent where the system has but one. */
  readonly pidNamespace?: string;
}

export interface ProcessTable {
  readonly self: ProcessIdentity;
  /** Whether that process runs now; undefined where this machine cannot know. */
  isAlive(identity: ProcessIdentity): boolean | undefined;
}

/**
 * This process and this machine's processes.
 * @param startTimeOf when a process started; '' where that cannot be read. A test gives its own
 */
export function nodeProcessTable(startTimeOf: (pid: number) => string = readStartTime): ProcessTable {
  const pidNamespace = readPidNamespace();
  const self: ProcessIdentity = Object.freeze({
    host: hostname(),
    bootId: readSystemFile('/proc/sys/kernel/random/boot_id'),
    pid: process.pid,
    startTime: startTimeOf(process.pid),
    ...(pidNamespace === undefined ? {} : { pidNamespace }),
  });
  return {
    self,
    isAlive(other) {
      if (other.host !== self.host) return undefined;
      if (other.bootId !== self.bootId) return false;
      if (other.pidNamespace !== undefined && other.pidNamespace !== self.pidNamespace) return undefined;
      try {
        process.kill(other.pid, 0);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
      }
      if (other.startTime === '') return true;
      const startTime = startTimeOf(other.pid);
      // Another user's process may be hidden, and all files may be in use: that is no sign of its end.
      return startTime === '' ? undefined : startTime === other.startTime;
    },
  };
}

/** `pid:[4026531836]`; undefined where there is no such thing. */
function readPidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function readSystemFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Field 22 of /proc/<pid>/stat, counted after the name in parentheses, which may hold anything. */
function readStartTime(pid: number): string {
  const stat = readSystemFile(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
