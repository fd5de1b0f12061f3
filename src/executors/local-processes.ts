/** Runs as processes of this machine, one each (`run-process.ts`). */
import { type ChildProcess, fork } from 'node:child_process';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { RunEvent } from '../runs/run-events.ts';
import { startedFile } from '../runs/started-file.ts';
import type { Executor, RunEnd, RunJob, StartedRun } from './executor.ts';
import type { FromRun, ToRun } from './run-messages.ts';

/** Signals that ask a run to stop, and end a process that has not yet begun to listen. */
const stopSignals: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGHUP']);
/** Of what a process said on stderr the last is kept: V8's own last words are long. */
const keptCharacters = 2000;

/** @param program what is started; a test gives its own */
export function localProcesses(program: URL = startedFile('run-process', import.meta.url)): Executor {
  return { start: (job, onEvent) => startProcess(program, job, onEvent) };
}

function startProcess(program: URL, job: RunJob, onEvent: (event: RunEvent) => void): StartedRun {
  const child = fork(program, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const tell = (message: ToRun) => {
    // Where it is gone, its end says so.
    if (child.connected) child.send(message, undefined, undefined, () => undefined);
  };
  tell({ kind: 'start', job });
  return { ended: endOf(child, job, onEvent), stop: () => tell({ kind: 'stop' }) };
}

function endOf(child: ChildProcess, job: RunJob, onEvent: (event: RunEvent) => void): Promise<RunEnd> {
  let told: RunEnd | undefined;
  let hasBegun = false;
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-keptCharacters);
  });
  child.on('message', (message: FromRun) => {
    hasBegun = true;
    if (message.kind === 'event') onEvent(message.event);
    else if (message.kind === 'end') told = { kind: 'ended', result: message.result };
    else if (message.kind === 'crashed') told = { kind: 'failed', error: message.error };
    else told = { kind: 'failed', error: new LabError(message.message, message.exitCode) };
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'failed', error: notStarted(job, error) });
    });
    child.on('close', (code, signal) => {
      if (told) resolve(told);
      else if (signal !== null && stopSignals.has(signal) && !hasBegun) resolve({ kind: 'notBegun' });
      else resolve({ kind: 'failed', error: gone(job, signal ?? `exit code ${code}`, errors) });
    });
  });
}

function notStarted({ folder }: RunJob, error: Error): LabError {
  return new LabError(
    `${folder}: no process could be started for this run: ${error.message}; give a smaller --jobs`,
    exitCodes.crash,
    { cause: error },
  );
}

function gone({ folder }: RunJob, how: string, errors: string): LabError {
  const words = errors.trim().split('\n').at(0) ?? '';
  return new LabError(
    `${folder}: the process of this run ended without a word (${how})${words === '' ? '' : `: ${words}`}; ` +
      'the same command goes on from its newest checkpoint; give a smaller --jobs where memory is short',
    exitCodes.crash,
  );
}
