import { PolytaskError, suggest } from '../../../src/common/error.ts';
import { forWebGpu } from '../../../src/engine/onnx/for-webgpu.ts';
import { LocalRuntime, type Ort } from '../../../src/engine/runtime/local.ts';
import { MEDIATORS } from '../../../src/objective/index.ts';
import { withoutWebGpu } from './webgpu.ts';

/** What a page may train on. */
export type PageRuntime = 'wasm' | 'webgpu';

/** Served as they are by the studio, their wasm beside them. */
const ADDRESSES: Readonly<Record<PageRuntime, string>> = {
  wasm: '/ort/ort.wasm.bundle.min.mjs',
  webgpu: '/ort/ort.webgpu.bundle.min.mjs',
};

/** The runtimes of a page, each loaded when it is first asked for. */
export class Runtimes {
  readonly #known = new Map<string, Promise<LocalRuntime>>();

  /** @throws `runtime-unavailable` where the browser has it not, `usage-invalid` for what is none */
  get(name: string): Promise<LocalRuntime> {
    const known = this.#known.get(name) ?? open(name);
    this.#known.set(name, known);
    // What did not open is tried again when it is next asked for.
    known.catch(() => this.forget(name));
    return known;
  }

  /** Opens it anew when it is next asked for. */
  forget(name: string): void {
    this.#known.delete(name);
  }
}

async function open(name: string): Promise<LocalRuntime> {
  if (!isRuntime(name)) throw unknown(name);
  const missing = name === 'webgpu' ? await withoutWebGpu() : undefined;
  if (missing !== undefined) throw unavailable(name, missing);
  const ort = await load(name);
  ort.env.wasm.numThreads = 1;
  return new LocalRuntime(ort as unknown as Ort, {
    name,
    threads: 1,
    mediators: MEDIATORS,
    ...(name === 'webgpu' && { deviceState: true, rewrite: forWebGpu }),
  });
}

async function load(name: PageRuntime): Promise<typeof import('onnxruntime-web/wasm')> {
  try {
    return await import(/* @vite-ignore */ ADDRESSES[name]);
  } catch (cause) {
    throw unavailable(name, String(cause));
  }
}

const isRuntime = (name: string): name is PageRuntime => Object.hasOwn(ADDRESSES, name);

function unknown(name: string): PolytaskError {
  const names = Object.keys(ADDRESSES);
  return new PolytaskError('usage-invalid', {
    path: 'runtime',
    expected: names.join(' | '),
    found: name,
    help: suggest(name, names),
  });
}

function unavailable(name: PageRuntime, found: string): PolytaskError {
  return new PolytaskError('runtime-unavailable', {
    path: 'runtime',
    expected: name,
    found,
    help: 'Train on wasm, which every browser has.',
  });
}
