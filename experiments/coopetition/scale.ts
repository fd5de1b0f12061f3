/** The scales an experiment can be run at, and what a figure must be told about the run it shows. */

/** `smoke`: seconds, shows that the parts fit. `quick`: the demo. `paper`: the paper's rate and length. */
export const scales = ['smoke', 'quick', 'paper'] as const;

export type Scale = (typeof scales)[number];

/** A run with settings of its own is of no scale: it is drawn like any other, and no claim is judged on it. */
export type RunScale = Scale | 'own';

/** Names and values to be shown with a figure, in their order. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** What a figure needs to know beside the metrics table. Plain data; the figure shows it and reads nothing else. */
export interface RunInfo {
  /** What its folder, or the reproduction it belongs to, is called. */
  readonly name: string;
  /** Absent in a run older than ids. */
  readonly id?: string;
  readonly scale: RunScale;
  /** Of a run with settings of its own: which of them keep it from being of a scale. */
  readonly notOfScale?: string;
  /** Where it stands, in words; absent once it is finished. */
  readonly standing?: string;
  /** Where the features come from, as the source describes itself; every verdict carries it. */
  readonly source: string;
  /** Seeds by what they seed, e.g. `{ init: 101, train: 101, eval: 1, source: 101 }`. */
  readonly seeds: Readonly<Record<string, number>>;
  /** Number of labels the model tells apart: IWL's chance is one in so many. */
  readonly labels: number;
  /** Length of this run in sequences, as configured. */
  readonly trainSequences: number;
  /** Length of a run of this scale in sequences, as its preset says: what claims about "the end" mean. */
  readonly scaleSequences: number;
  /** The exact command that made the run. */
  readonly command: string;
  /** The run's full configuration as text (YAML or JSON). */
  readonly config: string;
  /** When the run was begun (ISO 8601). */
  readonly begun: string;
  /** Name, threads, kernels' hash: whatever the engine says about itself. */
  readonly engine: Facts;
  /** What the engine ran on. */
  readonly machine: Facts;
  /** Version, commit and the like. */
  readonly code: Facts;
}
