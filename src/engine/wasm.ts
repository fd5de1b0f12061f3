/**
 * The fast kernels: AssemblyScript SIMD (assembly/) behind the interface of `kernels.ts`. Arrays are views of one
 * shared WebAssembly memory, which may grow without detaching them and which worker threads will share.
 */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import type { AdamStep, AttentionShape, Kernels, Numbers } from './kernels.ts';

/** What assembly/index.ts exports: pointers and strides are bytes. */
interface KernelExports {
  readonly [name: string]: (...values: number[]) => number;
}

const pageBytes = 65536;
const maximumPages = 65536;
/** The first page belongs to the compiled module's own constants. */
const firstFreeByte = pageBytes;

/** Memory and compiled kernels, before they are wrapped: what a worker thread needs to join in. */
export interface WasmEngine {
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
}

/** Instantiates compiled kernels on a new shared memory. @throws LabError when the machine refuses the memory. */
export function createWasmEngine(module: WebAssembly.Module): WasmEngine {
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: 2, maximum: maximumPages, shared: true });
  } catch (error) {
    throw new LabError(
      'engine: WebAssembly shared memory is refused here; raise the limit on virtual memory (ulimit -v) to 12 GiB or more',
      exitCodes.crash,
      { cause: error },
    );
  }
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, exports: instance.exports as unknown as KernelExports };
}

/** The fast engine, on a memory of its own. */
export function createWasmKernels(module: WebAssembly.Module): Kernels {
  return new WasmKernels(createWasmEngine(module));
}

class WasmKernels implements Kernels {
  readonly name = 'wasm';
  readonly precision = 'float32';
  readonly #memory: WebAssembly.Memory;
  readonly #k: KernelExports;
  #next = firstFreeByte;

  constructor(engine: WasmEngine) {
    this.#memory = engine.memory;
    this.#k = engine.exports;
  }

  #reserve(bytes: number): number {
    const at = this.#next;
    const end = at + Math.ceil(bytes / 64) * 64;
    const missing = Math.ceil((end - this.#memory.buffer.byteLength) / pageBytes);
    if (missing > 0) {
      try {
        this.#memory.grow(missing);
      } catch (error) {
        const total = Math.ceil(end / 2 ** 20);
        throw new LabError(
          `engine: out of memory at ${total} MiB; lower batchSize, labels or depth`,
          exitCodes.crash,
          { cause: error },
        );
      }
    }
    this.#next = end;
    return at;
  }

  allocate(length: number): Float32Array {
    // Reserve first: growing makes a new, longer buffer over the same memory.
    const at = this.#reserve(length * 4);
    return new Float32Array(this.#memory.buffer, at, length);
  }

  allocateIndices(length: number): Int32Array {
    const at = this.#reserve(length * 4);
    return new Int32Array(this.#memory.buffer, at, length);
  }

  matmul(
    c: Numbers,
    cAt: number,
    cStride: number,
    a: Numbers,
    aAt: number,
    aRow: number,
    aColumn: number,
    b: Numbers,
    bAt: number,
    bStride: number,
    rows: number,
    columns: number,
    inner: number,
    accumulate: boolean,
  ): void {
    this.#k.matmul(
      c.byteOffset + cAt * 4,
      cStride * 4,
      a.byteOffset + aAt * 4,
      aRow * 4,
      aColumn * 4,
      b.byteOffset + bAt * 4,
      bStride * 4,
      rows,
      columns,
      inner,
      accumulate ? 1 : 0,
    );
  }

  transpose(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
  ): void {
    this.#k.transpose(
      out.byteOffset + outAt * 4,
      outStride * 4,
      x.byteOffset + xAt * 4,
      xStride * 4,
      rows,
      columns,
    );
  }

  fillRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void {
    this.#k.fillRows(x.byteOffset + xAt * 4, xStride * 4, bias.byteOffset + biasAt * 4, rows, columns);
  }

  addRows(
    x: Numbers,
    xAt: number,
    xStride: number,
    bias: Numbers,
    biasAt: number,
    rows: number,
    columns: number,
  ): void {
    this.#k.addRows(x.byteOffset + xAt * 4, xStride * 4, bias.byteOffset + biasAt * 4, rows, columns);
  }

  rowSums(
    out: Numbers,
    outAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void {
    this.#k.rowSums(
      out.byteOffset + outAt * 4,
      x.byteOffset + xAt * 4,
      xStride * 4,
      rows,
      columns,
      accumulate ? 1 : 0,
    );
  }

  scaleColumns(
    x: Numbers,
    xAt: number,
    xStride: number,
    factor: Numbers,
    factorAt: number,
    rows: number,
    columns: number,
  ): void {
    this.#k.scaleColumns(
      x.byteOffset + xAt * 4,
      xStride * 4,
      factor.byteOffset + factorAt * 4,
      rows,
      columns,
    );
  }

  addScaledColumns(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    factor: Numbers,
    factorAt: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void {
    this.#k.addScaledColumns(
      out.byteOffset + outAt * 4,
      outStride * 4,
      x.byteOffset + xAt * 4,
      xStride * 4,
      factor.byteOffset + factorAt * 4,
      rows,
      columns,
      accumulate ? 1 : 0,
    );
  }

  addMatrix(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    rows: number,
    columns: number,
    accumulate: boolean,
  ): void {
    this.#k.addMatrix(
      out.byteOffset + outAt * 4,
      outStride * 4,
      x.byteOffset + xAt * 4,
      xStride * 4,
      rows,
      columns,
      accumulate ? 1 : 0,
    );
  }

  layerNorm(
    out: Numbers,
    outAt: number,
    outStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    gain: Numbers,
    gainAt: number,
    bias: Numbers,
    biasAt: number,
    mean: Numbers,
    meanAt: number,
    inverseDeviation: Numbers,
    inverseDeviationAt: number,
    features: number,
    columns: number,
    epsilon: number,
  ): void {
    this.#k.layerNorm(
      out.byteOffset + outAt * 4,
      outStride * 4,
      x.byteOffset + xAt * 4,
      xStride * 4,
      gain.byteOffset + gainAt * 4,
      bias.byteOffset + biasAt * 4,
      mean.byteOffset + meanAt * 4,
      inverseDeviation.byteOffset + inverseDeviationAt * 4,
      features,
      columns,
      epsilon,
    );
  }

  layerNormBackward(
    dx: Numbers,
    dxAt: number,
    dxStride: number,
    dy: Numbers,
    dyAt: number,
    dyStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    gain: Numbers,
    gainAt: number,
    mean: Numbers,
    meanAt: number,
    inverseDeviation: Numbers,
    inverseDeviationAt: number,
    features: number,
    columns: number,
    accumulate: boolean,
  ): void {
    this.#k.layerNormBackward(
      dx.byteOffset + dxAt * 4,
      dxStride * 4,
      dy.byteOffset + dyAt * 4,
      dyStride * 4,
      x.byteOffset + xAt * 4,
      xStride * 4,
      gain.byteOffset + gainAt * 4,
      mean.byteOffset + meanAt * 4,
      inverseDeviation.byteOffset + inverseDeviationAt * 4,
      features,
      columns,
      accumulate ? 1 : 0,
    );
  }

  layerNormGainGradient(
    dGain: Numbers,
    dGainAt: number,
    dy: Numbers,
    dyAt: number,
    dyStride: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    mean: Numbers,
    meanAt: number,
    inverseDeviation: Numbers,
    inverseDeviationAt: number,
    features: number,
    columns: number,
  ): void {
    this.#k.layerNormGainGradient(
      dGain.byteOffset + dGainAt * 4,
      dy.byteOffset + dyAt * 4,
      dyStride * 4,
      x.byteOffset + xAt * 4,
      xStride * 4,
      mean.byteOffset + meanAt * 4,
      inverseDeviation.byteOffset + inverseDeviationAt * 4,
      features,
      columns,
    );
  }

  attentionScores(
    scores: Numbers,
    scoresAt: number,
    q: Numbers,
    qAt: number,
    k: Numbers,
    kAt: number,
    stride: number,
    s: AttentionShape,
    scale: number,
  ): void {
    this.#k.attentionScores(
      scores.byteOffset + scoresAt * 4,
      q.byteOffset + qAt * 4,
      k.byteOffset + kAt * 4,
      stride * 4,
      s.heads,
      s.headDim,
      s.tokens,
      s.firstQuery,
      s.lanes,
      scale,
    );
  }

  causalSoftmax(
    pattern: Numbers,
    patternAt: number,
    scores: Numbers,
    scoresAt: number,
    s: AttentionShape,
  ): void {
    this.#k.causalSoftmax(
      pattern.byteOffset + patternAt * 4,
      scores.byteOffset + scoresAt * 4,
      s.heads,
      s.tokens,
      s.firstQuery,
      s.lanes,
    );
  }

  attentionMix(
    z: Numbers,
    zAt: number,
    zStride: number,
    pattern: Numbers,
    patternAt: number,
    v: Numbers,
    vAt: number,
    vStride: number,
    s: AttentionShape,
  ): void {
    this.#k.attentionMix(
      z.byteOffset + zAt * 4,
      zStride * 4,
      pattern.byteOffset + patternAt * 4,
      v.byteOffset + vAt * 4,
      vStride * 4,
      s.heads,
      s.headDim,
      s.tokens,
      s.firstQuery,
      s.lanes,
    );
  }

  attentionPatternGradient(
    dPattern: Numbers,
    dPatternAt: number,
    dz: Numbers,
    dzAt: number,
    dzStride: number,
    v: Numbers,
    vAt: number,
    vStride: number,
    s: AttentionShape,
  ): void {
    this.#k.attentionPatternGradient(
      dPattern.byteOffset + dPatternAt * 4,
      dz.byteOffset + dzAt * 4,
      dzStride * 4,
      v.byteOffset + vAt * 4,
      vStride * 4,
      s.heads,
      s.headDim,
      s.tokens,
      s.firstQuery,
      s.lanes,
    );
  }

  causalSoftmaxBackward(
    dScores: Numbers,
    dScoresAt: number,
    dPattern: Numbers,
    dPatternAt: number,
    pattern: Numbers,
    patternAt: number,
    s: AttentionShape,
  ): void {
    this.#k.causalSoftmaxBackward(
      dScores.byteOffset + dScoresAt * 4,
      dPattern.byteOffset + dPatternAt * 4,
      pattern.byteOffset + patternAt * 4,
      s.heads,
      s.tokens,
      s.firstQuery,
      s.lanes,
    );
  }

  attentionQueryGradient(
    dq: Numbers,
    dqAt: number,
    dqStride: number,
    dScores: Numbers,
    dScoresAt: number,
    k: Numbers,
    kAt: number,
    kStride: number,
    s: AttentionShape,
    scale: number,
  ): void {
    this.#k.attentionQueryGradient(
      dq.byteOffset + dqAt * 4,
      dqStride * 4,
      dScores.byteOffset + dScoresAt * 4,
      k.byteOffset + kAt * 4,
      kStride * 4,
      s.heads,
      s.headDim,
      s.tokens,
      s.firstQuery,
      s.lanes,
      scale,
    );
  }

  attentionKeyGradient(
    out: Numbers,
    outAt: number,
    outStride: number,
    weights: Numbers,
    weightsAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    s: AttentionShape,
    scale: number,
  ): void {
    this.#k.attentionKeyGradient(
      out.byteOffset + outAt * 4,
      outStride * 4,
      weights.byteOffset + weightsAt * 4,
      x.byteOffset + xAt * 4,
      xStride * 4,
      s.heads,
      s.headDim,
      s.tokens,
      s.firstQuery,
      s.lanes,
      scale,
    );
  }

  rotate(
    x: Numbers,
    xAt: number,
    xStride: number,
    table: Numbers,
    tableAt: number,
    s: AttentionShape,
    direction: 1 | -1,
  ): void {
    this.#k.rotate(
      x.byteOffset + xAt * 4,
      xStride * 4,
      table.byteOffset + tableAt * 4,
      s.heads,
      s.headDim,
      s.tokens,
      s.firstQuery,
      s.lanes,
      direction,
    );
  }

  gelu(out: Numbers, outAt: number, x: Numbers, xAt: number, length: number): void {
    this.#k.gelu(out.byteOffset + outAt * 4, x.byteOffset + xAt * 4, length);
  }

  geluBackward(
    dx: Numbers,
    dxAt: number,
    dy: Numbers,
    dyAt: number,
    x: Numbers,
    xAt: number,
    length: number,
  ): void {
    this.#k.geluBackward(dx.byteOffset + dxAt * 4, dy.byteOffset + dyAt * 4, x.byteOffset + xAt * 4, length);
  }

  gatherRows(
    out: Numbers,
    outAt: number,
    outStride: number,
    table: Numbers,
    tableAt: number,
    indices: Int32Array,
    indicesAt: number,
    lanes: number,
    dim: number,
  ): void {
    this.#k.gatherRows(
      out.byteOffset + outAt * 4,
      outStride * 4,
      table.byteOffset + tableAt * 4,
      indices.byteOffset + indicesAt * 4,
      lanes,
      dim,
    );
  }

  scatterAddRows(
    table: Numbers,
    tableAt: number,
    x: Numbers,
    xAt: number,
    xStride: number,
    indices: Int32Array,
    indicesAt: number,
    lanes: number,
    dim: number,
  ): void {
    this.#k.scatterAddRows(
      table.byteOffset + tableAt * 4,
      x.byteOffset + xAt * 4,
      xStride * 4,
      indices.byteOffset + indicesAt * 4,
      lanes,
      dim,
    );
  }

  softmaxTile(
    x: Numbers,
    xAt: number,
    classes: number,
    lanes: number,
    max: Numbers,
    maxAt: number,
    sum: Numbers,
    sumAt: number,
    rescale: Numbers,
    rescaleAt: number,
  ): boolean {
    return (
      this.#k.softmaxTile(
        x.byteOffset + xAt * 4,
        classes,
        lanes,
        max.byteOffset + maxAt * 4,
        sum.byteOffset + sumAt * 4,
        rescale.byteOffset + rescaleAt * 4,
      ) !== 0
    );
  }

  scaledExp(
    out: Numbers,
    outAt: number,
    x: Numbers,
    xAt: number,
    shift: Numbers,
    shiftAt: number,
    factor: Numbers,
    factorAt: number,
    length: number,
  ): void {
    this.#k.scaledExp(
      out.byteOffset + outAt * 4,
      x.byteOffset + xAt * 4,
      shift.byteOffset + shiftAt * 4,
      factor.byteOffset + factorAt * 4,
      length,
    );
  }

  argmaxTile(
    bestValue: Numbers,
    bestValueAt: number,
    bestIndex: Int32Array,
    bestIndexAt: number,
    x: Numbers,
    xAt: number,
    classes: number,
    lanes: number,
    base: number,
  ): void {
    this.#k.argmaxTile(
      bestValue.byteOffset + bestValueAt * 4,
      bestIndex.byteOffset + bestIndexAt * 4,
      x.byteOffset + xAt * 4,
      classes,
      lanes,
      base,
    );
  }

  adam(
    w: Numbers,
    wAt: number,
    m: Numbers,
    mAt: number,
    v: Numbers,
    vAt: number,
    gradient: Numbers,
    gradientAt: number,
    length: number,
    decay: number,
    s: AdamStep,
  ): void {
    this.#k.adam(
      w.byteOffset + wAt * 4,
      m.byteOffset + mAt * 4,
      v.byteOffset + vAt * 4,
      gradient.byteOffset + gradientAt * 4,
      length,
      decay,
      s.beta1,
      1 - s.beta1,
      s.beta2,
      1 - s.beta2,
      s.stepSize,
      s.secondCorrection,
      s.epsilon,
    );
  }

  adamZeroGradient(
    w: Numbers,
    wAt: number,
    m: Numbers,
    mAt: number,
    v: Numbers,
    vAt: number,
    length: number,
    decay: number,
    s: AdamStep,
  ): void {
    this.#k.adamZeroGradient(
      w.byteOffset + wAt * 4,
      m.byteOffset + mAt * 4,
      v.byteOffset + vAt * 4,
      length,
      decay,
      s.beta1,
      1 - s.beta1,
      s.beta2,
      1 - s.beta2,
      s.stepSize,
      s.secondCorrection,
      s.epsilon,
    );
  }

  sgd(
    w: Numbers,
    wAt: number,
    gradient: Numbers,
    gradientAt: number,
    length: number,
    decay: number,
    rate: number,
  ): void {
    this.#k.sgd(w.byteOffset + wAt * 4, gradient.byteOffset + gradientAt * 4, length, decay, rate);
  }

  sumSquares(x: Numbers, xAt: number, length: number): number {
    return this.#k.sumSquares(x.byteOffset + xAt * 4, length);
  }
}
