import type { SentenceEncoder } from '../data/descriptors/index.ts';
import { type OpenRuntimeOptions, openRuntime } from '../platform/node/index.ts';
import type { Tasks } from '../problem/index.ts';
import { Model } from './model.ts';
import { openFiles } from './model-place.ts';
import type { Row } from './rows.ts';

export interface LoadOptions extends OpenRuntimeOptions {
  /** The sentence encoder that the model was trained with, where it was handed one: for tasks that are new to it. */
  readonly textEncoder?: SentenceEncoder;
}

/**
 * Loads a model, from its folder or its single file: see Model.
 *
 * @throws `model-invalid` for what is damaged, altered, or no model
 * @example
 * const model = await load('runs/first/model');
 */
export async function load<T extends Tasks = Tasks, R extends Row = Row>(
  place: string,
  { textEncoder, ...options }: LoadOptions = {},
): Promise<Model<T, R>> {
  const files = await openFiles(place);
  return Model.load<T, R>(files, () => openRuntime({ worker: false, ...options }), textEncoder);
}
