export { configJsonSchema, parseConfig } from './config.ts';
export { type FitEvent, type FitHooks, resumeFit, runFit } from './fit.ts';
export { type Prepared, prepare } from './prepare.ts';
export type { DataFacts, RunResult, TaskFacts, TrialResult } from './result.ts';
export type { RunConfig, RunConfigInput } from './run-config.ts';
export { RunFolder } from './run-folder.ts';
export { VERSION } from './version.ts';
