/** Ends the output of `npm test` with `N passed, N failed`, over every project that ran. */
import type { Reporter, TestModule } from 'vitest/node';

export interface Count {
  passed: number;
  failed: number;
}

/** What the count needs of a module: enough of vitest's TestModule to make one up in a test. */
export interface CountedModule {
  children: { allTests(): Iterable<{ result(): { state: string } }> };
  errors(): readonly unknown[];
}

/** Counts tests; a file that cannot be loaded and an error outside any test count as one failure each. */
export function countResults(modules: readonly CountedModule[], unhandled: number): Count {
  const count = { passed: 0, failed: unhandled };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') count.passed++;
      else if (state !== 'skipped') count.failed++;
    }
    count.failed += module.errors().length;
  }
  return count;
}

export class ClosingLineReporter implements Reporter {
  readonly #notes: readonly string[];

  /** @param notes lines to print before the closing one, such as what was skipped. */
  constructor(notes: readonly string[] = []) {
    this.#notes = notes;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const { passed, failed } = countResults(modules, unhandledErrors.length);
    const lines = [...this.#notes, `${passed} passed, ${failed} failed`];
    // After the default reporter's own summary, which it prints in the same turn.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
