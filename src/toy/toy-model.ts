/**
 * What a toy model of strategy racing is (Coopetition, section 6 and appendix D; docs/toy.md): vectors with targets,
 * mechanisms that are tensor products of them, and a price on using two of them together.
 *
 *   M_k = 1/2 mean((x*_1 o .. o x*_m - x_1 o .. o x_m)^2)           over the vectors of mechanism k
 *   C_c = 1/2 mean((x_1 o .. o x_m)^2)                               over those of competition c
 *   L   = prod_k (M_k + offset_k) + sum_c strength_c C_c
 */
import { LabError } from '../errors/lab-error.ts';

export interface ToyVector {
  readonly name: string;
  /** Number of entries. */
  readonly dim: number;
  /** So many first entries are kept at their target from the start; `dim` for all. */
  readonly clamped: number;
}

export interface ToyMechanism {
  /** Names of its vectors, each once. */
  readonly vectors: readonly string[];
  /** mu: what is left of this factor of the loss when the mechanism is perfect. */
  readonly offset: number;
}

export interface ToyCompetition {
  readonly vectors: readonly string[];
  /** alpha. */
  readonly strength: number;
}

export interface ToyModel {
  readonly vectors: readonly ToyVector[];
  readonly mechanisms: readonly ToyMechanism[];
  readonly competitions: readonly ToyCompetition[];
}

/** The settings of the paper's model, each as its text names it. */
export interface RacingSettings {
  readonly mu1: number;
  readonly mu2: number;
  readonly alpha: number;
  /** Entries of a, b, c and d. */
  readonly dims: readonly [a: number, b: number, c: number, d: number];
  /** Entries kept at their target, by vector. */
  readonly clamp?: Readonly<Record<string, number>>;
}

/** As in figure 5a. */
export const racingDefaults: RacingSettings = { mu1: 0.1, mu2: 0, alpha: 0.1, dims: [20, 20, 20, 160] };

/** Above this a tensor of the model has more entries than a double counts exactly. */
const mostEntries = 2 ** 53;

/**
 * Two mechanisms, a o b o c (in-context learning) and d o b o c (context-constrained in-weights learning), that share b
 * and c: equations 1 to 3 of section 6. What is left out is as in figure 5a.
 * @throws {LabError} exit code 64
 */
export function racingModel(settings: Partial<RacingSettings> = {}): ToyModel {
  const { mu1, mu2, alpha, dims, clamp = {} } = { ...racingDefaults, ...settings };
  const vectors = (['a', 'b', 'c', 'd'] as const).map((name, i) => vector(name, dims[i], clamp));
  return checkedModel(
    {
      vectors,
      mechanisms: [
        { vectors: ['a', 'b', 'c'], offset: mu1 },
        { vectors: ['d', 'b', 'c'], offset: mu2 },
      ],
      competitions: [{ vectors: ['a', 'd'], strength: alpha }],
    },
    { clamp, offsets: ['mu1', 'mu2'], strengths: ['alpha'] },
  );
}

/**
 * One mechanism a o b o c alone: the toy model of the authors' earlier work on how induction heads form (Singh et al.
 * 2024, arXiv 2404.07129), where clamping one vector shows what waits for what.
 * @throws {LabError} exit code 64
 */
export function singleMechanismModel(
  dims: readonly [a: number, b: number, c: number],
  clamp: Readonly<Record<string, number>> = {},
): ToyModel {
  const vectors = (['a', 'b', 'c'] as const).map((name, i) => vector(name, dims[i], clamp));
  const mechanisms = [{ vectors: ['a', 'b', 'c'], offset: 0 }];
  return checkedModel({ vectors, mechanisms, competitions: [] }, { clamp });
}

function vector(name: string, dim: number, clamp: Readonly<Record<string, number>>): ToyVector {
  const wish = Object.hasOwn(clamp, name) ? clamp[name] : 0;
  return { name, dim, clamped: wish === Infinity ? dim : wish };
}

interface Wording {
  /** As given: its names must all be vectors of the model. */
  readonly clamp?: Readonly<Record<string, number>>;
  /** What the reader calls the offsets and strengths. */
  readonly offsets?: readonly string[];
  readonly strengths?: readonly string[];
}

/**
 * The model as it is, once nothing is wrong with it.
 * @throws {LabError} exit code 64: a number out of range, or the name of a vector that the model does not have
 */
export function checkedModel(model: ToyModel, wording: Wording = {}): ToyModel {
  const names = model.vectors.map(({ name }) => name);
  for (const name of Object.keys(wording.clamp ?? {})) assertVector(`clamp.${name}`, name, names);
  for (const { name, dim, clamped } of model.vectors) {
    if (names.indexOf(name) !== names.lastIndexOf(name))
      throw new LabError(`vector "${name}": stands in the model twice; give each vector its own name`);
    if (!Number.isInteger(dim) || dim < 1 || dim > 1_000_000)
      throw new LabError(`dims.${name}: expected an integer from 1 to 1,000,000; got ${dim}`);
    if (!Number.isInteger(clamped) || clamped < 0 || clamped > dim)
      throw new LabError(`clamp.${name}: expected an integer from 0 to its ${dim} entries; got ${clamped}`);
  }
  if (model.mechanisms.length === 0) throw new LabError('mechanisms: expected at least one; got none');
  model.mechanisms.forEach(({ vectors, offset }, k) => {
    assertProduct(`mechanisms[${k}]`, vectors, model);
    assertNotNegative(wording.offsets?.[k] ?? `mechanisms[${k}].offset`, offset);
  });
  model.competitions.forEach(({ vectors, strength }, k) => {
    assertProduct(`competitions[${k}]`, vectors, model);
    assertNotNegative(wording.strengths?.[k] ?? `competitions[${k}].strength`, strength);
  });
  return model;
}

function assertVector(where: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new LabError(`${where}: unknown vector "${name}"; the model has ${names.join(', ')}`);
}

function assertNotNegative(where: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new LabError(`${where}: expected a number >= 0; got ${value}`);
}

function assertProduct(where: string, product: readonly string[], { vectors }: ToyModel): void {
  const names = vectors.map(({ name }) => name);
  if (product.length === 0) throw new LabError(`${where}: expected the names of its vectors; got none`);
  for (const name of product) {
    assertVector(where, name, names);
    if (product.indexOf(name) !== product.lastIndexOf(name))
      throw new LabError(`${where}: has vector "${name}" twice; a product takes each vector once`);
  }
  const entries = product.reduce((size, name) => size * vectors[names.indexOf(name)].dim, 1);
  if (entries > mostEntries)
    throw new LabError(
      `${where}: its tensor would have ${entries} entries; expected at most 2^53, so take smaller dims`,
    );
}
