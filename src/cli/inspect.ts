/** `iclab inspect`: where every head looks on one sequence, at one moment of a run. */
import { buildCommand } from '@stricli/core';
import { inspectSequence, tokenNames } from '../analyse/inspect-sequence.ts';
import { openProbe } from '../analyse/open-probe.ts';
import { type EvaluatorName, evaluatorDefinitions } from '../data/evaluators.ts';
import { resolveData } from '../data/resolved-data.ts';
import { LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { formatCount } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import type { RunConfig } from '../runs/config.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { weightsOfRun } from '../runs/weights-of-run.ts';
import type { LabContext } from './context.ts';
import { jsonFlag, parseCount, parseSequences } from './flags.ts';
import { inspectText } from './inspect-text.ts';
import { tellingFailure } from './json-failure.ts';

interface InspectFlags {
  readonly at?: number;
  readonly evaluator?: string;
  readonly sequence: number;
  readonly from?: string;
  readonly json?: boolean;
}

function inspect(this: LabContext, flags: InspectFlags, word?: string): Promise<void> {
  return tellingFailure(this, flags.json, () => inspectRun(this, flags, word));
}

async function inspectRun(context: LabContext, flags: InspectFlags, word: string | undefined): Promise<void> {
  if (word === undefined)
    throw new LabError('inspect: expected a run: its folder, name or id (iclab runs lists them all)');
  const run = await weightsOfRun(nodeStorage, word);
  const { config } = run;
  const moment = run.at(flags.at);
  const evaluator = evaluatorNamed(config, flags.evaluator);
  const size = config.evaluate.sequencesPerEvaluator;
  if (flags.sequence >= size) {
    throw new LabError(
      `--sequence: the sets of ${run.name} have ${formatCount(size)} sequences, numbered from 0; got ${flags.sequence}`,
    );
  }
  const from = tokensNamed(config, flags.from);
  const { weights } = await run.read(moment);
  const opened = await openProbe(config, 1);
  const { probe } = opened;
  probe.load(weights);
  const inspected = inspectSequence(probe, probe.set(evaluator), flags.sequence);
  await opened.close();
  const { stdout } = context.process;
  if (flags.json) {
    stdout.write(
      `${JSON.stringify({ run: run.name, id: run.id, sequences: moment.sequences, ...inspected })}\n`,
    );
    return;
  }
  const title = `${run.name} after ${formatCount(moment.sequences)} sequences: evaluator ${evaluator}, sequence ${flags.sequence}`;
  const width = stdout.isTerminal ? stdout.columns() - 1 : undefined;
  stdout.write(`${visibleLine(title)}\n\n${inspectText(inspected, { ...from, width })}`);
}

/** The evaluator of that name; without one the first, `train`. */
function evaluatorNamed(config: RunConfig, name: string | undefined): EvaluatorName {
  const names = evaluatorDefinitions(resolveData(config.data, config.data.source)).map((each) => each.name);
  const found = names.find((each) => each === (name ?? names[0]));
  if (found) return found;
  throw new LabError(
    `--evaluator: unknown "${name}"${didYouMean(name ?? '', names)} (evaluators of this run: ${names.join(', ')})`,
  );
}

/** Tokens by name; where none is named the query, and in short sequences and all blocks but the last the labels. */
function tokensNamed({ data: { contextPairs } }: RunConfig, words: string | undefined) {
  const names = tokenNames(contextPairs);
  if (words === undefined) {
    const labels = contextPairs <= 2 ? names.filter((name) => name.startsWith('l')) : [];
    return { from: [...labels, 'xq'], fromInLastBlock: ['xq'] };
  }
  const from = words === 'all' ? names : words.split(',').map((word) => tokenNamed(word.trim(), names));
  return { from, fromInLastBlock: from };
}

function tokenNamed(word: string, names: readonly string[]): string {
  const found = names.find((name) => name === word);
  if (found) return found;
  throw new LabError(
    `--from: unknown token "${word}"${didYouMean(word, names)} (tokens: ${names.join(', ')}; all)`,
  );
}

export const inspectCommand = buildCommand<InspectFlags, [string?], LabContext>({
  func: inspect,
  parameters: {
    flags: {
      at: {
        kind: 'parsed',
        parse: parseSequences,
        optional: true,
        placeholder: 'sequences',
        brief: 'Which moment: sequences seen, like 300000, 300k or 1.2M; default: the last one kept',
      },
      evaluator: {
        kind: 'parsed',
        parse: String,
        optional: true,
        placeholder: 'name',
        brief: 'Whose sequences: train, icl, ciwl, flip or iwl; default train',
      },
      sequence: {
        kind: 'parsed',
        parse: parseCount,
        default: '0',
        placeholder: 'n',
        brief: 'Which sequence of the set, from 0',
      },
      from: {
        kind: 'parsed',
        parse: String,
        optional: true,
        placeholder: 'tokens',
        brief: 'Tokens whose attention is shown, like l2,xq, or all; default: query and labels',
      },
      json: jsonFlag('One JSON object'),
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: String, placeholder: 'run', brief: 'Folder, name or id of a run', optional: true },
      ],
    },
  },
  docs: {
    brief: 'Show where every head looks on one sequence',
    fullDescription: `Show where every head looks on one sequence of an evaluator, at a moment of a run whose weights are kept.
x1 l1 x2 l2 xq are the exemplars, their labels and the query; blocks and heads count from 0.

EXAMPLES
  iclab inspect fig1b-quick
  iclab inspect fig1b-quick --at 300k --evaluator flip --sequence 7
  iclab inspect fig1b-quick --from all --json`,
  },
});
