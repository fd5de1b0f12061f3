/**
 * Bombs: refused in one line, in little time and memory. Each in a process of its own, whose memory is its alone. The
 * figures to be held to are 100 ms of CPU and 64 MB; machines differ, so that a test fails at five times as much only.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { campaignTimeoutMs, tellFigures } from '../campaign.ts';
import type { BombResult } from './bomb-child.ts';
import { bombs } from './bombs.ts';

const child = fileURLToPath(new URL('bomb-child.ts', import.meta.url));
const mostCpuMs = 5 * 100;
const mostBytes = 5 * 64 * 2 ** 20;

test('bombs are refused in one line, 100 ms and 64 MB', { timeout: campaignTimeoutMs }, async () => {
  let [cpuMs, grownBytes] = [0, 0];
  for (const [index, { name, refusal }] of bombs.entries()) {
    const { stdout } = await promisify(execFile)(process.execPath, [child, String(index)]);
    const result = JSON.parse(stdout) as BombResult;
    if (refusal === '') expect(result.outcome, name).toBe('read');
    else expect(result.outcome, name).toContain(refusal);
    expect(result.outcome.length, name).toBeLessThan(500);
    expect(result.outcome, name).not.toMatch(/not an error for a user|\n/);
    expect(result.cpuMs, `${name}: ms of CPU`).toBeLessThan(mostCpuMs);
    expect(result.grownBytes, `${name}: bytes`).toBeLessThan(mostBytes);
    cpuMs = Math.max(cpuMs, result.cpuMs);
    grownBytes = Math.max(grownBytes, result.grownBytes);
    tellFigures(name, { 'ms of CPU': Math.round(result.cpuMs), MB: Math.round(result.grownBytes / 2 ** 20) });
  }
  tellFigures('bombs', {
    bombs: bombs.length,
    'most ms of CPU': Math.round(cpuMs),
    'most MB': Math.round(grownBytes / 2 ** 20),
  });
});
