#!/usr/bin/env node
/**
 * Starts iclab with a Node that runs TypeScript as it is. Written so that an old Node can still read it: where the
 * running one is too old, the pinned one in node_modules does the work, with the same arguments and terminal.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findPinnedNode, isRecentEnough, tooOld } from './pinned-node.js';

const crash = 70;

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

if (isRecentEnough) {
  const { main } = await import('../src/cli/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const pinned = findPinnedNode();
  if (pinned) handOverTo(pinned);
  else {
    console.error(`iclab: ${tooOld}`);
    process.exitCode = crash;
  }
}
