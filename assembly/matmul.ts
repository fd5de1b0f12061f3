// Matrix product on row-major blocks: C[rows, columns] (+)= A[rows, inner] * B[inner, columns].
// All strides are in bytes. A is read one element at a time through (aRow, aColumn), so it may be transposed;
// rows of B and C are contiguous. Every output sums over `inner` in ascending order, plain multiply then add, so the
// bits do not depend on the tile shape.

// A zero that is read from memory: as an immediate, Binaryen leaves some of the sums' zeros to the locals' own first
// value, and V8 packs a pair of 128-bit sums into a 256-bit one only where both begin in the same block.
const zeroInMemory: usize = memory.data<f32>([0]);

// The loops over `inner` end with their condition, a countdown: V8 makes one jump of that, and of a `for` two and a
// comparison. `inner` is at least 1.

// 2 rows x 4 vectors: V8 leaves ~15 vector registers, larger tiles spill. `inner` is not unrolled.
export function matmulTiles(
  c: usize, cStride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bStride: usize,
  rows: i32, columns: i32, inner: i32, accumulate: i32,
): void {
  const zero = v128.load_splat<f32>(zeroInMemory);
  for (let j = 0; j < columns; j += 16) {
    let pc = c + (<usize>j << 2);
    let pa = a;
    for (let i = 0; i < rows; i += 2) {
      const pc1 = pc + cStride;
      let c00 = zero, c01 = zero, c02 = zero, c03 = zero;
      let c10 = zero, c11 = zero, c12 = zero, c13 = zero;
      if (accumulate) {
        c00 = v128.load(pc, 0); c01 = v128.load(pc, 16); c02 = v128.load(pc, 32); c03 = v128.load(pc, 48);
        c10 = v128.load(pc1, 0); c11 = v128.load(pc1, 16); c12 = v128.load(pc1, 32); c13 = v128.load(pc1, 48);
      }
      let pa0 = pa;
      let pa1 = pa + aRow;
      let pb = b + (<usize>j << 2);
      let k = inner;
      do {
        const x0 = v128.load_splat<f32>(pa0);
        const x1 = v128.load_splat<f32>(pa1);
        const b0 = v128.load(pb, 0), b1 = v128.load(pb, 16), b2 = v128.load(pb, 32), b3 = v128.load(pb, 48);
        c00 = f32x4.add(c00, f32x4.mul(x0, b0));
        c01 = f32x4.add(c01, f32x4.mul(x0, b1));
        c02 = f32x4.add(c02, f32x4.mul(x0, b2));
        c03 = f32x4.add(c03, f32x4.mul(x0, b3));
        c10 = f32x4.add(c10, f32x4.mul(x1, b0));
        c11 = f32x4.add(c11, f32x4.mul(x1, b1));
        c12 = f32x4.add(c12, f32x4.mul(x1, b2));
        c13 = f32x4.add(c13, f32x4.mul(x1, b3));
        pb += bStride;
        pa0 += aColumn;
        pa1 += aColumn;
      } while (--k);
      v128.store(pc, c01, 16); v128.store(pc, c00, 0);
      v128.store(pc, c03, 48); v128.store(pc, c02, 32);
      v128.store(pc1, c11, 16); v128.store(pc1, c10, 0);
      v128.store(pc1, c13, 48); v128.store(pc1, c12, 32);
      pc += cStride << 1;
      pa += aRow << 1;
    }
  }
}

// 4 rows x 4 vectors, two steps of `inner`, which is even, at a time: faster where V8 packs (16 sums are then 8 of its
// registers), slower where it does not.
export function matmulTallTiles(
  c: usize, cStride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bStride: usize,
  rows: i32, columns: i32, inner: i32, accumulate: i32,
): void {
  const zero = v128.load_splat<f32>(zeroInMemory);
  for (let j = 0; j < columns; j += 16) {
    let pc = c + (<usize>j << 2);
    let pa = a;
    for (let i = 0; i < rows; i += 4) {
      const pc1 = pc + cStride, pc2 = pc1 + cStride, pc3 = pc2 + cStride;
      let c00 = zero, c01 = zero, c02 = zero, c03 = zero;
      let c10 = zero, c11 = zero, c12 = zero, c13 = zero;
      let c20 = zero, c21 = zero, c22 = zero, c23 = zero;
      let c30 = zero, c31 = zero, c32 = zero, c33 = zero;
      if (accumulate) {
        c00 = v128.load(pc, 0); c01 = v128.load(pc, 16); c02 = v128.load(pc, 32); c03 = v128.load(pc, 48);
        c10 = v128.load(pc1, 0); c11 = v128.load(pc1, 16); c12 = v128.load(pc1, 32); c13 = v128.load(pc1, 48);
        c20 = v128.load(pc2, 0); c21 = v128.load(pc2, 16); c22 = v128.load(pc2, 32); c23 = v128.load(pc2, 48);
        c30 = v128.load(pc3, 0); c31 = v128.load(pc3, 16); c32 = v128.load(pc3, 32); c33 = v128.load(pc3, 48);
      }
      let pa0 = pa, pa1 = pa0 + aRow, pa2 = pa1 + aRow, pa3 = pa2 + aRow;
      let pb = b + (<usize>j << 2);
      let k = inner;
      do {
        const b0 = v128.load(pb, 0), b1 = v128.load(pb, 16), b2 = v128.load(pb, 32), b3 = v128.load(pb, 48);
        const x0 = v128.load_splat<f32>(pa0);
        c00 = f32x4.add(c00, f32x4.mul(x0, b0));
        c01 = f32x4.add(c01, f32x4.mul(x0, b1));
        c02 = f32x4.add(c02, f32x4.mul(x0, b2));
        c03 = f32x4.add(c03, f32x4.mul(x0, b3));
        const x1 = v128.load_splat<f32>(pa1);
        c10 = f32x4.add(c10, f32x4.mul(x1, b0));
        c11 = f32x4.add(c11, f32x4.mul(x1, b1));
        c12 = f32x4.add(c12, f32x4.mul(x1, b2));
        c13 = f32x4.add(c13, f32x4.mul(x1, b3));
        const x2 = v128.load_splat<f32>(pa2);
        c20 = f32x4.add(c20, f32x4.mul(x2, b0));
        c21 = f32x4.add(c21, f32x4.mul(x2, b1));
        c22 = f32x4.add(c22, f32x4.mul(x2, b2));
        c23 = f32x4.add(c23, f32x4.mul(x2, b3));
        const x3 = v128.load_splat<f32>(pa3);
        c30 = f32x4.add(c30, f32x4.mul(x3, b0));
        c31 = f32x4.add(c31, f32x4.mul(x3, b1));
        c32 = f32x4.add(c32, f32x4.mul(x3, b2));
        c33 = f32x4.add(c33, f32x4.mul(x3, b3));
        pb += bStride;
        pa0 += aColumn;
        pa1 += aColumn;
        pa2 += aColumn;
        pa3 += aColumn;
        const b0n = v128.load(pb, 0), b1n = v128.load(pb, 16), b2n = v128.load(pb, 32), b3n = v128.load(pb, 48);
        const x0n = v128.load_splat<f32>(pa0);
        c00 = f32x4.add(c00, f32x4.mul(x0n, b0n));
        c01 = f32x4.add(c01, f32x4.mul(x0n, b1n));
        c02 = f32x4.add(c02, f32x4.mul(x0n, b2n));
        c03 = f32x4.add(c03, f32x4.mul(x0n, b3n));
        const x1n = v128.load_splat<f32>(pa1);
        c10 = f32x4.add(c10, f32x4.mul(x1n, b0n));
        c11 = f32x4.add(c11, f32x4.mul(x1n, b1n));
        c12 = f32x4.add(c12, f32x4.mul(x1n, b2n));
        c13 = f32x4.add(c13, f32x4.mul(x1n, b3n));
        const x2n = v128.load_splat<f32>(pa2);
        c20 = f32x4.add(c20, f32x4.mul(x2n, b0n));
        c21 = f32x4.add(c21, f32x4.mul(x2n, b1n));
        c22 = f32x4.add(c22, f32x4.mul(x2n, b2n));
        c23 = f32x4.add(c23, f32x4.mul(x2n, b3n));
        const x3n = v128.load_splat<f32>(pa3);
        c30 = f32x4.add(c30, f32x4.mul(x3n, b0n));
        c31 = f32x4.add(c31, f32x4.mul(x3n, b1n));
        c32 = f32x4.add(c32, f32x4.mul(x3n, b2n));
        c33 = f32x4.add(c33, f32x4.mul(x3n, b3n));
        pb += bStride;
        pa0 += aColumn;
        pa1 += aColumn;
        pa2 += aColumn;
        pa3 += aColumn;
      } while (k -= 2);
      v128.store(pc, c01, 16); v128.store(pc, c00, 0);
      v128.store(pc, c03, 48); v128.store(pc, c02, 32);
      v128.store(pc1, c11, 16); v128.store(pc1, c10, 0);
      v128.store(pc1, c13, 48); v128.store(pc1, c12, 32);
      v128.store(pc2, c21, 16); v128.store(pc2, c20, 0);
      v128.store(pc2, c23, 48); v128.store(pc2, c22, 32);
      v128.store(pc3, c31, 16); v128.store(pc3, c30, 0);
      v128.store(pc3, c33, 48); v128.store(pc3, c32, 32);
      pc += cStride << 2;
      pa += aRow << 2;
    }
  }
}

// The same product for what the tiles leave over: any number of rows and columns, 8, 4 or 1 columns at a time.
export function matmulEdges(
  c: usize, cStride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bStride: usize,
  rows: i32, columns: i32, inner: i32, accumulate: i32,
): void {
  const zero = v128.load_splat<f32>(zeroInMemory);
  let j = 0;
  for (; j + 8 <= columns; j += 8) {
    const at = <usize>j << 2;
    for (let i = 0; i < rows; i++) {
      const pc = c + <usize>i * cStride + at;
      let s0 = zero, s1 = zero;
      if (accumulate) { s0 = v128.load(pc, 0); s1 = v128.load(pc, 16); }
      let pa = a + <usize>i * aRow;
      let pb = b + at;
      let k = inner;
      do {
        const x = v128.load_splat<f32>(pa);
        const b0 = v128.load(pb, 0), b1 = v128.load(pb, 16);
        s0 = f32x4.add(s0, f32x4.mul(x, b0));
        s1 = f32x4.add(s1, f32x4.mul(x, b1));
        pa += aColumn;
        pb += bStride;
      } while (--k);
      v128.store(pc, s1, 16); v128.store(pc, s0, 0);
    }
  }
  for (; j + 4 <= columns; j += 4) {
    const at = <usize>j << 2;
    for (let i = 0; i < rows; i++) {
      const pc = c + <usize>i * cStride + at;
      let sum = accumulate ? v128.load(pc) : zero;
      let pa = a + <usize>i * aRow;
      let pb = b + at;
      let k = inner;
      do {
        sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(pa), v128.load(pb)));
        pa += aColumn;
        pb += bStride;
      } while (--k);
      v128.store(pc, sum);
    }
  }
  for (; j < columns; j++) {
    const at = <usize>j << 2;
    for (let i = 0; i < rows; i++) {
      const pc = c + <usize>i * cStride + at;
      let sum: f32 = accumulate ? load<f32>(pc) : 0;
      let pa = a + <usize>i * aRow;
      let pb = b + at;
      let k = inner;
      do {
        sum += load<f32>(pa) * load<f32>(pb);
        pa += aColumn;
        pb += bStride;
      } while (--k);
      store<f32>(pc, sum);
    }
  }
}

// Rows of B beyond this many leave the level-1 cache before the next rows of A meet them again; and where they lie far
// apart, each has a page of its own, of which a processor knows some 70 at once.
const innerBlock: i32 = 256, innerBlockOfPages: i32 = 64;
const farApart: usize = 1024;

// Each instance's own, also where several share a memory.
let tallTiles: i32 = 0;

// Which tile `matmul` takes: 4 rows where there are as many, or 2. The same bits.
export function useTallTiles(isOn: i32): void {
  tallTiles = isOn;
}

export function matmul(
  c: usize, cStride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bStride: usize,
  rows: i32, columns: i32, inner: i32, accumulate: i32,
): void {
  if (inner == 0) {
    if (!accumulate) for (let i = 0; i < rows; i++) memory.fill(c + <usize>i * cStride, 0, <usize>columns << 2);
    return;
  }
  const tileRows = rows & ~1;
  const tallRows = tallTiles ? rows & ~3 : 0;
  const tileColumns = columns & ~15;
  const block = bStride > farApart ? innerBlockOfPages : innerBlock;
  let from = 0;
  do {
    const span = inner - from < block ? inner - from : block;
    const pa = a + <usize>from * aColumn;
    const pb = b + <usize>from * bStride;
    const add = accumulate | i32(from > 0);
    if (tileColumns) {
      if (tallRows) tallBlock(c, cStride, pa, aRow, aColumn, pb, bStride, tallRows, tileColumns, span, add);
      if (tallRows < tileRows) {
        matmulTiles(c + <usize>tallRows * cStride, cStride, pa + <usize>tallRows * aRow, aRow, aColumn, pb, bStride,
          tileRows - tallRows, tileColumns, span, add);
      }
    }
    if (tileColumns < columns) {
      const at = <usize>tileColumns << 2;
      matmulEdges(c + at, cStride, pa, aRow, aColumn, pb + at, bStride, rows, columns - tileColumns, span, add);
    }
    if (tileRows < rows && tileColumns) {
      matmulEdges(c + <usize>tileRows * cStride, cStride, pa + <usize>tileRows * aRow, aRow, aColumn, pb, bStride,
        rows - tileRows, tileColumns, span, add);
    }
    from += span;
  } while (from < inner);
}

// Tall tiles for an even part of `inner`, then what is left of it.
function tallBlock(
  c: usize, cStride: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bStride: usize,
  rows: i32, columns: i32, inner: i32, accumulate: i32,
): void {
  const even = inner & ~1;
  if (even) matmulTallTiles(c, cStride, a, aRow, aColumn, b, bStride, rows, columns, even, accumulate);
  if (even < inner) {
    matmulTiles(c, cStride, a + <usize>even * aColumn, aRow, aColumn, b + <usize>even * bStride, bStride, rows, columns, 1,
      accumulate | i32(even > 0));
  }
}
