/**
 * The committed hashes of every short run (golden-hashes.json): read, compared, and told of. They change only when
 * somebody runs `write-golden-hashes.ts`.
 */
import file from './golden-hashes.json' with { type: 'json' };
import type { HashedRun, RunHashes } from './run-hashes.ts';

export interface GoldenHashes {
  /** What made the file. The seeds are in the runs' configs. */
  readonly birth: {
    readonly command: string;
    readonly iclab: string;
    /** First 12 digits of the SHA-256 of build/kernels.wasm. */
    readonly kernels: string;
    readonly node: string;
    readonly seeds: string;
  };
  readonly runs: Readonly<Record<string, RunHashes>>;
}

export const writeCommand = 'node test/determinism/write-golden-hashes.ts';

export function goldenHashes(): GoldenHashes {
  return file;
}

/** What differs first, in the order in which a run computes things; undefined where nothing does. */
export function firstDifference(golden: RunHashes, { hashes, tensorNames }: HashedRun): string | undefined {
  if (hashes.inputs !== golden.inputs) return 'the features or the sequences of the evaluators';
  for (const [moment, words] of moments) {
    if (hashes[moment].state === golden[moment].state) continue;
    const expected = golden[moment].tensors.split(' ');
    const found = hashes[moment].tensors.split(' ');
    const differing = found.flatMap((hash, i) => (hash === expected[i] ? [] : [tensorNames[i]]));
    if (found.length !== expected.length) return `the number of tensors of the state ${words}`;
    if (differing.length === 0) return `the state ${words}`;
    const others =
      differing.length === 1 ? '' : `, and ${differing.length - 1} of ${found.length - 1} others`;
    return `${differing[0]} ${words}${others}`;
  }
  return hashes.metrics === golden.metrics ? undefined : 'the metrics (every weight is the same)';
}

const moments = [
  ['start', 'before the first step'],
  ['firstStep', 'after the first step'],
  ['end', 'at the end'],
] as const;

/**
 * One line on a run that is not what it was, with what to do; undefined where it is.
 * @param kernels first 12 digits of the SHA-256 of the kernels that ran
 */
export function goldenProblem(
  name: string,
  run: HashedRun,
  kernels: string,
  { runs, birth }: GoldenHashes = goldenHashes(),
): string | undefined {
  const isKnown = Object.hasOwn(runs, name);
  const difference = isKnown ? firstDifference(runs[name], run) : undefined;
  if (isKnown && difference === undefined) return undefined;
  const engine =
    kernels === birth.kernels
      ? `the kernels are the same (${kernels})`
      : `the kernels were ${birth.kernels} and are ${kernels}`;
  const what = isKnown ? `first differs in ${difference}; ${engine}` : 'has no golden hashes yet';
  return `short run ${name}: ${what}; if numbers are meant to change, run "${writeCommand}", say why in the commit`;
}
