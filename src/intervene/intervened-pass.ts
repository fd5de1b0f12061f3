/**
 * A model's forward and backward pass with interventions at work. The passes that are copied from run first, on the same
 * input; on the way back the clean one gets the gradients of what was copied, and adds its own to the model's.
 */
import { LabError } from '../errors/lab-error.ts';
import { quoted } from '../formats/data-error.ts';
import type { Body } from '../model/body.ts';
import { sitePart, siteNumbers } from '../model/site-memory.ts';
import type { Site } from '../model/sites.ts';
import type { Tap } from '../model/taps.ts';
import type { Transformer } from '../model/transformer.ts';
import type { Entries, Source, Write } from './claim.ts';
import { donorKey } from './donor.ts';
import { entriesOf } from './entries.ts';
import { AnsweredLogits, WrittenLogits } from './logits-taps.ts';
import type { PassModels } from './pass-models.ts';
import type { InterventionPlan } from './plan.ts';
import { type OwnedClaim, rankOf } from './precedence.ts';
import { type ClaimAtWork, GradientInlet, SiteTap } from './site-tap.ts';

/** What trains and evaluates a model needs of it, with interventions or without. */
export interface Pass {
  /** @see Transformer.forward */
  forward(onBody?: () => void): void;
  /** Only as far as the final hidden state. */
  forwardBody(): void;
  /** Only the embeddings and the first so many blocks. */
  forwardBlocks(count: number): void;
  /** @see Transformer.backward */
  backward(size: number, downTo?: number): void;
}

/** A model's pass: itself where nobody intervenes. Replaces what was made for the same models before. */
export function createPass(models: PassModels, plan: InterventionPlan): Pass {
  const { model } = models;
  if (plan.claims.length > 0) return new IntervenedPass(models, plan);
  model.setTaps(undefined);
  model.unembedding.tap = undefined;
  return model;
}

class IntervenedPass implements Pass {
  readonly #models: PassModels;
  readonly #plan: InterventionPlan;
  readonly #model: Transformer;
  /** Those the plan asks for: the models may have been built for more. */
  readonly #clean: Body | undefined;
  readonly #donors: readonly Body[];
  /** By site of the clean pass. */
  readonly #inlets = new Map<string, GradientInlet[]>();
  readonly #written: WrittenLogits | undefined;
  readonly #answered: { readonly tap: AnsweredLogits; readonly inlet: GradientInlet } | undefined;
  readonly #applied = new Set<number>();
  #isChecked = false;

  constructor(models: PassModels, plan: InterventionPlan) {
    this.#models = models;
    this.#plan = plan;
    this.#model = models.model;
    this.#clean = plan.needs.clean ? models.clean : undefined;
    this.#donors = plan.needs.donors
      .filter(({ pass }) => pass)
      .flatMap((donor) => models.donors.get(donorKey(donor))?.pass ?? []);
    const onLogits = plan.claims.filter(({ site }) => site.name === 'logits');
    const others = plan.claims.filter(({ site }) => site.name !== 'logits');
    const taps = new Map<string, Tap>();
    for (const [name, claims] of Map.groupBy(others, ({ site }) => site.name)) {
      const atWork = claims.toSorted((a, b) => rankOf(a) - rankOf(b)).map((claim) => this.#atWork(claim));
      // Where only part of a softmax is overwritten, the rest still depends on all of its scores.
      const isSoftmax = sitePart(claims[0].site) === 'attention.pattern';
      const keeps = isSoftmax && claims.some(({ region }) => region.columns !== undefined);
      taps.set(name, new SiteTap(atWork, this.#model.layout, keeps));
    }
    this.#model.setTaps(taps);
    const answered = onLogits.find(({ value }) => value.kind === 'answered');
    if (answered) this.#answered = this.#answer(answered);
    else if (onLogits.length > 0) {
      this.#written = new WrittenLogits(
        onLogits.map((claim) => this.#atWork(claim)),
        this.#model.layout,
      );
    }
    this.#model.unembedding.tap = this.#answered?.tap ?? this.#written;
    this.#openInlets();
  }

  forwardBody(): void {
    this.#forwardSources();
    this.#model.forwardBody();
  }

  forwardBlocks(count: number): void {
    this.#clean?.forwardBlocks(count);
    for (const pass of this.#donors) pass.forwardBlocks(count);
    this.#model.forwardBlocks(count);
  }

  #forwardSources(): void {
    this.#clean?.forwardBody();
    for (const pass of this.#donors) pass.forwardBody();
  }

  forward(onBody?: () => void): void {
    this.#forwardSources();
    this.#written?.start();
    this.#model.forward(onBody);
    if (this.#answered) this.#plan.claims.forEach(({ owner }) => this.#applied.add(owner));
    if (!this.#isChecked) this.#assertApplied();
  }

  backward(size: number, downTo = 0): void {
    const clean = this.#clean;
    this.#answered?.tap.handOn(this.#model.unembedding, size, this.#answered.inlet);
    this.#model.backward(size, downTo);
    if (!clean) return;
    clean.backwardFromTaps();
    this.#model.addGradients(clean);
  }

  /** The pass was made once: every intervention must have had its turn. */
  #assertApplied(): void {
    for (const { owner, where } of this.#plan.claims) {
      if (!this.#applied.has(owner))
        throw new LabError(`${where}: was never applied: something else took the taps of its model`);
    }
    this.#isChecked = true;
  }

  #atWork(claim: OwnedClaim): ClaimAtWork {
    const { layout, input } = this.#model;
    const { site, region, value, where, owner } = claim;
    const entries = entriesOf(layout, site, region);
    const onApplied = () => {
      if (entries.count > 0) this.#applied.add(owner);
    };
    if (value.kind === 'written') {
      return {
        entries,
        write: value.setUp({ layout, input, entries, where }),
        takeGradient: undefined,
        onApplied,
      };
    }
    if (value.kind === 'answered') throw new Error('an answer is not written entry by entry');
    const { source, divisors } = value;
    const write = copying(this.#sourceBody(source, where), site, entries, layout.lanes, divisors);
    if (source !== 'clean') return { entries, write, takeGradient: undefined, onApplied };
    const inlet = this.#inlet(site, entries);
    return { entries, write, takeGradient: (dx, at) => inlet.take(dx, at, divisors), onApplied };
  }

  #answer(claim: OwnedClaim) {
    const { value } = claim;
    if (value.kind !== 'answered') throw new Error('not an answer');
    const { layout, input } = this.#model;
    const { scores, head } = value;
    const entries = entriesOf(layout, scores, { heads: [head], places: [layout.tokens - 1] });
    const clean = this.#sourceBody('clean', claim.where);
    const tap = new AnsweredLogits(() => siteNumbers(clean, scores)!, entries, input, layout);
    return { tap, inlet: this.#inlet(scores, entries) };
  }

  #inlet(site: Site, entries: Entries): GradientInlet {
    const inlet = new GradientInlet(entries, this.#model.layout.lanes);
    this.#inlets.set(site.name, [...(this.#inlets.get(site.name) ?? []), inlet]);
    return inlet;
  }

  #sourceBody(source: Source, where: string): Body {
    const { clean, donors } = this.#models;
    if (source === 'clean') return clean!;
    const body = donors.get(source.donor)?.pass;
    if (!body) throw new LabError(`${where}: no weights were given for ${quoted(source.donor)}`);
    return body;
  }

  /** Lets the clean pass take the gradients of what is copied from it, and lays its positions out where they are. */
  #openInlets(): void {
    const taps = new Map<string, Tap>();
    for (const [name, inlets] of this.#inlets) {
      taps.set(name, {
        forward: () => undefined,
        backward: (dx, at) => {
          for (const inlet of inlets) inlet.backward(dx, at);
        },
      });
    }
    this.#models.clean?.setTaps(taps);
    const watched: Tap = { forward: () => undefined, backward: () => undefined };
    for (const pass of this.#donors) pass.setTaps(new Map([['embedding.position', watched]]));
  }
}

/** Copies entries of a site from another pass, divided by a number for each head. */
function copying(
  body: Body,
  site: Site,
  entries: Entries,
  lanes: number,
  divisors: readonly number[] | undefined,
): Write {
  return (x, at) => {
    const { data, at: sourceAt } = siteNumbers(body, site)!;
    const { offsets, heads } = entries;
    for (let i = 0; i < entries.count; i++) {
      const offset = offsets[i];
      const divisor = divisors?.[heads[i]] ?? 1;
      for (let lane = offset; lane < offset + lanes; lane++) x[at + lane] = data[sourceAt + lane] / divisor;
    }
  };
}
