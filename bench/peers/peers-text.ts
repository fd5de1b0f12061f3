/** The comparison as a Markdown table, so that it can go into a page as it is. */
import type { MachineState } from '../../src/measure/bench.ts';
import type { Spread } from '../../src/measure/statistics.ts';

export interface PeerResult {
  readonly name: string;
  readonly version: string;
  readonly isOurs: boolean;
  readonly largestLossDifference: number;
  /** Of its own matrix product in its own threads. */
  readonly gemmGflops: number;
  /** Milliseconds, batches given; ours draws them within the step. */
  readonly stepMs: Spread;
  /** Of its own sampler, where it has one. */
  readonly samplerMs?: Spread;
}

export interface PeersResult {
  readonly machine: MachineState;
  readonly shape: string;
  readonly peers: readonly PeerResult[];
}

interface Row {
  readonly name: string;
  readonly isOurs: boolean;
  readonly times: Spread;
  readonly product: string;
}

/** A peer with a sampler of its own has a row without and one with it. */
function rowsOf({ name, isOurs, stepMs, samplerMs, gemmGflops }: PeerResult): Row[] {
  const row = { name, isOurs, times: stepMs, product: gemmGflops.toFixed(0) };
  if (!samplerMs) return [row];
  const times = {
    median: stepMs.median + samplerMs.median,
    best: stepMs.best + samplerMs.best,
    lowest: stepMs.lowest + samplerMs.lowest,
    highest: stepMs.highest + samplerMs.highest,
  };
  return [row, { ...row, name: `${name}, with its sampler`, times, product: '' }];
}

export function peersText({ machine, shape, peers }: PeersResult): string {
  const { cpu, cores, node, loadBefore, loadAfter, timings, disturbed } = machine;
  const rows = peers.flatMap(rowsOf);
  const ours = rows.filter(({ isOurs }) => isOurs);
  const head = [
    'step, ms',
    'best',
    'medians',
    'its product, GFLOP/s',
    ...ours.map(({ name }) => `over ${name.replace(/^iclab, /, '')}`),
  ];
  const lines = rows.map(({ name, times, product }) => [
    name,
    times.median.toFixed(2),
    times.best.toFixed(2),
    `${times.lowest.toFixed(2)} - ${times.highest.toFixed(2)}`,
    product,
    ...ours.map((own) => (times.median / own.times.median).toFixed(1)),
  ]);
  const table = [[`${shape} shape`, ...head], ['---', ...head.map(() => '---:')], ...lines];
  return (
    `${cpu}, ${cores} cores, Node ${node}; load ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after; ` +
    `others computed during ${disturbed} of ${timings} timings\n\n` +
    table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  );
}
