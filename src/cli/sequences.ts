/** `iclab sequences`: example sequences of the training data, of each named distribution and of every evaluator. */
import { buildCommand } from '@stricli/core';
import { exampleGroups, formatExampleGroups } from '../data/describe-sequences.ts';
import { resolveData } from '../data/resolved-data.ts';
import type { LabContext } from './context.ts';
import { jsonFlag } from './flags.ts';
import { readRunWords } from './run-words.ts';

interface SequencesFlags {
  readonly count: number;
  readonly json?: boolean;
}

/** For stricli. @throws {Error} which it turns into its message */
function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 1000) throw new Error('expected an integer from 1 to 1000');
  return count;
}

async function showSequences(this: LabContext, flags: SequencesFlags, ...words: string[]): Promise<void> {
  const config = await readRunWords(words, 'paper');
  const { train: trainSeed, eval: evalSeed } = config.seeds;
  const data = resolveData(config.data, config.data.source);
  const groups = exampleGroups(data, { trainSeed, evalSeed, count: flags.count });
  this.process.stdout.write(flags.json ? `${JSON.stringify(groups)}\n` : `${formatExampleGroups(groups)}\n`);
}

export const sequencesCommand = buildCommand<SequencesFlags, string[], LabContext>({
  func: showSequences,
  parameters: {
    flags: {
      count: {
        kind: 'parsed',
        parse: parseCount,
        default: '3',
        placeholder: 'n',
        brief: 'Sequences of each kind',
      },
      json: jsonFlag(),
    },
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        placeholder: 'preset|file|key=value',
        brief: 'The data: a preset (default paper) or file, then settings to change',
      },
    },
  },
  docs: {
    brief: 'Show what the model reads: example sequences of each kind',
    fullDescription: `Show what the model reads: example sequences of the training data, of each named distribution and of every evaluator
(figure 1a). c = class, e = exemplar, L = label; the query stands after the bar, with its correct label.

EXAMPLES
  iclab sequences
  iclab sequences --count 10 data.contextPairs=8 data.burstiness=3`,
  },
});
