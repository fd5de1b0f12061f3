/**
 * What `import ... from 'iclab'` gives (docs/library.md): small on purpose, and kept. Nothing happens on import. Every
 * error that a reader can do something about is a `LabError`, one line, with the exit code the command line would give.
 */
export { exitCodes, LabError } from '../errors/lab-error.ts';
export { metricNames } from '../evaluate/metrics.ts';
export { curveOf } from '../report/metrics-table.ts';
export { renderPng } from '../report/png.ts';
export { drawFig1b } from './figures.ts';
export { parseIntervention, printIntervention } from '../intervene/intervention.ts';
export {
  assemble,
  captureCheckpoint,
  evaluateCheckpoint,
  listCheckpoints,
  readCheckpoint,
  readDonorWeights,
} from './model.ts';
export { listRuns, makeConfig, openRun, trainRun } from './runs.ts';
export { racingModel, singleMechanismModel } from '../toy/toy-model.ts';
export { runToy } from '../toy/toy-run.ts';

export type { ReadRun as Run } from '../../experiments/coopetition/read-run.ts';
export type { ExitCode } from '../errors/lab-error.ts';
export type { Curve, CurvePoint } from '../evaluate/curve.ts';
export type { EvaluationRecord, MetricName, TrainRecord } from '../evaluate/metrics.ts';
export type { DonorWeights } from '../intervene/donor.ts';
export type { AnyIntervention, Intervention } from '../intervene/intervention.ts';
export type { ClampBatch, ClampFunction, FunctionClamp } from '../intervene/kinds/clamp.ts';
export type { MetricsTable } from '../report/metrics-table.ts';
export type { AssembledRun } from '../runs/assemble.ts';
export type { CheckpointContent, FloatTensor } from '../runs/checkpoint-file.ts';
export type { RunConfig } from '../runs/config.ts';
export type { FoundRun } from '../runs/find-runs.ts';
export type { RunEvent } from '../runs/run-events.ts';
export type { RacingSettings, ToyModel } from '../toy/toy-model.ts';
export type { ToyRun, ToyRunOptions } from '../toy/toy-run.ts';
export type { ConfigWish, Settings } from '../runs/make-config.ts';
export type { SitePattern } from '../intervene/site-patterns.ts';
export type { SiteValue } from '../model/read-site.ts';
export type { CaptureOptions, EvaluateOptions, InterveneOptions } from './model.ts';
export type { TrainedRun, TrainRunOptions } from './runs.ts';
