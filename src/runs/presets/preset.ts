/** A named run: a config and what a reader should know before starting it. */
import type { RunConfigInput } from '../config.ts';

export interface Preset {
  readonly name: string;
  /** One line: what it is. */
  readonly description: string;
  /** One line: what it takes on two ordinary cores. */
  readonly cost: string;
  readonly config: RunConfigInput;
}
