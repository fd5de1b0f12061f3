/** Preloaded by a test (`--import`): a Node that refuses worker threads, as it does under `--permission`. */
import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';

// `--permission` itself will not do: Node then refuses fsync too, without which no run begins.
workerThreads.Worker = new Proxy(workerThreads.Worker, {
  construct: () => {
    throw Object.assign(
      new Error('Access to this API has been restricted. Use --allow-worker to manage permissions.'),
      { code: 'ERR_ACCESS_DENIED' },
    );
  },
});
syncBuiltinESMExports();
