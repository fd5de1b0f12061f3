/**
 * A worker of a page for tests: as coordinator it plays a scenario and posts what came of it; as foreman and member it
 * serves a run's models or the tasks of `testing-tasks.ts`. Started, never imported.
 */
import { browserForeman, browserMember } from '../../src/browser/threads/crew-workers.ts';
import { serveRoles } from '../../src/browser/threads/serve-roles.ts';
import { startThreads } from '../../src/browser/threads/start-threads.ts';
import { Crew } from '../../src/engine/threads/crew.ts';
import { silenceWarning, startCrew } from '../../src/engine/threads/start-crew.ts';
import { joinModels } from '../../src/runs/threads/shared-models.ts';
import { hashOnThreads } from '../determinism/run-hashes.ts';
import { shortRun } from '../determinism/short-runs.ts';
import type { CrewOutcome, CrewScenario, HashOutcome, HashScenario, Scenario } from './scenarios.ts';
import { addTestTasks, isTestWork, testCrew } from './testing-tasks.ts';

async function hashScenario({ run, threads, kernels, isRefused }: HashScenario): Promise<HashOutcome> {
  if (isRefused) {
    globalThis.Worker = function refuse() {
      throw new Error('no workers here');
    } as unknown as typeof Worker;
  }
  const { started, ...hashed } = await hashOnThreads(shortRun(run).config, kernels, threads, startThreads);
  return { hashed, threads: started.threads, reason: started.reason };
}

/** Calls a task again and again until a call fails. */
async function playCrew(scenario: CrewScenario): Promise<CrewOutcome> {
  const { work, threads, rounds, settings = {} } = scenario;
  const crew = new Crew();
  const task = addTestTasks(crew, work, 0);
  const warnings: string[] = [];
  const running = await startCrew({
    crew,
    threads,
    work,
    startForeman: browserForeman(globalThis.location.href),
    settings: {
      ...settings,
      onSilence: (thread, seconds) => warnings.push(silenceWarning(thread, threads, seconds)),
    },
  });
  const start = performance.now();
  let problem: string | undefined;
  for (let round = 1; round <= rounds && problem === undefined; round++) {
    try {
      task(1);
    } catch (error) {
      problem = String(error);
    }
    if (work.sums.some((sum) => sum !== round)) problem ??= `round ${round}: ${[...work.sums].join()}`;
  }
  const ms = performance.now() - start;
  await running.stop();
  return { problem, ms, warnings };
}

function play(scenario: Scenario): Promise<unknown> {
  return scenario.kind === 'hash' ? hashScenario(scenario) : playCrew(scenario);
}

serveRoles({
  coordinate: (start) => {
    play(start as Scenario).then(
      (outcome) => globalThis.postMessage({ outcome }),
      (error: unknown) => globalThis.postMessage({ error: String(error) }),
    );
  },
  join: (work, member) => (isTestWork(work) ? testCrew(work, member) : joinModels(work)),
  startMember: (start, listeners) => {
    const instead = isTestWork(start.work) ? start.work.instead : undefined;
    const file = instead === 'missing' ? new URL('./not-there.js', location.href).href : location.href;
    const worker = browserMember(file)(start, {
      ...listeners,
      onWord: (word) => {
        listeners.onWord(word);
        if (instead === 'ended') setTimeout(() => worker.terminate(), 500);
      },
    });
    return worker;
  },
});
