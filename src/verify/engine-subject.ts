/** The transformer on one of our engines, as the subject of golden traces: the code that trains, not a copy of it. */
import type { Kernels, Numbers } from '../engine/kernels.ts';
import type { GradientSink } from '../model/gradient-sink.ts';
import type { Parameter } from '../model/parameter-set.ts';
import { createPass } from '../intervene/intervened-pass.ts';
import { createPassModels, frozenParameters } from '../intervene/pass-models.ts';
import { planInterventions } from '../intervene/plan.ts';
import { readSite } from '../model/read-site.ts';
import { Transformer } from '../model/transformer.ts';
import { trainConfigSchema } from '../train/config.ts';
import { createOptimizer } from '../train/optimizer.ts';
import type { GoldenBatch } from './golden-batch.ts';
import type { CreateGoldenSubject, GoldenSubjectOptions } from './golden-subject.ts';

/** Keeps every gradient. */
class KeepingSink implements GradientSink {
  readonly gradients: Map<string, Float64Array>;

  constructor(parameters: readonly Parameter[]) {
    this.gradients = new Map(parameters.map(({ name, size }) => [name, new Float64Array(size).fill(NaN)]));
  }

  take(parameter: Parameter, offset: number, gradient: Numbers, at: number, length: number): void {
    this.gradients.get(parameter.name)?.set(gradient.subarray(at, at + length), offset);
  }

  takeZero(parameter: Parameter, offset: number, length: number): void {
    this.gradients.get(parameter.name)?.fill(0, offset, offset + length);
  }
}

/** `[batch, places, dim]` to the model's `[places, lanes, dim]`; labels likewise. */
function fillInput(model: Transformer, { size, examples, labels }: GoldenBatch): void {
  const { exampleDim, contextPairs } = model.shape;
  const { lanes } = model.layout;
  const { input } = model;
  input.size = size;
  for (let sequence = 0; sequence < size; sequence++) {
    for (let place = 0; place <= contextPairs; place++) {
      const cell = sequence * (contextPairs + 1) + place;
      input.examples.set(
        examples.subarray(cell * exampleDim, (cell + 1) * exampleDim),
        (place * lanes + sequence) * exampleDim,
      );
      if (place < contextPairs) input.contextLabels[place * lanes + sequence] = labels[cell];
      else input.targets[sequence] = labels[cell];
    }
  }
}

/** Subjects on an engine; `kernels` is called once for each. */
export function engineSubjects(kernels: () => Kernels): CreateGoldenSubject {
  return ({ shape, batchSize, rate, parameters, intervened }: GoldenSubjectOptions) => {
    const engine = kernels();
    const plan = planInterventions(shape, intervened?.interventions ?? []);
    const models = createPassModels(engine, shape, plan.needs, { batchSize });
    const { model } = models;
    models.parameters.load(parameters);
    for (const donor of models.donors.values()) donor.parameters.load(intervened!.donor);
    const intervenedPass = createPass(models, plan);
    const frozen = frozenParameters(shape, plan.needs.grafts);
    /** Sees every place of the last block, which training leaves out. */
    const observer = new Transformer(shape, engine, {
      batchSize,
      training: false,
      allPlaces: true,
      parameters: model.parameters,
    });
    const config = trainConfigSchema.parse({ batchSize, optimizer: { kind: 'adam', rate } });
    const optimizer = createOptimizer(config, engine, model.parameters);
    let step = 0;

    const pass = (batch: GoldenBatch): number => {
      fillInput(model, batch);
      intervenedPass.forward();
      const loss = model.unembedding.meanLoss(batch.size);
      intervenedPass.backward(batch.size);
      return loss;
    };
    return {
      engine: engine.name.includes(engine.precision) ? engine.name : `${engine.name} ${engine.precision}`,
      forward(batch, sites) {
        fillInput(observer, batch);
        observer.forward();
        fillInput(model, batch);
        intervenedPass.forward();
        return {
          queryLogits: readSite(model, 'logits', batch.size).data,
          sites: new Map(sites.map((name) => [name, readSite(observer, name, batch.size).data])),
        };
      },
      lossAndGradients(batch) {
        const loss = pass(batch);
        const sink = new KeepingSink(model.parameters.list);
        model.giveGradients(sink, batch.size);
        for (const name of frozen) sink.gradients.get(name)?.fill(0);
        return { loss, gradients: sink.gradients };
      },
      trainStep(batch) {
        const loss = pass(batch);
        optimizer.begin(++step);
        model.giveGradients(optimizer, batch.size);
        return loss;
      },
      parameters: () => new Map(model.parameters.list.map(({ name, data }) => [name, data])),
    };
  };
}
