#!/usr/bin/env node
/**
 * Starts iclab with a Node that runs TypeScript as it is. Written so that an old Node can still read it: where the
 * running one is too old, the pinned one in node_modules does the work, with the same arguments and terminal.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findPinnedNode, isRecentEnough, tooOld } from './pinned-node.js';

const crash = 70;
const stoppedResumable = 75;

/** A checkout runs its sources as they are; an installed package has them compiled, for Node refuses TypeScript there. */
function program() {
  const source = new URL('../src/cli/main.ts', import.meta.url);
  return existsSync(source) ? source.href : new URL('../build/package/src/cli/main.js', import.meta.url).href;
}

/** Runs this file again under another Node and ends as that one ends. */
function handOverTo(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C at a terminal reaches the child twice, from there and from here: it counts the two as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`iclab: cannot start ${node}: ${error.message}; ${tooOld}`);
    process.exitCode = crash;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

/**
 * Left alone, Node takes SIGUSR1 as a wish for its debugger: it opens a port and the program goes on. Until a run
 * listens, nothing has begun that would have to be saved.
 */
function endWhereNobodyListens() {
  // oxlint-disable-next-line unicorn/no-process-exit -- a program that loads its parts is told to stop
  if (process.listenerCount('SIGUSR1') === 1) process.exit(stoppedResumable);
}

if (isRecentEnough) {
  process.on('SIGUSR1', endWhereNobodyListens);
  const { main } = await import(program());
  process.exitCode = await main(process.argv.slice(2));
} else {
  const pinned = findPinnedNode();
  if (pinned) handOverTo(pinned);
  else {
    console.error(`iclab: ${tooOld}`);
    process.exitCode = crash;
  }
}
