/**
 * The one place that says how the house is built: which folder may import which. `architecture.test.ts` proves that
 * the sources keep to it; CONTRIBUTING.md shows the same list to people and is compared with this one.
 */

export interface Layer {
  readonly folder: string;
  /** Runs in a browser tab as it is: no `node:` import, no Buffer, no process. */
  readonly browserSafe: boolean;
}

/** The folders of src/, in order: each imports only itself and the folders above it. */
export const layers: readonly Layer[] = [
  { folder: 'errors', browserSafe: true },
  { folder: 'formats', browserSafe: true },
  { folder: 'engine', browserSafe: true },
  { folder: 'toy', browserSafe: true },
  { folder: 'data', browserSafe: true },
  { folder: 'features', browserSafe: true },
  { folder: 'model', browserSafe: true },
  { folder: 'intervene', browserSafe: true },
  { folder: 'train', browserSafe: true },
  { folder: 'evaluate', browserSafe: true },
  { folder: 'verify', browserSafe: true },
  { folder: 'runs', browserSafe: false },
  { folder: 'measure', browserSafe: false },
  { folder: 'analyse', browserSafe: true },
  { folder: 'browser', browserSafe: true },
  { folder: 'report', browserSafe: true },
  { folder: 'executors', browserSafe: false },
  { folder: 'library', browserSafe: false },
  { folder: 'cli', browserSafe: false },
];

/** What the folders outside src/ may import, by the beginning of a path; a longer beginning wins over a shorter. */
export const outerFolders: Readonly<Record<string, { may: readonly string[]; mayNot: readonly string[] }>> = {
  experiments: { may: ['experiments/', 'src/'], mayNot: ['src/cli/', 'src/library/'] },
  apps: { may: ['apps/', 'experiments/', 'src/'], mayNot: ['src/cli/', 'src/library/'] },
  bench: { may: ['bench/', 'experiments/', 'src/'], mayNot: ['src/cli/', 'src/library/'] },
};

/** What a layer may import beside those above it. */
export const extraForLayer: Readonly<Record<string, readonly string[]>> = {
  library: ['experiments/'],
  cli: ['experiments/'],
};

/** What any file may import: the version is written in one place. */
export const openToAll: readonly string[] = ['package.json'];

/** Single files of a browser-safe layer that need Node all the same, each with its reason. */
export const notBrowserSafe: Readonly<Record<string, string>> = {
  'src/analyse/analysis-cache.ts': 'keeps tables in files',
  'src/analyse/open-probe.ts': 'starts threads of Node; a page builds a Probe on its own engine',
  'src/analyse/probe-member.ts': 'is such a thread',
  'src/analyse/run-analysis.ts': 'reads run folders',
  'src/features/hdf5.ts': 'the HDF5 library reads a file by its path',
  'src/features/omniglot/content-hash.ts': 'hashes at once, with Node; browsers hash in the background only',
  'src/report/png.ts': 'rasterises with the native resvg; a page draws its SVG instead',
};

/** The other way round: what browsers load of a layer that needs Node, files or (ending in a slash) folders. */
export const browserSafeParts: readonly string[] = [
  'src/runs/assemble.ts',
  'src/runs/config-overrides.ts',
  'src/runs/config-problems.ts',
  'src/runs/config-schema-view.ts',
  'src/runs/config-text.ts',
  'src/runs/config-tree.ts',
  'src/runs/config.ts',
  'src/runs/engine-memory.ts',
  'src/runs/load-config.ts',
  'src/runs/make-config.ts',
  'src/runs/model-shape.ts',
  'src/runs/presets/',
  'src/runs/records.ts',
  'src/runs/run-events.ts',
  'src/runs/schedule.ts',
  'src/runs/state-hash.ts',
  'src/runs/threads/shared-models.ts',
  'src/runs/threads/thread-count.ts',
  'src/runs/train-in-memory.ts',
];

/** Files that are started rather than imported: the only ones that do something when loaded. */
export const entryPoints: readonly string[] = [
  'src/analyse/probe-member.ts',
  'bench/save-cost.ts',
  'bench/peers/main.ts',
  'bench/peers/iclab-step.ts',
  'src/browser/worker.ts',
  'experiments/coopetition/toy/phase-map-worker.ts',
  'src/executors/run-process.ts',
  'src/measure/measuring-process.ts',
  'src/runs/threads/evaluation-member.ts',
  'src/runs/threads/foreman.ts',
  'src/runs/threads/member.ts',
];

/** Names that say nothing of what is inside, for folders and files alike. */
export const meaninglessNames: readonly string[] = ['utils', 'util', 'common', 'helpers', 'helper', 'misc'];

/** Lines a file may have; one that is longer has to say why here. */
export const longestFile = 400;
export const longFiles: Readonly<Record<string, string>> = {};
