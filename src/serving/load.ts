import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PolytaskError } from '../common/error.ts';
import { chooseDescriptor, type SentenceEncoder } from '../data/descriptors/index.ts';
import { EncoderSet } from '../data/index.ts';
import type { DescriptorsFile, ModelSignatureFile } from '../experiment/model-folder.ts';
import { isConditioned } from '../model/index.ts';
import { type OpenRuntimeOptions, openRuntime } from '../platform/node/index.ts';
import type { Tasks } from '../problem/index.ts';
import { Model } from './model.ts';

export interface LoadOptions extends OpenRuntimeOptions {
  /** The sentence encoder that the model was trained with, where it was handed one: for tasks that are new to it. */
  readonly textEncoder?: SentenceEncoder;
}

/** Loads a model folder: see Model. @throws `model-invalid` */
export async function load<T extends Tasks = Tasks>(
  folder: string,
  { textEncoder, ...options }: LoadOptions = {},
): Promise<Model<T>> {
  const [signatureText, encoderText, graph] = await Promise.all(
    ['signature.json', 'encoders.json', 'model.onnx'].map((name) => readPart(folder, name)),
  );
  const signature = parsePart<ModelSignatureFile>(folder, 'signature.json', signatureText!);
  if (signature.format !== 1)
    throw invalid(folder, 'format 1', `format ${String(signature.format)}`, 'Update polytask to read it.');
  const encoders = EncoderSet.fromJSON(parsePart(folder, 'encoders.json', encoderText!));
  const descriptors = await readDescriptors(folder, signature);
  const runtime = await openRuntime({ worker: false, ...options });
  const described = async (): Promise<Uint8Array> => new Uint8Array(await readPart(folder, 'described.onnx'));
  const parts = { signature, encoders, graph: new Uint8Array(graph!), descriptors, described, textEncoder };
  return Model.open<T>(parts, runtime).catch(async (cause: unknown) => {
    await runtime.close();
    const found = cause instanceof PolytaskError ? (cause.found ?? cause.code) : String(cause);
    throw invalid(
      join(folder, 'model.onnx'),
      'a graph that belongs to the signature',
      found,
      'Export the model again.',
    );
  });
}

/** z of the tasks, where the model has some that is no one-hot and not learned. */
async function readDescriptors(
  folder: string,
  { model }: ModelSignatureFile,
): Promise<DescriptorsFile | undefined> {
  const { descriptor, conditioning } = model ?? {};
  if (descriptor === undefined || !isConditioned(conditioning)) return undefined;
  if (!chooseDescriptor(descriptor).descriptor.describes) return undefined;
  return parsePart(folder, 'descriptors.json', await readPart(folder, 'descriptors.json'));
}

async function readPart(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    throw invalid(
      join(folder, name),
      'a file of a model folder',
      (cause as NodeJS.ErrnoException).code ?? 'no file',
      'Give the folder "model" of a finished run.',
    );
  }
}

function parsePart<T>(folder: string, name: string, text: Buffer): T {
  try {
    return JSON.parse(text.toString('utf8')) as T;
  } catch {
    throw invalid(join(folder, name), 'JSON', 'a damaged file', 'Export the model again.');
  }
}

function invalid(path: string, expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('model-invalid', { path, expected, found, help });
}
