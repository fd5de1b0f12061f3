/**
 * A toy run in progress: losses and gradients in closed form, one gradient step at a time. With n = |x|^2, d = x . x*
 * and N entries of the tensor, dM/dx_i = (prod n_j x_i - prod d_j x*_i) / N over the other vectors j of the mechanism.
 *
 * The closed form 1/2N (prod |x*|^2 + prod n - 2 prod d) of a loss would lose all digits near zero. Split along the
 * target (A = x . x* / |x*|, P = |x|^2 - A^2) it is a sum of squares, exact to the last digits however small:
 *   2 N M = (prod |x*| - prod A)^2 + sum_i (prod_{j<i} n_j) P_i (prod_{j>i} A_j^2)
 */
import { type Plane, planeOf, vectorAt } from './plane.ts';
import type { ToyModel } from './toy-model.ts';
import type { ToyStart } from './toy-start.ts';

interface Product {
  /** Places of its vectors in the model. */
  readonly vectors: readonly number[];
  /** 1 / entries of its tensor. */
  readonly perEntry: number;
  /** mu of a mechanism, alpha of a competition. */
  readonly weight: number;
  /** prod |x*|. */
  readonly targetNorm: number;
}

export class ToyDescent {
  readonly model: ToyModel;
  /** L, each M_k and each unweighted C_c as of the last `evaluate`. */
  loss = NaN;
  readonly mechanismLosses: Float64Array;
  readonly competitionLosses: Float64Array;
  /** M_k of the untrained model, all vectors zero: where its plateau lies. */
  readonly untrainedLosses: readonly number[];
  readonly #starts: readonly ToyStart[];
  readonly #planes: readonly Plane[];
  readonly #mechanisms: readonly Product[];
  readonly #competitions: readonly Product[];
  /** Per vector: coordinates, |x*| of all entries, and what the losses are made of. */
  readonly #u: Float64Array;
  readonly #v: Float64Array;
  readonly #targetNorm: Float64Array;
  readonly #square: Float64Array;
  readonly #dot: Float64Array;
  readonly #along: Float64Array;
  readonly #across: Float64Array;
  readonly #gradientU: Float64Array;
  readonly #gradientV: Float64Array;

  constructor(model: ToyModel, starts: readonly ToyStart[]) {
    const count = model.vectors.length;
    const numbers = () => new Float64Array(count);
    this.model = model;
    this.#starts = starts;
    this.#planes = starts.map((start, i) => planeOf(start, model.vectors[i].clamped));
    this.#u = Float64Array.from(this.#planes, ({ u }) => u);
    this.#v = Float64Array.from(this.#planes, ({ v }) => v);
    this.#targetNorm = Float64Array.from(this.#planes, ({ held, reach }) => Math.sqrt(held + reach * reach));
    [this.#square, this.#dot, this.#along, this.#across] = [numbers(), numbers(), numbers(), numbers()];
    [this.#gradientU, this.#gradientV] = [numbers(), numbers()];
    this.#mechanisms = model.mechanisms.map(({ vectors, offset }) => this.#product(vectors, offset));
    this.#competitions = model.competitions.map(({ vectors, strength }) => this.#product(vectors, strength));
    this.mechanismLosses = new Float64Array(this.#mechanisms.length);
    this.competitionLosses = new Float64Array(this.#competitions.length);
    this.untrainedLosses = this.#mechanisms.map(
      ({ targetNorm, perEntry }) => 0.5 * perEntry * targetNorm * targetNorm,
    );
  }

  #product(names: readonly string[], weight: number): Product {
    const vectors = names.map((name) => this.model.vectors.findIndex((vector) => vector.name === name));
    const entries = vectors.reduce((size, i) => size * this.model.vectors[i].dim, 1);
    const targetNorm = vectors.reduce((norm, i) => norm * this.#targetNorm[i], 1);
    return { vectors, perEntry: 1 / entries, weight, targetNorm };
  }

  /** Computes all losses and gradients where the vectors are now. */
  evaluate(): void {
    for (let i = 0; i < this.#planes.length; i++) this.#measureVector(i);
    this.#gradientU.fill(0);
    this.#gradientV.fill(0);
    let loss = 1;
    for (let k = 0; k < this.#mechanisms.length; k++) {
      this.mechanismLosses[k] = this.#mechanismLoss(this.#mechanisms[k]);
      loss *= this.mechanismLosses[k] + this.#mechanisms[k].weight;
    }
    for (let k = 0; k < this.#mechanisms.length; k++) {
      this.#addMechanismGradient(this.#mechanisms[k], this.#otherFactors(k));
    }
    for (let c = 0; c < this.#competitions.length; c++) {
      this.competitionLosses[c] = this.#competitionLoss(this.#competitions[c]);
      loss += this.#competitions[c].weight * this.competitionLosses[c];
      this.#addCompetitionGradient(this.#competitions[c]);
    }
    this.loss = loss;
  }

  /** One step of gradient descent along what `evaluate` found. */
  step(rate: number): void {
    for (let i = 0; i < this.#planes.length; i++) {
      this.#u[i] -= rate * this.#gradientU[i];
      this.#v[i] -= rate * this.#gradientV[i];
    }
  }

  /** |x|. */
  norm(i: number): number {
    return Math.sqrt(this.#square[i]);
  }

  /** x . x* / (|x| |x*|); 0 where either is zero. */
  cosine(i: number): number {
    const norm = this.norm(i);
    return norm === 0 ? 0 : this.#along[i] / norm;
  }

  /** |x - x*|. */
  distance(i: number): number {
    const missing = this.#planes[i].reach - this.#u[i];
    return Math.sqrt(missing * missing + this.#v[i] * this.#v[i]);
  }

  /** |dL/dx| over the free entries. */
  gradientNorm(i: number): number {
    const u = this.#gradientU[i];
    const v = this.#gradientV[i];
    return Math.sqrt(u * u + v * v);
  }

  /** All entries of vector `i` now. */
  vector(i: number): Float64Array {
    return vectorAt(this.#starts[i], this.#planes[i], this.#u[i], this.#v[i]);
  }

  /** dL/dx of vector `i` as of the last `evaluate`; 0 in clamped entries. */
  gradient(i: number): Float64Array {
    const entries = vectorAt(this.#starts[i], this.#planes[i], this.#gradientU[i], this.#gradientV[i]);
    return entries.fill(0, 0, this.model.vectors[i].clamped);
  }

  #measureVector(i: number): void {
    const { held, reach } = this.#planes[i];
    const u = this.#u[i];
    const v = this.#v[i];
    const targetNorm = this.#targetNorm[i];
    const inner = held + u * reach;
    this.#square[i] = held + u * u + v * v;
    this.#dot[i] = inner;
    this.#along[i] = targetNorm === 0 ? 0 : inner / targetNorm;
    // Clamped entries are at their target: what the free ones lack along it is across the target as a whole.
    const missing = targetNorm === 0 ? 0 : (reach - u) / targetNorm;
    this.#across[i] = v * v + held * missing * missing;
  }

  #mechanismLoss({ vectors, targetNorm, perEntry }: Product): number {
    let along = 1;
    for (let j = 0; j < vectors.length; j++) along *= this.#along[vectors[j]];
    let sum = (targetNorm - along) * (targetNorm - along);
    let before = 1;
    for (let j = 0; j < vectors.length; j++) {
      let term = before * this.#across[vectors[j]];
      for (let k = j + 1; k < vectors.length; k++) {
        term *= this.#along[vectors[k]] * this.#along[vectors[k]];
      }
      sum += term;
      before *= this.#square[vectors[j]];
    }
    return 0.5 * perEntry * sum;
  }

  #competitionLoss({ vectors, perEntry }: Product): number {
    let product = 0.5 * perEntry;
    for (let j = 0; j < vectors.length; j++) product *= this.#square[vectors[j]];
    return product;
  }

  /** The product of all factors of the loss but the k-th. */
  #otherFactors(k: number): number {
    let product = 1;
    for (let m = 0; m < this.#mechanisms.length; m++) {
      if (m !== k) product *= this.mechanismLosses[m] + this.#mechanisms[m].weight;
    }
    return product;
  }

  #addMechanismGradient({ vectors, perEntry }: Product, weight: number): void {
    for (let j = 0; j < vectors.length; j++) {
      const i = vectors[j];
      let squares = weight * perEntry;
      let dots = squares;
      for (let k = 0; k < vectors.length; k++) {
        if (k === j) continue;
        squares *= this.#square[vectors[k]];
        dots *= this.#dot[vectors[k]];
      }
      this.#gradientU[i] += squares * this.#u[i] - dots * this.#planes[i].reach;
      this.#gradientV[i] += squares * this.#v[i];
    }
  }

  #addCompetitionGradient({ vectors, perEntry, weight }: Product): void {
    for (let j = 0; j < vectors.length; j++) {
      const i = vectors[j];
      let squares = weight * perEntry;
      for (let k = 0; k < vectors.length; k++) if (k !== j) squares *= this.#square[vectors[k]];
      this.#gradientU[i] += squares * this.#u[i];
      this.#gradientV[i] += squares * this.#v[i];
    }
  }
}
