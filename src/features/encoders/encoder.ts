/**
 * Encoders that need no download, from the means of a drawing's ink over a grid: `pixels` takes them as they are,
 * `random` projects them at random and cuts off what is negative, a network of one layer that was never trained.
 */
import { threefry2x32 } from '../../engine/threefry.ts';
import { normalDraw } from '../../data/synthetic/reference.ts';
import { LabError } from '../../errors/lab-error.ts';
import { didYouMean } from '../../errors/nearest.ts';
import type { Drawings } from '../omniglot/drawings.ts';
import { gridSides, type InkMeans, inkMeans, meanSquaredNorm } from './ink-means.ts';

export interface EncoderWish {
  readonly kind: 'pixels' | 'random';
  /** Cells along a side of the grid. */
  readonly grid: number;
  /** Features of `random`; `pixels` has as many as there are cells. */
  readonly dim: number;
  /** Of the projection. */
  readonly seed: number;
}

const kinds = ['pixels', 'random'] as const;
const defaultGrid = 21;
const mostDim = 8192;

/**
 * `pixels`, `pixels:35` (cells along a side), `random`, `random:1024` (features).
 * @throws {LabError} exit code 64
 */
export function parseEncoder(text: string, seed: number): EncoderWish {
  const [name, size, more] = text.split(':');
  const kind = kinds.find((known) => known === name);
  if (kind === undefined || more !== undefined) {
    throw new LabError(
      `--encoder: expected pixels, pixels:GRID, random or random:FEATURES; got "${text}"${didYouMean(name, kinds)}`,
    );
  }
  const number = Number(size);
  if (kind === 'pixels') {
    const grid = size === undefined ? defaultGrid : gridSides.find((each) => String(each) === size);
    if (grid === undefined)
      throw new LabError(
        `--encoder pixels: expected one of ${gridSides.join(', ')} cells a side; got "${size}"`,
      );
    return { kind, grid, dim: grid * grid, seed };
  }
  if (size !== undefined && (!/^\d{1,5}$/.test(size) || number < 1 || number > mostDim))
    throw new LabError(`--encoder random: expected 1 to ${mostDim} features; got "${size}"`);
  return { kind, grid: defaultGrid, dim: size === undefined ? 512 : number, seed };
}

export interface Encoder {
  /** In few words, for figures. */
  readonly name: string;
  readonly dim: number;
  /** What it does to a drawing, in full. */
  readonly preprocessing: string;
  /**
   * Writes the features of a drawing to `out[at .. at + dim)`.
   * @param order where each cell of the turned grid comes from (`orientationOrder`)
   */
  encode(drawing: number, order: Uint16Array, out: Float32Array | Float64Array, at: number): void;
  /** Cells along a side of the grid that `order` turns. */
  readonly grid: number;
}

export function createEncoder({ kind, grid, dim, seed }: EncoderWish, drawings: Drawings): Encoder {
  const means = inkMeans(drawings, grid);
  const size = `${grid}x${grid}`;
  if (kind === 'pixels') {
    return {
      name: `pixels ${size}`,
      dim: grid * grid,
      preprocessing: `mean ink (0 to 1) of ${size} cells of ${means.cell} pixels`,
      grid,
      encode: (drawing, order, out, at) => {
        const from = drawing * order.length;
        for (let i = 0; i < order.length; i++)
          out[at + i] = Math.fround(means.counts[from + order[i]] / means.cell);
      },
    };
  }
  return {
    name: `random ${dim} of ${size}, seed ${seed}`,
    dim,
    preprocessing:
      `mean ink (0 to 1) of ${size} cells of ${means.cell} pixels, times a matrix of independent normal numbers of ` +
      'variance 2 over the mean squared norm of all drawings (so that features have mean square 1), ReLU',
    grid,
    encode: randomProjection(means, dim, seed),
  };
}

/** Keeps these draws apart from those of others that may be given the same seed: "rand". */
const domain = 0x72616e64;

/** `[cells, dim]`: element j of cell i is draw j of the stream of cell i, each threefry block giving two. */
function projectionMatrix(cells: number, dim: number, seed: number, scale: number): Float32Array {
  const key = new Uint32Array(2);
  threefry2x32(Math.floor(seed / 2 ** 32), seed >>> 0, domain, 0, key);
  const matrix = new Float32Array(cells * dim);
  const words = new Int32Array(2);
  const unsigned = new Uint32Array(words.buffer);
  for (let i = 0; i < cells; i++) {
    for (let j = 0; j < dim; j += 2) {
      threefry2x32(key[0], key[1], i, j / 2, unsigned);
      matrix[i * dim + j] = scale * normalDraw(words[0]);
      if (j + 1 < dim) matrix[i * dim + j + 1] = scale * normalDraw(words[1]);
    }
  }
  return matrix;
}

function randomProjection(means: InkMeans, dim: number, seed: number): Encoder['encode'] {
  const cells = means.grid * means.grid;
  // `normalDraw` is over sqrt 2; ReLU halves the mean square.
  const scale = Math.SQRT2 * Math.sqrt(2 / meanSquaredNorm(means));
  const matrix = projectionMatrix(cells, dim, seed, scale);
  const sums = new Float64Array(dim);
  return (drawing, order, out, at) => {
    sums.fill(0);
    for (let i = 0; i < cells; i++) {
      const count = means.counts[drawing * cells + order[i]];
      if (count === 0) continue; // most of a drawing is paper
      const ink = count / means.cell;
      for (let j = 0, from = i * dim; j < dim; j++) sums[j] += ink * matrix[from + j];
    }
    for (let j = 0; j < dim; j++) out[at + j] = Math.fround(Math.max(0, sums[j]));
  };
}
