/**
 * Starting weights, drawn in the order of the released code from JAX's generator, so that an init seed means here
 * what it means there (docs/specification.md, "Model").
 */
import { type JaxKey, prngKey, split, truncatedNormal, uniform } from '../engine/jax-random.ts';
import type { ModelShape } from './config.ts';
import { parameterSpecs } from './parameters.ts';

const { fround } = Math;
/** Standard deviation of a standard normal cut at +-2. */
const truncatedDeviation = fround(0.87962566103423978);
const labelDeviation = fround(0.02);

/** Every layer splits its key in two and draws its weight from the first half. */
function weightKey(layerKey: JaxKey): JaxKey {
  return split(layerKey)[0];
}

/** The layer key of every drawn tensor, by parameter name. */
function layerKeys(shape: ModelShape, initSeed: number): Map<string, JaxKey> {
  const [example, tables, blocks, unembed] = split(prngKey(initSeed), 4);
  const keys = new Map([
    ['exampleEmbed.weight', example],
    // One key for both tables, as released.
    ['labelEmbed.weight', tables],
    ['positionEmbed.weight', tables],
    ['unembed.weight', unembed],
  ]);
  const blockKeys = split(blocks, shape.depth + 3);
  for (let block = 0; block < shape.depth; block++) {
    const [attention, mlp] = split(blockKeys[block + 2]);
    const [qkv, proj] = split(attention);
    const [fc1, fc2] = split(mlp);
    keys.set(`blocks.${block}.attention.qkv.weight`, qkv);
    keys.set(`blocks.${block}.attention.proj.weight`, proj);
    keys.set(`blocks.${block}.mlp.fc1.weight`, fc1);
    keys.set(`blocks.${block}.mlp.fc2.weight`, fc2);
  }
  return keys;
}

/** Variance 1 / fanIn; `[out, in]`. */
function lecunNormal(key: JaxKey, size: number, fanIn: number): Float32Array {
  const deviation = fround(fround(Math.sqrt(fround(1 / fanIn))) / truncatedDeviation);
  return scaled(truncatedNormal(weightKey(key), size), deviation);
}

/** Drawn as `[columns, rows]`, returned as `[rows, columns]`. */
function transposed(drawn: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(drawn.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[row * columns + column] = drawn[column * rows + row];
  }
  return out;
}

function scaled(values: Float32Array, factor: number): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] *= factor;
  return values;
}

function startingValue(name: string, dims: readonly number[], key: JaxKey | undefined): Float32Array {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (name === 'labelEmbed.weight' && key) {
    return transposed(scaled(truncatedNormal(weightKey(key), size), labelDeviation), dims[0], dims[1]);
  }
  if (name === 'positionEmbed.weight' && key) {
    const bound = fround(1 / Math.sqrt(dims[0]));
    return transposed(uniform(weightKey(key), size, -bound, bound), dims[0], dims[1]);
  }
  if (key) return lecunNormal(key, size, dims[1]);
  return new Float32Array(size).fill(name.endsWith('.weight') ? 1 : 0); // LayerNorm weights; biases
}

/**
 * Starting values of every parameter, in the order of `parameterSpecs`: `lecun_normal` matrices, a label table of
 * deviation .02, a position table uniform within 1 / sqrt(rows), biases 0, LayerNorm 1 and 0. `initScale` multiplies
 * every matrix and table.
 */
export function initialiseParameters(shape: ModelShape, initSeed: number): Map<string, Float32Array> {
  const keys = layerKeys(shape, initSeed);
  const parameters = new Map<string, Float32Array>();
  for (const { name, shape: dims } of parameterSpecs(shape)) {
    const key = keys.get(name);
    const values = startingValue(name, dims, key);
    parameters.set(name, key && shape.initScale !== 1 ? scaled(values, shape.initScale) : values);
  }
  return parameters;
}
