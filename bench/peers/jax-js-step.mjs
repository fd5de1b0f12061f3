/**
 * The step in jax-js, on its WebAssembly backend: label rows gathered, the last block and the unembedding at the query
 * only, gradient and Adam under one `jit`. Same protocol as protocol.py. Node gives it one core: its threads need the
 * Worker of browsers.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { readSafetensors } from '../../src/formats/safetensors.ts';

const file = process.argv[2];
const { tensors, metadata } = readSafetensors(readFileSync(file), file);
const model = JSON.parse(metadata.get('model'));
const adam = JSON.parse(metadata.get('adam'));
await init('wasm');
defaultDevice('wasm');

const arrayOf = ({ data, shape }) =>
  np.array(data, { shape: [...shape], dtype: data instanceof Int32Array ? np.int32 : np.float32 });
const weights = Object.fromEntries(
  [...tensors]
    .filter(([name]) => name.startsWith('w.'))
    .map(([name, tensor]) => [name.slice(2), arrayOf(tensor)]),
);
const tokens = 2 * model.contextPairs + 1;
const headDim = model.dModel / model.heads;

function sinusoidal() {
  const table = new Float32Array(tokens * model.dModel);
  for (let i = 0; i < table.length; i++) {
    const feature = i % model.dModel;
    const angle =
      Math.floor(i / model.dModel) / model.positionTime ** ((2 * Math.floor(feature / 2)) / model.dModel);
    table[i] = feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  }
  return np.array(table, { shape: [tokens, model.dModel] });
}

/** `x` times a matrix `[out, in]`. */
const linear = (w, name, x) => np.matmul(x, w[name].ref.transpose());

function norm(w, name, x) {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(w[`${name}.weight`].ref)
    .add(w[`${name}.bias`].ref);
}

function attention(w, block, x, queryOnly) {
  const [batch] = x.shape;
  const y = norm(w, `${block}.norm1`, x.ref);
  const weight = w[`${block}.attention.qkv.weight`];
  const d = model.dModel;
  const project = (input, from) =>
    np
      .matmul(input, weight.ref.slice([from, from + d]).transpose())
      .reshape([batch, -1, model.heads, headDim])
      .transpose([0, 2, 1, 3]);
  const q = project(queryOnly ? y.ref.slice([], [tokens - 1, tokens]) : y.ref, 0);
  const k = project(y.ref, d);
  const v = project(y, 2 * d);
  let scores = np.matmul(q, k.transpose([0, 1, 3, 2])).div(Math.sqrt(headDim));
  if (!queryOnly) scores = np.where(np.tri(tokens, tokens, 0, { dtype: np.bool }), scores, -1e30);
  const z = np.matmul(nn.softmax(scores, -1), v).transpose([0, 2, 1, 3]).reshape([batch, -1, d]);
  const rest = queryOnly ? x.slice([], [tokens - 1, tokens]) : x;
  return rest.add(linear(w, `${block}.attention.proj.weight`, z));
}

function mlp(w, block, x) {
  const pre = linear(w, `${block}.mlp.fc1.weight`, norm(w, `${block}.norm2`, x.ref));
  const post = nn.gelu(pre.add(w[`${block}.mlp.fc1.bias`].ref), { approximate: true });
  return x.add(linear(w, `${block}.mlp.fc2.weight`, post)).add(w[`${block}.mlp.fc2.bias`].ref);
}

function lossOf(w, examples, labels, targets) {
  const [batch, places] = examples.shape;
  const d = model.dModel;
  const shown = linear(w, 'exampleEmbed.weight', examples).add(w['exampleEmbed.bias'].ref);
  // The gradient of a gather must come from arithmetic, or this version's jit refuses it: hence the two signs.
  const told = np.negative(np.negative(w['labelEmbed.weight'].ref.slice(labels)));
  const pairs = np.stack([shown.ref.slice([], [0, places - 1]), told], 2).reshape([batch, tokens - 1, d]);
  let x = np.concatenate([pairs, shown.slice([], [places - 1, places])], 1);
  const positions = w['positionEmbed.weight']?.ref.slice([0, tokens]) ?? sinusoidal();
  x = x.add(positions);
  for (let layer = 0; layer < model.depth; layer++) {
    x = attention(w, `blocks.${layer}`, x, layer === model.depth - 1);
    if (model.mlpRatio > 0) x = mlp(w, `blocks.${layer}`, x);
  }
  const hidden = norm(w, 'norm', x.reshape([batch, d]));
  const logits = linear(w, 'unembed.weight', hidden).add(w['unembed.bias'].ref);
  const right = np.sum(logits.ref.mul(nn.oneHot(targets, model.labels)), -1);
  const loss = np.mean(nn.logsumexp(logits, -1).sub(right));
  tree.dispose(w);
  return loss;
}

/** `scale`: 1 / (1 - beta1^t) and 1 / (1 - beta2^t). */
function stepOf(w, m, v, examples, labels, targets, scale) {
  const [loss, gradient] = valueAndGrad(lossOf)(tree.ref(w), examples, labels, targets);
  const [first, second] = [scale.ref.slice(0), scale.slice(1)];
  const [newW, newM, newV] = [{}, {}, {}];
  for (const name of Object.keys(w)) {
    const g = gradient[name];
    newM[name] = m[name].mul(adam.beta1).add(g.ref.mul(1 - adam.beta1));
    newV[name] = v[name].mul(adam.beta2).add(np.square(g).mul(1 - adam.beta2));
    const root = np.sqrt(newV[name].ref.mul(second.ref)).add(adam.epsilon);
    newW[name] = w[name].sub(newM[name].ref.mul(first.ref).mul(adam.rate).div(root));
  }
  first.dispose();
  second.dispose();
  return [newW, newM, newV, loss];
}

const step = jit(stepOf);
const parts = ['examples', 'labels', 'targets'].map((part) => tensors.get(`batch.${part}`));
const steps = parts[2].shape[0];
const batches = Array.from({ length: steps }, (_, index) =>
  parts.map(({ shape, data }) => {
    const size = data.length / steps;
    return arrayOf({ shape: shape.slice(1), data: data.slice(index * size, (index + 1) * size) });
  }),
);
const zeros = () =>
  Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, np.zeros(shape)]));
let state = [weights, zeros(), zeros()];
let count = 0;

async function pass() {
  const losses = [];
  for (const batch of batches) {
    count++;
    const scale = np.array(new Float32Array([1 / (1 - adam.beta1 ** count), 1 / (1 - adam.beta2 ** count)]));
    const [w, m, v, loss] = step(...state, ...batch.map((part) => part.ref), scale);
    state = [w, m, v];
    losses.push((await loss.data())[0]);
  }
  return losses;
}

const say = (answer) => console.log(JSON.stringify(answer));
const losses = await pass();
const multiply = jit((a) => np.matmul(a.ref, a));
const square = np.ones([512, 512]);

/** Best of some products. */
async function gemmGflops() {
  let best = Infinity;
  for (let tries = 0; tries < 6; tries++) {
    const start = performance.now();
    const product = multiply(square.ref);
    await product.blockUntilReady();
    best = Math.min(best, performance.now() - start);
    product.dispose();
  }
  return (2 * 512 ** 3) / best / 1e6;
}

const { version } = JSON.parse(
  readFileSync(new URL('./node_modules/@jax-js/jax/package.json', import.meta.url), 'utf8'),
);
say({ version: `jax-js ${version}`, losses });
for await (const line of createInterface({ input: process.stdin })) {
  const stepMs = [];
  for (let i = 0; i < Number(line); i++) {
    const start = performance.now();
    await pass();
    stepMs.push((performance.now() - start) / steps);
  }
  say({ stepMs, gemmGflops: await gemmGflops() });
}
