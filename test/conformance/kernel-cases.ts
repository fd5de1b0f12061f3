/** One case per kernel and shape: odd sizes, zero lengths, tails, offsets and strides. */
import { CounterRandom } from '../../src/engine/counter-random.ts';
import type { AttentionShape, Kernels, Numbers } from '../../src/engine/kernels.ts';

/** Allocates an array of random numbers in [low, high), the same for every engine. */
export type Draw = (length: number, low?: number, high?: number) => Numbers;
/** Runs one kernel on freshly drawn arrays and returns what it may have written. */
export type Case = (k: Kernels, draw: Draw) => Record<string, Numbers | Int32Array | number | boolean>;

export function drawsFor(k: Kernels, seed: number): Draw {
  const random = new CounterRandom(seed, 1);
  random.start(0);
  return (length, low = -1, high = 1) => {
    const out = k.allocate(length);
    for (let i = 0; i < length; i++) out[i] = Math.fround(low + (high - low) * random.uniform());
    return out;
  };
}

const sizes = [
  [0, 8, 3],
  [1, 1, 1],
  [2, 16, 5],
  [3, 17, 4],
  [5, 24, 300],
  [7, 20, 9],
  [8, 33, 1],
  [64, 32, 64],
  [9, 16, 513],
] as const;

const attentionShapes: AttentionShape[] = [
  { heads: 1, headDim: 2, tokens: 1, firstQuery: 0, lanes: 8 },
  { heads: 3, headDim: 4, tokens: 5, firstQuery: 0, lanes: 16 },
  { heads: 2, headDim: 6, tokens: 5, firstQuery: 4, lanes: 8 },
  { heads: 2, headDim: 8, tokens: 17, firstQuery: 3, lanes: 24 },
];

function attentionSizes(s: AttentionShape) {
  return {
    features: s.heads * s.headDim,
    width: s.tokens * s.lanes,
    cells: s.heads * (s.tokens - s.firstQuery) * s.tokens * s.lanes,
  };
}

/** Attention weights that are 0 for keys after the query, as `causalSoftmax` leaves them. */
function causalWeights(draw: Draw, s: AttentionShape): Numbers {
  const weights = draw(attentionSizes(s).cells, 0, 1);
  const rows = s.tokens - s.firstQuery;
  for (let i = 0; i < weights.length; i++) {
    const key = Math.floor(i / s.lanes) % s.tokens;
    const query = s.firstQuery + (Math.floor(i / (s.lanes * s.tokens)) % rows);
    if (key > query) weights[i] = 0;
  }
  return weights;
}

export const cases: Record<string, Case> = {};

for (const [rows, columns, inner] of sizes) {
  for (const accumulate of [false, true]) {
    cases[`matmul ${rows} x ${columns} x ${inner}${accumulate ? ' +=' : ''}`] = (k, draw) => {
      const [stride, at] = [columns + 3, 5];
      const c = draw(at + rows * stride + 1);
      k.matmul(
        c,
        at,
        stride,
        draw(rows * inner + 2),
        2,
        inner,
        1,
        draw(inner * stride + 1),
        1,
        stride,
        rows,
        columns,
        inner,
        accumulate,
      );
      return { c };
    };
  }
  cases[`matmul of a transposed ${rows} x ${columns} x ${inner}`] = (k, draw) => {
    const c = k.allocate(rows * columns);
    k.matmul(
      c,
      0,
      columns,
      draw(inner * rows),
      0,
      1,
      rows,
      draw(inner * columns),
      0,
      columns,
      rows,
      columns,
      inner,
      false,
    );
    return { c };
  };
  cases[`transpose ${rows} x ${columns}`] = (k, draw) => {
    const out = draw(columns * (rows + 1) + 3);
    k.transpose(out, 3, rows + 1, draw(rows * (columns + 2)), 0, columns + 2, rows, columns);
    return { out };
  };
}

for (const [rows, columns] of [
  [0, 8],
  [1, 8],
  [3, 0],
  [5, 40],
  [64, 160],
] as const) {
  const stride = columns + 8;
  const matrix = (draw: Draw) => draw(rows * stride + 8);
  cases[`fillRows ${rows} x ${columns}`] = (k, draw) => {
    const x = matrix(draw);
    k.fillRows(x, 8, stride, draw(rows + 1), 1, rows, columns);
    return { x };
  };
  cases[`addRows ${rows} x ${columns}`] = (k, draw) => {
    const x = matrix(draw);
    k.addRows(x, 8, stride, draw(rows + 1), 1, rows, columns);
    return { x };
  };
  cases[`scaleColumns ${rows} x ${columns}`] = (k, draw) => {
    const x = matrix(draw);
    k.scaleColumns(x, 8, stride, draw(columns + 8), 8, rows, columns);
    return { x };
  };
  for (const accumulate of [false, true]) {
    const suffix = `${rows} x ${columns}${accumulate ? ' +=' : ''}`;
    cases[`rowSums ${suffix}`] = (k, draw) => {
      const out = draw(rows + 1);
      k.rowSums(out, 1, matrix(draw), 8, stride, rows, columns, accumulate);
      return { out };
    };
    cases[`addScaledColumns ${suffix}`] = (k, draw) => {
      const out = matrix(draw);
      k.addScaledColumns(
        out,
        8,
        stride,
        matrix(draw),
        0,
        stride,
        draw(columns),
        0,
        rows,
        columns,
        accumulate,
      );
      return { out };
    };
    cases[`addMatrix ${suffix}`] = (k, draw) => {
      const out = matrix(draw);
      k.addMatrix(out, 0, stride, matrix(draw), 8, stride, rows, columns, accumulate);
      return { out };
    };
  }
}

for (const [features, columns] of [
  [1, 8],
  [5, 8],
  [16, 40],
  [64, 160],
] as const) {
  const stride = columns + 8;
  cases[`layerNorm ${features} x ${columns}`] = (k, draw) => {
    const [out, mean, inverse] = [draw(features * stride), draw(columns), draw(columns)];
    k.layerNorm(
      out,
      8,
      stride,
      draw(features * stride, -3, 5),
      0,
      stride,
      draw(features),
      0,
      draw(features),
      0,
      mean,
      0,
      inverse,
      0,
      features,
      columns,
      1e-5,
    );
    return { out, mean, inverse };
  };
  for (const accumulate of [false, true]) {
    cases[`layerNormBackward ${features} x ${columns}${accumulate ? ' +=' : ''}`] = (k, draw) => {
      const [dx, dGain] = [draw(features * stride), draw(features)];
      const [dy, x, mean, inverse] = [
        draw(features * stride),
        draw(features * stride),
        draw(columns),
        draw(columns, 0.5, 2),
      ];
      k.layerNormBackward(
        dx,
        0,
        stride,
        dy,
        8,
        stride,
        x,
        0,
        stride,
        draw(features),
        0,
        mean,
        0,
        inverse,
        0,
        features,
        columns,
        accumulate,
      );
      k.layerNormGainGradient(dGain, 0, dy, 8, stride, x, 0, stride, mean, 0, inverse, 0, features, columns);
      return { dx, dGain };
    };
  }
}

for (const s of attentionShapes) {
  const { features, width, cells } = attentionSizes(s);
  const name = `${s.heads} heads, ${s.tokens} tokens from ${s.firstQuery}, ${s.lanes} lanes`;
  cases[`attention forward: ${name}`] = (k, draw) => {
    const qkv = draw(3 * features * width, -2, 2);
    const [scores, pattern, z] = [draw(cells), draw(cells), draw(features * width)];
    k.attentionScores(scores, 0, qkv, 0, qkv, features * width, width, s, 0.7);
    k.causalSoftmax(pattern, 0, scores, 0, s);
    k.attentionMix(z, 0, width, pattern, 0, qkv, 2 * features * width, width, s);
    return { scores, pattern, z };
  };
  cases[`attention backward: ${name}`] = (k, draw) => {
    const [pattern, dz, qkv] = [causalWeights(draw, s), draw(features * width), draw(3 * features * width)];
    const [dPattern, dScores, dQkv] = [draw(cells), draw(cells), draw(3 * features * width)];
    k.attentionPatternGradient(dPattern, 0, dz, 0, width, qkv, 2 * features * width, width, s);
    k.causalSoftmaxBackward(dScores, 0, dPattern, 0, pattern, 0, s);
    k.attentionQueryGradient(dQkv, 0, width, dScores, 0, qkv, features * width, width, s, 0.7);
    k.attentionKeyGradient(dQkv, features * width, width, dScores, 0, qkv, 0, width, s, 0.7);
    k.attentionKeyGradient(dQkv, 2 * features * width, width, pattern, 0, dz, 0, width, s, 1);
    k.causalSoftmaxBackward(dPattern, 0, dPattern, 0, pattern, 0, s);
    return { dPattern, dScores, dQkv };
  };
  for (const direction of [1, -1] as const) {
    cases[`rotate ${direction}: ${name}`] = (k, draw) => {
      const x = draw(features * width);
      k.rotate(x, 0, width, draw(s.tokens * s.headDim), 0, s, direction);
      return { x };
    };
  }
}

for (const length of [0, 8, 136]) {
  cases[`gelu ${length}`] = (k, draw) => {
    const [out, dx, x] = [draw(length), draw(length), draw(length, -8, 8)];
    k.gelu(out, 0, x, 0, length);
    k.geluBackward(dx, 0, draw(length), 0, x, 0, length);
    return { out, dx };
  };
  cases[`gelu of extremes ${length}`] = (k, draw) => {
    const extremes = [-1e30, -100, -20.5, -12, -10, 0, 10, 12, 20.5, 1e30];
    const [out, dx, x, one] = [draw(length), draw(length), draw(length), draw(length)];
    one.fill(1);
    for (let i = 0; i < length; i++) x[i] = Math.fround(extremes[i % extremes.length]);
    k.gelu(out, 0, x, 0, length);
    for (let i = 0; i < length; i++) out[i] /= Math.max(1, Math.abs(x[i]));
    k.geluBackward(dx, 0, one, 0, x, 0, length);
    return { out, dx };
  };
  cases[`scaledExp ${length}`] = (k, draw) => {
    const out = draw(length);
    k.scaledExp(out, 0, draw(length, -20, 0), 0, draw(length), 0, draw(length), 0, length);
    return { out };
  };
}

cases['gatherRows and scatterAddRows, a row twice'] = (k, draw) => {
  const [lanes, dim, stride] = [16, 7, 24];
  const indices = k.allocateIndices(lanes + 1);
  for (let i = 0; i <= lanes; i++) indices[i] = (i * 5) % 11;
  const [out, table] = [draw(dim * stride), draw(11 * dim)];
  k.gatherRows(out, 8, stride, table, 0, indices, 1, lanes, dim);
  k.scatterAddRows(table, 0, draw(dim * stride), 0, stride, indices, 1, lanes, dim);
  return { out, table };
};

for (const classes of [1, 40, 64]) {
  cases[`softmaxTile ${classes}, twice`] = (k, draw) => {
    const lanes = 24;
    const [x, y] = [draw(classes * lanes, -9, 9), draw(classes * lanes, -3, 3)];
    const [max, sum, rescale] = [k.allocate(lanes), k.allocate(lanes), k.allocate(lanes)];
    max.fill(-Infinity);
    const raised = k.softmaxTile(x, 0, classes, lanes, max, 0, sum, 0, rescale, 0);
    const again = k.softmaxTile(y, 0, classes, lanes, max, 0, sum, 0, rescale, 0);
    return { x, y, max, sum, rescale, raised, again };
  };
  cases[`argmaxTile ${classes}`] = (k, draw) => {
    const lanes = 24;
    const [best, index, x] = [k.allocate(lanes), k.allocateIndices(lanes), draw(classes * lanes)];
    best.fill(-Infinity);
    k.argmaxTile(best, 0, index, 0, x, 0, classes, lanes, 0);
    k.argmaxTile(best, 0, index, 0, draw(classes * lanes), 0, classes, lanes, classes);
    k.argmaxTile(best, 0, index, 0, x, 0, classes, lanes, 9 * classes);
    return { best, index };
  };
}

export const adamStep = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, stepSize: 0.01, secondCorrection: 3 };
for (const length of [0, 1, 7, 8, 29, 4096]) {
  cases[`adam ${length}`] = (k, draw) => {
    const [w, m, v] = [draw(length + 1), draw(length + 1), draw(length + 1, 0, 1)];
    const first = k.adam(w, 1, m, 1, v, 1, draw(length + 2), 2, length, 0, adamStep);
    const second = k.adam(w, 0, m, 0, v, 0, draw(length), 0, length, 0.3, adamStep);
    return { w, m, v, unsound: first + second };
  };
  cases[`adam with no gradient ${length}`] = (k, draw) => {
    const [w, m, v] = [draw(length + 1), draw(length + 1), draw(length + 1, 0, 1)];
    const decayed = k.adamZeroGradient(w, 1, m, 1, v, 1, length, 0.2, adamStep);
    const plain = k.adamZeroGradient(w, 0, m, 0, v, 0, length, 0, adamStep);
    return { w, m, v, unsound: decayed + plain };
  };
  cases[`sgd ${length}`] = (k, draw) => {
    const w = draw(length);
    const unsound = k.sgd(w, 0, draw(length), 0, length, 0.1, 0.01);
    return { w, unsound };
  };
  cases[`unsoundness ${length}`] = (k, draw) => ({ unsound: k.unsoundness(draw(length + 1), 1, length) });
  cases[`sumSquares ${length}`] = (k, draw) => ({ sum: k.sumSquares(draw(length + 1), 1, length) });
}
