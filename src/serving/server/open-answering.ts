import { filesOf } from '../../artefact/index.ts';
import { openRuntime } from '../../platform/node/index.ts';
import { Model } from '../model.ts';
import { Answering } from './answering.ts';
import type { WorkerStart } from './protocol.ts';

/** Opens a model in this thread, ready to answer. One thread a runtime: workers are what runs side by side. */
export async function openAnswering(
  start: WorkerStart,
): Promise<{ readonly answering: Answering; close(): Promise<void> }> {
  const { place, files, runtime } = start;
  const open = (): ReturnType<typeof openRuntime> => openRuntime({ worker: false, runtime, threads: 1 });
  const model = await Model.load(filesOf(place, files), open);
  return { answering: new Answering(model, start), close: () => model.close() };
}
