/** Started by a test: trains on several threads and comes to its end without stopping them. Prints its last loss. */
import { assembleRun } from '../../src/runs/assemble.ts';
import { loadKernelModule } from '../../src/runs/kernel-module.ts';
import { startThreads } from '../../src/runs/threads/start-threads.ts';
import { shortRun } from '../determinism/short-runs.ts';

const { config } = shortRun('paper/adam');
const kernelModule = loadKernelModule().module;
const run = assembleRun(config, kernelModule);
await startThreads({ kernels: run.kernels, kernelModule, shape: run.shape, train: config.train, threads: 3 });
process.stdout.write(`${run.trainer.trainStep().loss}\n`);
