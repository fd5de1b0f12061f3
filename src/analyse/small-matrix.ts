/** Small dense matrices in float64, row-major: what is read off weights, not what trains. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export function matrixOf(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): Matrix {
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < data.length; i++) data[i] = entry(Math.floor(i / columns), i % columns);
  return { rows, columns, data };
}

/** a b */
export function product(a: Matrix, b: Matrix): Matrix {
  return matrixOf(a.rows, b.columns, (row, column) => {
    let sum = 0;
    for (let i = 0; i < a.columns; i++) sum += a.data[row * a.columns + i] * b.data[i * b.columns + column];
    return sum;
  });
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  return matrixOf(columns, rows, (row, column) => data[column * columns + row]);
}

/**
 * Frobenius norm of left^T middle right, where left and right are few long rows: told from the rows' inner products, so
 * that the large product is never made.
 */
export function sandwichNorm(left: Matrix, middle: Matrix, right: Matrix): number {
  const [ofLeft, ofRight] = [product(left, transposed(left)), product(right, transposed(right))];
  const inner = product(product(product(transposed(middle), ofLeft), middle), ofRight);
  let trace = 0;
  for (let i = 0; i < inner.rows; i++) trace += inner.data[i * inner.columns + i];
  return Math.sqrt(Math.max(0, trace));
}
