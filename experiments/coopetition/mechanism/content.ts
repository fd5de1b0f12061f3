/**
 * What a figure of the model's mechanism consists of, as plain data: panels, sentences, numbers and verdicts. One file
 * draws it, one writes its page, so that each figure is a pure function from tables to this.
 */
import type { CsvCell } from '../../../src/report/csv.ts';
import type { ClaimVerdict } from '../claims/claim.ts';

/** A line of a panel, or points where `marks` is `dots`. */
export interface PanelSeries {
  /** At the line's end; none where empty. */
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Colour and dashes, as of the n-th of several series; `quiet` is a thin grey line behind all others. */
  readonly style: number | 'quiet';
  readonly marks?: 'line' | 'dots';
}

interface Axis {
  readonly label: string;
  /** Ends, and where lines and numbers stand. */
  readonly ticks: readonly number[];
}

export interface LinesPanel {
  readonly kind: 'lines';
  readonly heading: string;
  readonly series: readonly PanelSeries[];
  /** Sequences seen, from 0 to `end`, on a square-root axis where most happens early; or any other quantity. */
  readonly x:
    | { readonly kind: 'sequences'; readonly end: number; readonly isRoot?: boolean }
    | ({ readonly kind: 'number'; readonly isLog?: boolean } & Axis);
  readonly y: Axis;
  /** A dotted line across, for what guessing gives. */
  readonly level?: number;
}

export interface HeatmapPanel {
  readonly kind: 'heatmap';
  readonly heading: string;
  readonly columns: readonly string[];
  readonly columnLabel: string;
  /** Room in px for the names of rows; default 78. */
  readonly nameWidth?: number;
  /** Values from 0 to 1; `note` rows stand apart below (the paper's). */
  readonly rows: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly isNote?: boolean;
  }[];
}

export interface ScatterPanel {
  readonly kind: 'scatter';
  readonly heading: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly x: Axis;
  readonly y: Axis;
}

export type Panel = LinesPanel | HeatmapPanel | ScatterPanel;

export interface MechanismFigure {
  /** As it is reproduced: `fig2a`. */
  readonly name: string;
  /** `Figure 2a`. */
  readonly number: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  /** Panels beside each other where there is room. */
  readonly columns: number;
  /** Under the figure. */
  readonly caption: readonly string[];
  /** How to read it, for who has not the paper at hand. */
  readonly reading: readonly string[];
  /** How each number was made. */
  readonly method: readonly string[];
  readonly csv: { readonly header: readonly string[]; readonly rows: readonly (readonly CsvCell[])[] };
  readonly verdicts: readonly ClaimVerdict[];
}
