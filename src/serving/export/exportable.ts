import { join } from 'node:path';
import { type Artefact, GRAPH, MANIFEST, manifestOf, readArtefact } from '../../artefact/index.ts';
import { type FinishedRun, openFinished } from '../../experiment/finished-run.ts';
import { isRun, VERSION } from '../../experiment/index.ts';
import { openRuntime } from '../../platform/node/index.ts';
import { Model } from '../model.ts';
import { openFiles } from '../model-place.ts';

/** A model in memory, as steps of an export pass it on. */
export type Exportable = Omit<Artefact, 'described'> & { readonly described?: Uint8Array | undefined };

/** A model to export, and the run that it comes from, where it is known. */
export interface ExportSource {
  readonly model: Exportable;
  readonly run: FinishedRun | undefined;
}

/**
 * Reads a model: that of a finished run, a model folder, or a single file.
 *
 * @throws `run-folder` for a run that is not finished, `model-invalid`
 */
export async function openExportable(from: string): Promise<ExportSource> {
  const run = (await isRun(from)) ? await openFinished(from) : undefined;
  const files = await openFiles(run === undefined ? from : join(from, 'model'));
  const { described, signature, ...model } = await readArtefact(files);
  // What was read is the graph of features, whatever stood before it.
  const { columns: _, ...own } = signature;
  return { model: { ...model, signature: own, described: await described?.() }, run };
}

/** The files of a model, with their manifest last. */
export function filesOfExportable({
  signature,
  encoders,
  graph,
  descriptors,
  described,
  card,
}: Exportable): Map<string, Uint8Array> {
  const files = new Map([
    [GRAPH, graph],
    ['encoders.json', json(encoders.toJSON())],
    ...(described ? ([['described.onnx', described]] as const) : []),
    ...(descriptors ? ([['descriptors.json', json(descriptors)]] as const) : []),
    ...(card ? ([['card.json', json(card, 2)]] as const) : []),
    ['signature.json', json({ ...signature, polytask: VERSION }, 2)],
  ]);
  return files.set(MANIFEST, json(manifestOf(files, VERSION), 2));
}

/** Works with the model loaded, over a runtime of its own. */
export async function withModel<R>(
  { described, ...model }: Exportable,
  work: (model: Model) => Promise<R>,
): Promise<R> {
  const runtime = await openRuntime({ worker: false });
  try {
    const artefact = { ...model, described: described && (async () => described) };
    return await work(await Model.open(artefact, runtime));
  } finally {
    await runtime.close();
  }
}

const json = (value: unknown, indent?: number): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value, null, indent)}\n`);
