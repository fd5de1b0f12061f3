/** What a page and its run's coordinator say to each other. */
import type { ExitCode } from '../errors/lab-error.ts';
import type { RunConfig } from '../runs/config.ts';
import type { PageEvent, PageResult } from './page-events.ts';

/** The page, first of all. */
export interface CoordinatorStart {
  readonly config: RunConfig;
  /** Where the compiled kernels are, or what they are. */
  readonly kernels: string | WebAssembly.Module;
  readonly threads: number | undefined;
}

/** The page, later: finish the step and end. */
export const stopWord = 'stop';

/** The coordinator. After `ended` and `failed` it says nothing more, and its threads have ended. */
export type CoordinatorMessage =
  | PageEvent
  | { readonly kind: 'ended'; readonly result: PageResult }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** Of a LabError; anything else is a bug. */
      readonly exitCode?: ExitCode;
    };
