export { type OpenRuntimeOptions, openRuntime } from './open-runtime.ts';
export type { RuntimeOptions, RuntimeReport } from './probe.ts';
export { probeRuntimes } from './report.ts';
