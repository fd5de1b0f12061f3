/**
 * The transformer once more, written down plainly for one sequence in float64, with every site open to a hook: what the
 * tests of interventions hold the engine to.
 */
import { cos, exp, log, pow, sin } from '../engine/elementary.ts';
import type { ModelShape } from '../model/config.ts';
import { sinusoidalPositions } from '../model/positions.ts';

/** Weights by name. */
export type Weights = ReadonlyMap<string, ArrayLike<number>>;

/** Exemplars `[sequence][place][feature]`, context labels and the query's label, which stands in the context once. */
export interface PlainSequence {
  readonly examples: readonly (readonly number[])[];
  readonly contextLabels: readonly number[];
  readonly target: number;
}

/** An activation of one sequence: `[heads, or 1][places, or 1][columns]`. */
export type Plain = number[][][];
export type Hook = (site: string, value: Plain) => void;

/** The transformer for one sequence, its sites in order to a hook, which may change them. @returns the logits */
export function plainForward(
  weights: Weights,
  shape: ModelShape,
  sequence: PlainSequence,
  hook: Hook,
): number[] {
  const { dModel, heads, depth, contextPairs, exampleDim, labels, mlpRatio } = shape;
  const tokens = 2 * contextPairs + 1;
  const headDim = dModel / heads;
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const at = (name: string) => weights.get(name)!;
  const seen = (site: string, value: Plain) => {
    hook(site, value);
    return value;
  };
  const row = (name: string, r: number, size: number) => range(size).map((i) => at(name)[r * size + i]);
  /** Rows `first .. first + count` of a matrix times a vector. */
  const times = (name: string, x: readonly number[], first: number, count: number) =>
    range(count).map((r) =>
      x.reduce((sum, value, i) => sum + at(name)[(first + r) * x.length + i] * value, 0),
    );
  const plus = (a: readonly number[], b: ArrayLike<number>) => a.map((value, i) => value + b[i]);
  const norm = (name: string, x: readonly number[]) => {
    if (!shape.norm) return [...x];
    const mean = x.reduce((a, b) => a + b) / dModel;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / dModel;
    return x.map(
      (value, i) =>
        ((value - mean) / Math.sqrt(variance + 1e-5)) * at(`${name}.weight`)[i] + at(`${name}.bias`)[i],
    );
  };
  const gelu = (x: number) => x / (1 + exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

  const [token] = seen('embedding.token', [
    range(tokens).map((t) =>
      t % 2 === 0
        ? plus(times('exampleEmbed.weight', sequence.examples[t / 2], 0, dModel), at('exampleEmbed.bias'))
        : row('labelEmbed.weight', sequence.contextLabels[(t - 1) / 2], dModel),
    ),
  ]);
  if (sequence.examples[0].length !== exampleDim) throw new Error('another exampleDim');
  let x = token.map((vector) => [...vector]);
  if (shape.position !== 'rope') {
    const sinusoids = sinusoidalPositions(tokens, dModel, shape.positionTime);
    const [position] = seen('embedding.position', [
      range(tokens).map((t) =>
        shape.position === 'learned'
          ? row('positionEmbed.weight', t, dModel)
          : range(dModel).map((i) => sinusoids[t * dModel + i]),
      ),
    ]);
    x = x.map((vector, t) => plus(vector, position[t]));
  }
  [x] = seen('embedding', [x]);
  for (const block of range(depth)) {
    const name = `blocks.${block}`;
    let normed = x.map((vector) => norm(`${name}.norm1`, vector));
    if (shape.norm) [normed] = seen(`${name}.norm1`, [normed]);
    const [q, k, v] = ['q', 'k', 'v'].map((part, third) => {
      const all = normed.map((vector) =>
        times(`${name}.attention.qkv.weight`, vector, third * dModel, dModel),
      );
      const perHead = range(heads).map((h) =>
        all.map((vector, t) => {
          const own = vector.slice(h * headDim, (h + 1) * headDim);
          return shape.position === 'rope' && part !== 'v' ? rotated(own, t, shape.positionTime) : own;
        }),
      );
      return seen(`${name}.attention.${part}`, perHead);
    });
    const scores = seen(
      `${name}.attention.scores`,
      q.map((queries, h) =>
        queries.map((query, i) =>
          k[h].map((key, j) =>
            j > i ? -Infinity : query.reduce((sum, value, d) => sum + value * key[d], 0) / Math.sqrt(headDim),
          ),
        ),
      ),
    );
    const pattern = seen(
      `${name}.attention.pattern`,
      scores.map((rows) =>
        rows.map((entries) => {
          const most = Math.max(...entries);
          const weightsOfKeys = entries.map((score) => exp(score - most));
          const sum = weightsOfKeys.reduce((a, b) => a + b);
          return weightsOfKeys.map((value) => value / sum);
        }),
      ),
    );
    const z = seen(
      `${name}.attention.z`,
      pattern.map((rows, h) =>
        rows.map((entries) =>
          range(headDim).map((d) => entries.reduce((sum, weight, j) => sum + weight * v[h][j][d], 0)),
        ),
      ),
    );
    const [out] = seen(`${name}.attention.out`, [
      range(tokens).map((t) =>
        times(
          `${name}.attention.proj.weight`,
          z.flatMap((rows) => rows[t]),
          0,
          dModel,
        ),
      ),
    ]);
    [x] = seen(`${name}.residualMid`, [x.map((vector, t) => plus(vector, out[t]))]);
    if (mlpRatio > 0) {
      let into = x.map((vector) => norm(`${name}.norm2`, vector));
      if (shape.norm) [into] = seen(`${name}.norm2`, [into]);
      const [pre] = seen(`${name}.mlp.pre`, [
        into.map((vector) =>
          plus(times(`${name}.mlp.fc1.weight`, vector, 0, mlpRatio * dModel), at(`${name}.mlp.fc1.bias`)),
        ),
      ]);
      const [post] = seen(`${name}.mlp.post`, [pre.map((vector) => vector.map(gelu))]);
      const [mlpOut] = seen(`${name}.mlp.out`, [
        post.map((vector) =>
          plus(times(`${name}.mlp.fc2.weight`, vector, 0, dModel), at(`${name}.mlp.fc2.bias`)),
        ),
      ]);
      x = x.map((vector, t) => plus(vector, mlpOut[t]));
    }
    [x] = seen(`${name}.residual`, [x]);
  }
  let hidden = x.map((vector) => norm('norm', vector));
  if (shape.norm) [hidden] = seen('norm', [hidden]);
  const [[logits]] = seen('logits', [
    [plus(times('unembed.weight', hidden[tokens - 1], 0, labels), at('unembed.bias'))],
  ]);
  return logits;
}

function rotated(vector: readonly number[], place: number, time: number): number[] {
  const turned = [...vector];
  for (let pair = 0; pair < vector.length / 2; pair++) {
    const angle = place / pow(time, (2 * pair) / vector.length);
    const [a, b] = [vector[2 * pair], vector[2 * pair + 1]];
    turned[2 * pair] = a * cos(angle) - b * sin(angle);
    turned[2 * pair + 1] = a * sin(angle) + b * cos(angle);
  }
  return turned;
}

/** Mean cross-entropy of the sequences' logits, in nats. */
export function plainLoss(
  logits: readonly (readonly number[])[],
  sequences: readonly PlainSequence[],
): number {
  const losses = logits.map((own, i) => {
    const most = Math.max(...own);
    return most - own[sequences[i].target] + log(own.reduce((sum, logit) => sum + exp(logit - most), 0));
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}
