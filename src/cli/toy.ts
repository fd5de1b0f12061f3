/** `iclab toy`: the toy model of strategy racing, its figures, its claims and its phase map. */
import { basename, dirname } from 'node:path';
import { buildCommand } from '@stricli/core';
import { countVerdicts } from '../../experiments/coopetition/claims/claim.ts';
import { raceFigure } from '../../experiments/coopetition/toy/paper-figures.ts';
import {
  axisValues,
  type PhaseMapSettings,
  phaseMapDefaults,
} from '../../experiments/coopetition/toy/phase-map.ts';
import {
  fig5aSeed,
  paperRace,
  type RaceSettings,
  stopWithoutMu,
} from '../../experiments/coopetition/toy/race-settings.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { toCsv } from '../report/csv.ts';
import { visibleLine } from '../report/visible-text.ts';
import { cannotWrite } from '../runs/storage/commit-file.ts';
import { nodeStorage } from '../runs/storage/node-storage.ts';
import { physicalCores } from '../runs/threads/physical-cores.ts';
import { mostThreads } from '../runs/threads/thread-count.ts';
import { racingModel } from '../toy/toy-model.ts';
import { finiteRun, runToy, type ToyRun } from '../toy/toy-run.ts';
import { traceColumns } from '../toy/toy-trace.ts';
import type { LabContext } from './context.ts';
import { refuseTakenPath } from './export-file.ts';
import { jsonFlag, runFlags, switchFlag } from './flags.ts';
import { tellingFailure } from './json-failure.ts';
import { verdictTable } from './report-output.ts';
import {
  type AxisRange,
  type Dims,
  parseCells,
  parseClamp,
  parseDims,
  parseFigure,
  parseNotNegative,
  parseNumberOrRange,
  parsePositive,
  parseSeeds,
  parseSteps,
} from './toy-flags.ts';
import { phaseMapText, runJson, runsText } from './toy-text.ts';

/** What changes the model or the descent: none of it goes with `--claims`. */
interface SettingFlags {
  readonly seed?: readonly number[];
  readonly mu1?: number | AxisRange;
  readonly mu2?: number;
  readonly alpha?: number | AxisRange;
  readonly dims?: Dims;
  readonly rate?: number;
  readonly stop?: number;
  readonly steps?: number;
  readonly clamp?: Readonly<Record<string, number>>;
}

interface ToyFlags extends SettingFlags {
  readonly map?: boolean;
  readonly cells?: number;
  readonly threads?: number;
  readonly claims?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly every?: number;
  readonly figure?: string;
  readonly force?: boolean;
}

/** Panels of one figure. */
const mostPanels = 60;
/** Rows of a recorded run that a figure has use for. */
const figureRows = 20_000;

function toy(this: LabContext, flags: ToyFlags): Promise<void> {
  return tellingFailure(this, flags.json, () => runToyCommand(this, flags));
}

async function runToyCommand(context: LabContext, flags: ToyFlags): Promise<void> {
  if (flags.json && flags.csv) throw new LabError('--csv, --json: both write to stdout; keep one of the two');
  if (flags.every !== undefined && !flags.csv)
    throw new LabError('--every: says how many steps lie between rows of --csv; give --csv too');
  if (!flags.map) refuseWith(flags, 'goes with --map; give that too', ['cells', 'threads']);
  if (flags.figure !== undefined)
    await refuseTakenPath(flags.figure, flags.force ?? false, '--figure', 'toy.svg');
  if (flags.claims) return showClaims(context, flags);
  return flags.map ? showMap(context, flags) : showRuns(context, flags);
}

/** @throws {LabError} exit code 64 where one of the flags was given */
function refuseWith(flags: ToyFlags, why: string, names: readonly (keyof ToyFlags)[]): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new LabError(`--${given}: ${why}`);
}

const settingNames = ['seed', 'mu1', 'mu2', 'alpha', 'dims', 'rate', 'stop', 'steps', 'clamp'] as const;

async function showClaims({ process }: LabContext, flags: ToyFlags): Promise<void> {
  refuseWith(flags, "the claims are judged on the paper's own runs; leave it out", settingNames);
  refuseWith(flags, 'claims are told as text or --json; leave it out', ['map', 'csv', 'figure']);
  // Loaded only now: they come with all that figures are drawn with.
  const { gatherToyEvidence, judgeToyClaims } = await import(
    '../../experiments/coopetition/claims/toy-claims.ts'
  );
  const verdicts = judgeToyClaims(gatherToyEvidence());
  const { holds, fails } = countVerdicts(verdicts);
  if (fails > 0) process.exitCode = exitCodes.checkFailed;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ kind: 'toyClaims', verdicts })}\n`
      : `${verdictTable(verdicts)}claims of the toy model: ${holds} hold, ${fails} fail (docs/toy.md)\n`,
  );
}

/** @throws {LabError} exit code 64 for a range, which only a map takes */
function oneNumber(name: string, value: number | AxisRange): number {
  if (typeof value === 'number') return value;
  throw new LabError(`--${name}: a range is an axis of --map; give --map too, or one number`);
}

function raceSettings(flags: SettingFlags): RaceSettings {
  const { racing, descent } = paperRace;
  const mu1 = oneNumber('mu1', flags.mu1 ?? racing.mu1);
  return {
    racing: {
      mu1,
      mu2: flags.mu2 ?? racing.mu2,
      alpha: oneNumber('alpha', flags.alpha ?? racing.alpha),
      dims: flags.dims ?? racing.dims,
      ...(flags.clamp === undefined ? {} : { clamp: flags.clamp }),
    },
    descent: {
      rate: flags.rate ?? descent.rate,
      stop: flags.stop ?? (mu1 === 0 ? stopWithoutMu : descent.stop),
      steps: flags.steps ?? descent.steps,
    },
  };
}

async function showRuns({ process: { stdout } }: LabContext, flags: ToyFlags): Promise<void> {
  const settings = raceSettings(flags);
  const { descent } = settings;
  const seeds = flags.seed ?? [fig5aSeed];
  if (flags.figure !== undefined && seeds.length > mostPanels) {
    throw new LabError(`--figure: draws at most ${mostPanels} seeds; got ${seeds.length}`);
  }
  const model = racingModel(settings.racing);
  const run = (seed: number, everySteps?: number) =>
    finiteRun(runToy(model, seed, { ...descent, everySteps }), descent);
  const forFigure = flags.figure === undefined ? undefined : Math.ceil(descent.steps / figureRows);
  const runs: ToyRun[] = [];
  if (flags.csv) stdout.write(toCsv(['seed', ...traceColumns(model)], []));
  for (const seed of seeds) {
    if (flags.csv) stdout.write(csvRows(run(seed, flags.every ?? 10)));
    if (!flags.csv || forFigure !== undefined) runs.push(run(seed, forFigure));
  }
  const file = await writeFigure(flags.figure, async () => {
    const { drawRaces } = await import('../../experiments/coopetition/toy/race-figure.ts');
    return drawRaces(raceFigure(settings, runs));
  });
  if (flags.csv) return;
  if (flags.json) {
    const clamped = Object.fromEntries(model.vectors.map(({ name, clamped: count }) => [name, count]));
    const told = { ...settings.racing, clamp: clamped, ...descent };
    stdout.write(`${JSON.stringify({ kind: 'toy', settings: told, runs: runs.map(runJson), ...file })}\n`);
    return;
  }
  stdout.write(runsText(settings, runs, stdout.isTerminal ? stdout.columns() - 1 : undefined));
  if (file !== undefined) stdout.write(`${visibleLine(file.figure)}\n`);
}

function csvRows({ seed, trace }: ToyRun): string {
  if (trace === undefined) return '';
  const columns = [...trace.columns.values()];
  const rows = Array.from({ length: trace.rows }, (_, i) => [seed, ...columns.map((column) => column[i])]);
  return toCsv([], rows).slice('\n'.length); // without the empty header line
}

function mapSettings(flags: ToyFlags): PhaseMapSettings {
  refuseWith(flags, 'a map has no clamped vectors; leave it out', ['clamp']);
  refuseWith(flags, 'a map has one row for each cell; leave it out', ['every']);
  const plain = phaseMapDefaults;
  const axis = (name: 'mu1' | 'alpha'): AxisRange => {
    const given = flags[name];
    if (typeof given !== 'number') return given ?? plain[name];
    throw new LabError(`--${name}: an axis of the map; give a range like .001..10, or leave it out`);
  };
  const [a, b, c, d] = flags.dims ?? [...plain.dims, undefined];
  const { rate = plain.descent.rate, stop = plain.descent.stop, steps = plain.descent.steps } = flags;
  return {
    cells: flags.cells ?? plain.cells,
    mu1: axis('mu1'),
    alpha: axis('alpha'),
    dims: [a, b, c],
    dimsOfD: d === undefined ? plain.dimsOfD : [d],
    seeds: flags.seed ?? plain.seeds,
    mu2: flags.mu2 ?? plain.mu2,
    descent: { rate, stop, steps },
  };
}

async function showMap({ process: { stdout } }: LabContext, flags: ToyFlags): Promise<void> {
  const settings = mapSettings(flags);
  const panels = settings.seeds.length * settings.dimsOfD.length;
  if (panels > mostPanels)
    throw new LabError(`--map: draws at most ${mostPanels} panels; got ${panels}, so take fewer seeds`);
  const { computePhaseMap } = await import('../../experiments/coopetition/toy/phase-map-threads.ts');
  const { drawPhaseMap, phaseMapRows } = await import(
    '../../experiments/coopetition/toy/phase-map-figure.ts'
  );
  const threads = flags.threads ?? Math.min(mostThreads, physicalCores());
  const isWatched = stdout.isTerminal && !flags.csv && !flags.json;
  const map = await computePhaseMap(settings, {
    threads,
    onRow: (done, all) => {
      if (!isWatched) return;
      stdout.write(done < all ? `\rphase map: ${done} of ${all} rows` : '\r\u001b[K');
    },
  });
  const file = await writeFigure(flags.figure, () => Promise.resolve(drawPhaseMap(map)));
  if (flags.csv) {
    const { header, rows } = phaseMapRows(map);
    stdout.write(toCsv(header, rows));
    return;
  }
  if (flags.json) {
    const axes = {
      mu1: axisValues(settings.mu1, settings.cells),
      alpha: axisValues(settings.alpha, settings.cells),
    };
    stdout.write(`${JSON.stringify({ kind: 'toyMap', settings, axes, panels: map.panels, ...file })}\n`);
    return;
  }
  stdout.write(phaseMapText(map, stdout.isTerminal ? stdout.columns() - 1 : undefined));
  if (file !== undefined) stdout.write(`${visibleLine(file.figure)}\n`);
}

/**
 * The figure in its file, if one is wished for; its folder is made if need be.
 * @throws {LabError} exit code 73
 */
async function writeFigure(
  path: string | undefined,
  draw: () => Promise<string>,
): Promise<{ readonly figure: string } | undefined> {
  if (path === undefined) return undefined;
  const { renderPng } = await import('../report/png.ts');
  const { replaceFile } = await import('../../experiments/coopetition/save-report.ts');
  const svg = await draw();
  const bytes = /\.png$/i.test(path) ? await renderPng(svg) : new TextEncoder().encode(`${svg}\n`);
  try {
    await nodeStorage.makeDirectory(dirname(path));
    await replaceFile(nodeStorage, dirname(path), basename(path), bytes);
  } catch (error) {
    throw cannotWrite(path, error);
  }
  return { figure: path };
}

/** A flag with a value that may be left out. */
function valueFlag<Value>(parse: (text: string) => Value, placeholder: string, brief: string) {
  return { kind: 'parsed', parse, optional: true, placeholder, brief } as const;
}

export const toyCommand = buildCommand<ToyFlags, [], LabContext>({
  func: toy,
  parameters: {
    flags: {
      seed: valueFlag(parseSeeds, 'seeds', 'Seeds as 7, 0..11 or 0,4,7; default 7, of a map 0,4,7'),
      mu1: valueFlag(parseNumberOrRange, 'x', 'Last cost of mechanism 1, default .1; of a map its range'),
      mu2: valueFlag(parseNotNegative, 'x', 'Last cost of mechanism 2, default 0'),
      alpha: valueFlag(parseNumberOrRange, 'x', 'Strength of competition, default .1; of a map its range'),
      dims: valueFlag(parseDims, 'a,b,c,d', 'Entries of the vectors, default 20,20,20,160'),
      rate: valueFlag(parsePositive, 'x', 'Learning rate, default 1'),
      stop: valueFlag(parseNotNegative, 'x', 'Loss below which a run stops, default 1e-6, with mu1 0 1e-3'),
      steps: valueFlag(parseSteps, 'n', 'Most steps of a run, default 16000'),
      clamp: valueFlag(
        parseClamp,
        'vectors',
        'Kept at their targets: b,c:5 is b and the first 5 entries of c',
      ),
      map: switchFlag('Which regime holds over mu1 and alpha, for three sizes of d'),
      cells: valueFlag(parseCells, 'n', 'Cells along each side of a map, default 40'),
      threads: {
        ...runFlags.threads,
        brief: 'Threads that compute a map; default: as many as there are cores',
      },
      claims: switchFlag("Judge the paper's claims on its own settings; exit code 1 if one fails"),
      json: jsonFlag('One JSON object, for programs (docs/events.md)'),
      csv: switchFlag('Every 10th step of each run, or every cell of a map, as CSV'),
      every: valueFlag(parseSteps, 'n', 'Steps between rows of --csv'),
      figure: valueFlag(parseFigure, 'file', 'Draw the runs or the map into this .svg or .png'),
      force: switchFlag('Replace a figure that is there'),
    },
  },
  docs: {
    brief: 'Run the toy model of strategy racing',
    fullDescription: `Run the toy model of strategy racing (docs/toy.md): two mechanisms, a o b o c and d o b o c, that share b and c and
compete through a and d. Seeds mean what they mean in the authors' notebook. Takes milliseconds a seed.

EXAMPLES
  iclab toy --figure fig5a.svg                        figure 5a: seed 7, the divot circled
  iclab toy --seed 0..11 --figure fig16.svg           figure 16
  iclab toy --seed 0..11 --mu1 0 --figure fig17.svg   figure 17
  iclab toy --clamp b,c:5                             b, and 5 entries of c, kept at their targets
  iclab toy --map --figure map.svg                    where transience vanishes, in half a minute on two cores
  iclab toy --claims`,
  },
});
