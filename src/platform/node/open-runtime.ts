import type { Runtime } from '../../engine/runtime/runtime.ts';
import { openLocal } from './local.ts';
import type { RuntimeOptions } from './probe.ts';
import { workerFile } from './worker-file.ts';
import { WorkerRuntime } from './worker-runtime.ts';

export interface OpenRuntimeOptions extends RuntimeOptions {
  /** Whether to work in a thread of its own (default) or in this one. */
  readonly worker?: boolean;
  /** Where the worker's code is, when a bundler has moved it away from the package. */
  readonly workerFile?: URL;
}

/**
 * Opens a runtime in Node: native where onnxruntime-node works, else wasm; `runtime.note` says which and why.
 *
 * @throws PolytaskError `runtime-unavailable` when the asked-for runtime does not work on this machine
 * @example
 * const runtime = await openRuntime();
 * console.log(runtime.note); // native, 2 threads (onnxruntime-node 1.30.0)
 */
export async function openRuntime(options: OpenRuntimeOptions = {}): Promise<Runtime> {
  const { worker = true, workerFile: file = workerFile(), ...rest } = options;
  if (!worker) return openLocal(rest);
  if (file !== undefined) return WorkerRuntime.open(file, rest);
  return openLocal({ ...rest, remark: 'in this thread: the worker is not built' });
}
