import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PolytaskError } from '../common/error.ts';
import { EncoderSet } from '../data/index.ts';
import type { ModelSignatureFile } from '../experiment/model-folder.ts';
import { type OpenRuntimeOptions, openRuntime } from '../platform/node/index.ts';
import type { Tasks } from '../problem/index.ts';
import { Model } from './model.ts';

/** Loads a model folder: see Model. @throws `model-invalid` */
export async function load<T extends Tasks = Tasks>(
  folder: string,
  options: OpenRuntimeOptions = {},
): Promise<Model<T>> {
  const [signatureText, encoderText, graph] = await Promise.all(
    ['signature.json', 'encoders.json', 'model.onnx'].map((name) => readPart(folder, name)),
  );
  const signature = parsePart<ModelSignatureFile>(folder, 'signature.json', signatureText!);
  if (signature.format !== 1)
    throw invalid(folder, 'format 1', `format ${String(signature.format)}`, 'Update polytask to read it.');
  const encoders = EncoderSet.fromJSON(parsePart(folder, 'encoders.json', encoderText!));
  const runtime = await openRuntime({ worker: false, ...options });
  return Model.open<T>({ signature, encoders, graph: new Uint8Array(graph!) }, runtime).catch(
    async (cause: unknown) => {
      await runtime.close();
      const found = cause instanceof PolytaskError ? (cause.found ?? cause.code) : String(cause);
      throw invalid(
        join(folder, 'model.onnx'),
        'a graph that belongs to the signature',
        found,
        'Export the model again.',
      );
    },
  );
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
