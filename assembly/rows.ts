// Embedding tables: table[rows, dim] read and written by row index, one index per lane.

// out[f, lane] := table[index[lane], f]
export function gatherRows(out: usize, outStride: usize, table: usize, indices: usize, lanes: i32, dim: i32): void {
  for (let l = 0; l < lanes; l++) {
    let p = table + (<usize>load<u32>(indices + (<usize>l << 2)) * <usize>dim << 2);
    let q = out + (<usize>l << 2);
    let f = dim;
    if (f) do {
      store<f32>(q, load<f32>(p));
      p += 4;
      q += outStride;
    } while (--f);
  }
}

// table[index[lane], f] += x[f, lane], lane after lane
export function scatterAddRows(table: usize, x: usize, stride: usize, indices: usize, lanes: i32, dim: i32): void {
  for (let l = 0; l < lanes; l++) {
    let p = table + (<usize>load<u32>(indices + (<usize>l << 2)) * <usize>dim << 2);
    let q = x + (<usize>l << 2);
    let f = dim;
    if (f) do {
      store<f32>(p, load<f32>(p) + load<f32>(q));
      p += 4;
      q += stride;
    } while (--f);
  }
}
