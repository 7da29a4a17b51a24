import * as ort from 'onnxruntime-web/wasm';
import { filesOf, invalidModel, type ModelFiles, unpackModel } from './artefact/index.ts';
import type { SentenceEncoder } from './data/descriptors/index.ts';
import { LocalRuntime, type Ort } from './engine/runtime/local.ts';
import type { Tasks } from './problem/index.ts';
import { Model } from './serving/model.ts';
import type { Row } from './serving/rows.ts';

export { PolytaskError } from './common/error.ts';
export type {
  BinaryPrediction,
  CountPrediction,
  MulticlassPrediction,
  MultilabelPrediction,
  OrdinalPrediction,
  PredictionOf,
  Predictions,
  QuantilePrediction,
  RegressionPrediction,
  Task,
  Tasks,
} from './problem/index.ts';
export { Model, type PredictedColumns, type PredictOptions } from './serving/model.ts';
export type { NewTask } from './serving/task-vectors.ts';

export interface LoadOptions {
  /** Where `ort-wasm-simd-threaded.wasm` of onnxruntime-web is served; default: beside this script. */
  readonly wasm?: string | URL;
  /** Threads of the runtime; more than one needs a page that is cross-origin isolated. */
  readonly threads?: number;
  /** The sentence encoder that the model was trained with, where it was handed one. */
  readonly textEncoder?: SentenceEncoder;
}

/**
 * Loads a model in a page or a worker: from the address of its folder (with a slash at the end) or of its single file, or from
 * the bytes of the latter. Nothing else is fetched than the model and the runtime's wasm.
 *
 * @throws `model-invalid`, `runtime-unavailable`
 * @example
 * import { load } from 'polytask/browser';
 * const model = await load('/models/income.onnx');
 * const { income } = await model.predict({ age: 41, education: 'Bachelors' });
 */
export async function load<T extends Tasks = Tasks, R extends Row = Row>(
  from: string | URL | Uint8Array | ArrayBuffer,
  { wasm, threads = 1, textEncoder }: LoadOptions = {},
): Promise<Model<T, R>> {
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = {
    wasm: new URL(wasm ?? 'ort-wasm-simd-threaded.wasm', new URL('.', import.meta.url)),
  };
  const open = async (): Promise<LocalRuntime> =>
    new LocalRuntime(ort as unknown as Ort, { name: 'wasm', threads });
  return Model.load<T, R>(await openFiles(from), open, textEncoder);
}

async function openFiles(from: string | URL | Uint8Array | ArrayBuffer): Promise<ModelFiles> {
  if (from instanceof Uint8Array || from instanceof ArrayBuffer)
    return filesOf('the model', unpackModel(new Uint8Array(from as ArrayBuffer), 'the model'));
  const address = new URL(from, globalThis.location?.href);
  if (address.pathname.endsWith('/'))
    return { place: address.href.slice(0, -1), read: (name) => fetchBytes(new URL(name, address)) };
  const bytes = await fetchBytes(address);
  if (bytes === undefined) throw invalidModel(address.href, 'a model', 'nothing there', 'Check the address.');
  return filesOf(address.href, unpackModel(bytes, address.href));
}

async function fetchBytes(address: URL): Promise<Uint8Array | undefined> {
  const response = await fetch(address).catch((cause: Error) => {
    throw invalidModel(address.href, 'a file that can be fetched', cause.message, 'Check the address.');
  });
  if (response.status === 404) return undefined;
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw invalidModel(address.href, 'a file that can be fetched', `status ${response.status}`);
}
