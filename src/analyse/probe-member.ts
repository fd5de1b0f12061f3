/** Started as a worker thread by `foreman.ts`: builds a probe's model and serves its crew. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveAsMember } from '../engine/threads/serve-as-member.ts';
import { joinEngine, type SharedEngine } from '../engine/threads/shared-engine.ts';
import type { MemberStart } from '../engine/threads/start-crew.ts';
import type { ModelShape } from '../model/config.ts';
import { createProbeModels } from './probe.ts';

/** What the model is made of; goes to the threads as a message. */
export interface SharedProbe {
  readonly engine: SharedEngine;
  readonly shape: ModelShape;
}

serveAsMember(
  workerData as MemberStart,
  (work) => {
    const { engine, shape } = work as SharedProbe;
    return joinEngine(engine, (kernels) => void createProbeModels(kernels, shape));
  },
  () => parentPort!.postMessage('ready'),
);
