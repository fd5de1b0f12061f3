/**
 * The one table of a model's parameters: names, shapes and order. Checkpoints, golden files, optimizers and the
 * initialiser all walk this list. Matrices are `[out, in]`; `attention.qkv.weight` rows are q, then k, then v, each
 * head by head.
 */
import type { ModelShape } from './config.ts';

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly size: number;
}

/** Every parameter of a model, in the fixed order used everywhere. */
export function parameterSpecs(shape: ModelShape): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  const add = (name: string, ...dims: number[]) =>
    specs.push({ name, shape: dims, size: dims.reduce((product, dim) => product * dim, 1) });
  const { dModel, labels } = shape;
  const norm = (name: string) => {
    if (!shape.norm) return;
    add(`${name}.weight`, dModel);
    add(`${name}.bias`, dModel);
  };
  add('exampleEmbed.weight', dModel, shape.exampleDim);
  add('exampleEmbed.bias', dModel);
  add('labelEmbed.weight', labels, dModel);
  if (shape.position === 'learned') add('positionEmbed.weight', shape.maxPositions, dModel);
  for (let block = 0; block < shape.depth; block++) {
    norm(`blocks.${block}.norm1`);
    add(`blocks.${block}.attention.qkv.weight`, 3 * dModel, dModel);
    add(`blocks.${block}.attention.proj.weight`, dModel, dModel);
    if (shape.mlpRatio > 0) {
      const hidden = shape.mlpRatio * dModel;
      norm(`blocks.${block}.norm2`);
      add(`blocks.${block}.mlp.fc1.weight`, hidden, dModel);
      add(`blocks.${block}.mlp.fc1.bias`, hidden);
      add(`blocks.${block}.mlp.fc2.weight`, dModel, hidden);
      add(`blocks.${block}.mlp.fc2.bias`, dModel);
    }
  }
  norm('norm');
  add('unembed.weight', labels, dModel);
  add('unembed.bias', labels);
  return specs;
}

/** Total number of trained numbers: 1,719,232 for the paper's model. */
export function parameterCount(shape: ModelShape): number {
  return parameterSpecs(shape).reduce((sum, spec) => sum + spec.size, 0);
}
