/**
 * What a page imports to train (docs/library.md, "In a page"). Nothing happens on import; no file is touched, no framework
 * is needed. Errors that a reader can do something about are `LabError`s, one line each.
 */
export { exitCodes, LabError } from '../errors/lab-error.ts';
export { makeConfig } from '../runs/make-config.ts';
export { startRun } from './start-run.ts';

export type { EvaluationRecord, MetricName } from '../evaluate/metrics.ts';
export type { RunConfig } from '../runs/config.ts';
export type { ConfigWish, Settings } from '../runs/make-config.ts';
export type { PageEngine, PageEvent, PageResult } from './page-events.ts';
export type { PageRun, PageRunOptions } from './start-run.ts';
