/** `iclab evaluate`: a run's evaluators at any kept moment, with or without interventions; nothing is written. */
import { buildCommand } from '@stricli/core';
import { resolveData } from '../data/resolved-data.ts';
import { LabError } from '../errors/lab-error.ts';
import { leftOutWarning } from '../evaluate/suitable-sets.ts';
import {
  interventionExamples,
  isFunctionClamp,
  parseIntervention,
  printIntervention,
} from '../intervene/intervention.ts';
import { formatCount } from '../report/format.ts';
import { visibleLine } from '../report/visible-text.ts';
import { modelShape } from '../runs/assemble.ts';
import { readDonors } from '../runs/donors.ts';
import { appliedInterventions, donorsNeeded, WeightsEvaluation } from '../runs/evaluate-weights.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { physicalCores } from '../runs/threads/physical-cores.ts';
import { defaultThreads } from '../runs/threads/thread-count.ts';
import { weightsOfRun } from '../runs/weights-of-run.ts';
import type { LabContext } from './context.ts';
import { type EvaluatedMoment, evaluateCsv, evaluateTable } from './evaluate-text.ts';
import { interveneFlag, jsonFlag, parseSequences, switchFlag } from './flags.ts';
import { tellingFailure } from './json-failure.ts';

interface EvaluateFlags {
  readonly at?: number | 'all';
  readonly intervene?: readonly string[];
  readonly dropTrained?: boolean;
  readonly evaluators?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

function evaluate(this: LabContext, flags: EvaluateFlags, word?: string): Promise<void> {
  return tellingFailure(this, flags.json, () => evaluateRun(this, flags, word));
}

async function evaluateRun(
  context: LabContext,
  flags: EvaluateFlags,
  word: string | undefined,
): Promise<void> {
  if (word === undefined)
    throw new LabError('evaluate: expected a run: its folder, name or id (iclab runs lists them all)');
  if (flags.json && flags.csv) throw new LabError('--json, --csv: give one of the two');
  const asked = (flags.intervene ?? []).map(parseIntervention);
  const run = await weightsOfRun(nodeStorage, word);
  const { config, kept } = run;
  const interventions = appliedInterventions(config, asked, flags.dropTrained);
  const moments = flags.at === 'all' ? kept : [run.at(flags.at)];
  const { weights: donors } = await readDonors(nodeStorage, donorsNeeded(config, interventions));
  const evaluation = new WeightsEvaluation({
    config,
    interventions,
    donors,
    evaluators: flags.evaluators?.split(',').map((name) => name.trim()),
  });
  const { stdout, stderr } = context.process;
  if (evaluation.leftOut.length > 0) stderr.write(`iclab: warning: ${leftOutWarning(evaluation.leftOut)}\n`);
  const shape = modelShape(config, resolveData(config.data, config.data.source));
  await evaluation.startThreads(defaultThreads(shape, config.train, physicalCores()));
  const lines = interventions.specs.flatMap((spec) =>
    isFunctionClamp(spec) ? [] : [printIntervention(spec)],
  );
  try {
    const found: EvaluatedMoment[] = [];
    for (const moment of moments) {
      const { weights, sequences, step } = await run.read(moment);
      const records = evaluation.evaluate(weights, { sequences, step });
      found.push({ sequences, step, records });
      if (flags.json) {
        const told = { run: run.name, id: run.id, interventions: lines };
        for (const record of records) stdout.write(`${JSON.stringify({ ...told, ...record })}\n`);
      }
    }
    if (flags.json) return;
    if (flags.csv) {
      stdout.write(evaluateCsv(found, lines));
      return;
    }
    const after = found.length === 1 ? ` after ${formatCount(found[0].sequences)} sequences` : '';
    const title = [`${run.name}${after}`, ...lines.map((line) => `with ${line}`)];
    const width = stdout.isTerminal ? stdout.columns() - 1 : undefined;
    stdout.write(`${title.map(visibleLine).join('\n')}\n\n${evaluateTable(found, width)}`);
  } finally {
    await evaluation.close();
  }
}

/** For stricli. @throws {Error} which it turns into its message */
function parseMoments(text: string): number | 'all' {
  return text === 'all' ? text : parseSequences(text);
}

export const evaluateCommand = buildCommand<EvaluateFlags, [string?], LabContext>({
  func: evaluate,
  parameters: {
    flags: {
      at: {
        kind: 'parsed',
        parse: parseMoments,
        optional: true,
        placeholder: 'sequences|all',
        brief: 'Which moment: sequences seen, like 300000, 300k or 1.2M, or all; default: the last one kept',
      },
      intervene: {
        ...interveneFlag,
        brief:
          'What is done to activations meanwhile, after what the run was trained with; may be given again',
      },
      dropTrained: switchFlag('Without what the run was trained with'),
      evaluators: {
        kind: 'parsed',
        parse: String,
        optional: true,
        placeholder: 'names',
        brief: 'Only these, like ciwl,flip',
      },
      json: jsonFlag('One JSON object for each evaluator and moment'),
      csv: switchFlag('As CSV, with every metric'),
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: String, placeholder: 'run', brief: 'Folder, name or id of a run', optional: true },
      ],
    },
  },
  docs: {
    brief: "Evaluate a run's kept weights, with interventions or without",
    fullDescription: `Evaluate a run's kept weights on its evaluators' fixed sequences, with interventions or without. Writes nothing.

EXAMPLES
  iclab evaluate fig1b-quick
  iclab evaluate fig1b-quick --at all --csv > evaluations.csv
  iclab evaluate fig1b-quick --intervene 'ablateHeads=0:*' --intervene preserve=keys,values
  iclab evaluate fig1b-quick --at 600k --intervene graftOut=0@fig1b-quick:6M --evaluators flip

INTERVENTIONS
  One line each; blocks and heads count from 0, 1:* is all heads of block 1 (docs/interventions.md):
${interventionExamples.map((line) => `  ${line}`).join('\n')}`,
  },
});
