/** Whether an environment was what its name says: what was seen of the code against what the table expects. */
import type { EngineCode } from './engine-code.ts';
import type { Expectation } from './environments.ts';
import type { KernelCode } from './jit-dump.ts';

export interface Seen {
  readonly code: EngineCode;
  /** Absent where machine code cannot be looked at. */
  readonly kernelCode?: KernelCode;
  /** Of the kernels in the environment `optimised`. */
  readonly optimisedBytes?: number;
}

/** What was expected and not seen, one line each. */
export function unmetExpectations(expects: Expectation, seen: Seen): string[] {
  const { kernels, script } = seen.code;
  const problems: string[] = [];
  const expectThat = (holds: boolean, what: string, found: unknown) => {
    if (!holds) problems.push(`expected ${what}; got ${JSON.stringify(found)}`);
  };
  const { baseline, optimised } = kernels;
  if (expects.kernels) {
    const holds = {
      baseline: baseline > 0 && optimised === 0,
      optimised: baseline === 0 && optimised > 0,
      both: baseline > 0 && optimised > 0,
      tiersUp: optimised > 0,
    }[expects.kernels];
    expectThat(holds, `kernels: ${expects.kernels}`, kernels);
  }
  if (expects.script) {
    const all = script.interpreter + script.baseline + script.optimised;
    expectThat(script[expects.script] === all && all > 0, `script: ${expects.script}`, script);
  }
  const { kernelCode, optimisedBytes } = seen;
  if (expects.vectors && kernelCode)
    expectThat(vectorsOf(kernelCode) === expects.vectors, `vectors: ${expects.vectors}`, kernelCode);
  if (kernelCode) expectThat(kernelCode.fused === 0, 'no fused multiply-add', kernelCode);
  if (expects.otherCode && kernelCode) {
    expectThat(kernelCode.bytes !== optimisedBytes, `other code than ${optimisedBytes} bytes`, kernelCode);
  }
  return problems;
}

/** The most that a code uses, chance hits (under a tenth) left out. */
function vectorsOf({ sse, avx128, avx256, avx2 }: KernelCode): Expectation['vectors'] {
  const total = sse + avx128 + avx256;
  if (avx256 > total / 10) return 'avx256';
  if (sse > total / 10) return 'sse';
  return avx2 > 0 ? 'avx2' : 'avx';
}
