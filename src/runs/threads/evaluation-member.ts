/** Started as a worker thread by `foreman.ts`: builds the models of an evaluation and serves its crew. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveAsMember } from '../../engine/threads/serve-as-member.ts';
import { joinEngine, type SharedEngine } from '../../engine/threads/shared-engine.ts';
import type { MemberStart } from '../../engine/threads/start-crew.ts';
import { createEvaluationModels } from '../../evaluate/evaluator.ts';
import type { PassNeeds } from '../../intervene/plan.ts';
import type { ModelShape } from '../../model/config.ts';
import { ParameterSet } from '../../model/parameter-set.ts';

/** What the models are made of; goes to the threads as a message. */
export interface SharedEvaluation {
  readonly engine: SharedEngine;
  readonly shape: ModelShape;
  readonly needs: PassNeeds;
}

serveAsMember(
  workerData as MemberStart,
  (work) => {
    const { engine, shape, needs } = work as SharedEvaluation;
    return joinEngine(
      engine,
      (kernels) => void createEvaluationModels(kernels, shape, new ParameterSet(shape, kernels), needs),
    );
  },
  () => parentPort!.postMessage('ready'),
);
