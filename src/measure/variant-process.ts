/** A child process that measures one engine variant on demand. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { startedFile } from '../runs/started-file.ts';
import type { RoundTimes } from './engine-bench.ts';
import { type EngineVariant, variantText, variantWords } from './engine-variant.ts';
import type { MeasureReply, MeasureRequest } from './measure-messages.ts';
import type { ShapeName } from './shapes.ts';

export class VariantProcess {
  readonly variant: EngineVariant;
  readonly #child: ChildProcess;

  constructor(
    variant: EngineVariant,
    program: string | URL = startedFile('measuring-process', import.meta.url),
  ) {
    this.variant = variant;
    this.#child = fork(program, variantWords(variant), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** Makes the run, which takes seconds, so that measuring can begin at once. */
  async prepare(shape: ShapeName): Promise<void> {
    await this.#ask({ shape, steps: 0 });
  }

  /** @throws {LabError} exit code 70 when the process is gone */
  async measure(shape: ShapeName, steps: number): Promise<RoundTimes> {
    const { times } = await this.#ask({ shape, steps });
    if (!times) throw new Error('a measuring process answered without times');
    return times;
  }

  close(): void {
    this.#child.kill();
  }

  async #ask(request: MeasureRequest): Promise<MeasureReply> {
    const gone = () => {
      const { exitCode, signalCode } = this.#child;
      return new LabError(
        `bench: the process that measures "${variantText(this.variant)}" ended before it answered (${signalCode ?? `exit code ${exitCode}`}); see its own words above, or measure less (--shape)`,
        exitCodes.crash,
      );
    };
    if (!this.#child.connected) {
      if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
      throw gone();
    }
    const settled = new AbortController();
    const { signal } = settled;
    try {
      const answered = once(this.#child, 'message', { signal });
      const ended = once(this.#child, 'exit', { signal }).then(() => {
        throw gone();
      });
      this.#child.send(request);
      const [reply] = (await Promise.race([answered, ended])) as [MeasureReply];
      return reply;
    } finally {
      settled.abort();
    }
  }
}
