import { availableParallelism } from 'node:os';
import { PolytaskError } from '../../common/error.ts';
import { input } from '../../engine/leaf.ts';
import { forWebGpu } from '../../engine/onnx/for-webgpu.ts';
import { mul } from '../../engine/operators/index.ts';
import { compile } from '../../engine/program.ts';
import { LocalRuntime, type Ort } from '../../engine/runtime/local.ts';
import type { RuntimeName } from '../../engine/runtime/runtime.ts';
import { numbers, tensorData } from '../../engine/tensor-data.ts';
import { MEDIATORS } from '../../objective/index.ts';

export interface RuntimeOptions {
  /** `auto` takes the first that works: native, then wasm. */
  readonly runtime?: 'auto' | RuntimeName;
  /** Threads inside one operator; by default the available cores, at most four. */
  readonly threads?: number;
  readonly optimisation?: 'all' | 'disabled';
}

/** Whether a runtime works on this machine; `reason` says why not. */
export interface RuntimeReport {
  readonly name: RuntimeName;
  readonly available: boolean;
  /** The package that provides it and its version, such as `onnxruntime-node 1.30.0`. */
  readonly version?: string;
  readonly threads?: number;
  readonly reason?: string;
}

type Loaded = { readonly ort: Ort; readonly version: string; readonly threads: number };
export type Attempt =
  | { readonly runtime: LocalRuntime; readonly version: string }
  | { readonly reason: string };

export const RUNTIMES: readonly RuntimeName[] = ['native', 'wasm', 'webgpu'];

/** Beyond a few threads the small products of tabular models only get slower. */
const MOST_THREADS = 4;

export function threadsOf(options: RuntimeOptions): number {
  const threads = options.threads ?? Math.min(availableParallelism(), MOST_THREADS);
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new PolytaskError('runtime-unavailable', {
    path: 'threads',
    expected: 'a whole number of threads, one or more',
    found: String(threads),
    help: `Leave it out to use ${Math.min(availableParallelism(), MOST_THREADS)}.`,
  });
}

/** Loads a runtime in this thread and proves it on a tiny program. */
export async function attempt(name: RuntimeName, options: RuntimeOptions, because = ''): Promise<Attempt> {
  try {
    const { ort, version, threads } = await load(name, threadsOf(options));
    const runtime = new LocalRuntime(ort, {
      name,
      threads,
      optimisation: options.optimisation ?? 'all',
      mediators: MEDIATORS,
      ...(name === 'webgpu' && { rewrite: forWebGpu }),
      note: `${name}, ${threads} thread${threads === 1 ? '' : 's'} (${version})${because}`,
    });
    await prove(runtime);
    return { runtime, version };
  } catch (error) {
    if (error instanceof PolytaskError && error.path === 'threads') throw error;
    return { reason: reasonOf(error) };
  }
}

async function load(name: RuntimeName, threads: number): Promise<Loaded> {
  if (name === 'wasm') {
    const { default: ort } = await import('onnxruntime-web');
    // Read once, when the first session starts: a second runtime of the same thread gets the threads of the first.
    ort.env.wasm.numThreads ??= threads;
    return {
      ort: ort as unknown as Ort,
      version: `onnxruntime-web ${ort.env.versions.web ?? ''}`,
      threads: ort.env.wasm.numThreads,
    };
  }
  const { default: ort } = await import('onnxruntime-node');
  return { ort: ort as unknown as Ort, version: `onnxruntime-node ${ort.env.versions.node ?? ''}`, threads };
}

async function prove(runtime: LocalRuntime): Promise<void> {
  const x = input('x', [2]);
  const session = await runtime.load(compile({ square: mul(x, x) }, { name: 'probe' }));
  const { square } = await session.run({ x: tensorData([2, -3], [2]) });
  await session.close();
  const [a, b] = numbers(square!);
  if (a !== 4 || b !== 9) throw new Error(`the squares of 2 and -3 came out as ${a} and ${b}`);
}

/** The part of an error that a person can use: no stack of required modules, no C++ paths. */
export function reasonOf(error: unknown): string {
  const text =
    error instanceof PolytaskError ? (error.found ?? error.message) : String((error as Error).message);
  const line = text.split('\n')[0]!;
  return line.replace(/^.*\bwas false\. /, '').replace(/^\/\S+\.(cc|h):\d+ .*?\) /, '');
}
