import { PolytaskError } from '../common/error.ts';
import { EncoderSet, type EncoderSetJSON } from '../data/index.ts';
import type { ModelCard } from './card.ts';
import { checked, MANIFEST, type Manifest } from './manifest.ts';
import { invalidModel, type ModelFiles } from './model-files.ts';
import { type DescriptorsFile, FORMAT, type Signature } from './signature.ts';
import { GRAPH } from './single-file.ts';
import { type SignatureV1, upgradeSignature } from './upgrade.ts';
import { withoutEncoders } from './without-encoders.ts';

/** What the files of a model hold. */
export interface Artefact {
  readonly signature: Signature;
  readonly encoders: EncoderSet;
  /** The bytes of `model.onnx`. */
  readonly graph: Uint8Array;
  /** z of the tasks, and how that of others is made. */
  readonly descriptors?: DescriptorsFile | undefined;
  /** The bytes of `described.onnx`, which takes rows with the z of a task. */
  readonly described?: (() => Promise<Uint8Array>) | undefined;
  readonly card?: ModelCard | undefined;
}

/**
 * Reads a model, of this format or an earlier one, and holds every file against its checksum.
 *
 * @throws `model-invalid` for what is missing, damaged, altered, or of a later format
 */
export async function readArtefact(given: ModelFiles): Promise<Artefact> {
  const manifest = await readJson<Manifest>(given, MANIFEST);
  const files = manifest === undefined ? given : checked(given, known(given, manifest));
  const found = await required<Signature | SignatureV1>(files, 'signature.json');
  known(files, found);
  const encoders = await required<EncoderSetJSON>(files, 'encoders.json');
  const descriptors = await readJson<DescriptorsFile>(files, 'descriptors.json');
  const card = await readJson<ModelCard>(files, 'card.json');
  const graph = await bytesOf(files, GRAPH);
  try {
    const set = EncoderSet.fromJSON(encoders);
    const signature =
      found.format === FORMAT ? found : upgradeSignature(found, set, descriptors?.descriptor.width);
    const described = signature.described && (() => bytesOf(files, 'described.onnx'));
    const { columns } = signature;
    const features = columns === undefined ? graph : withoutEncoders(graph, columns);
    if (features === undefined)
      throw invalidModel(`${given.place}/${GRAPH}`, 'a graph of columns', 'another');
    return { signature, encoders: set, graph: features, descriptors, described, card };
  } catch (cause) {
    if (cause instanceof PolytaskError && cause.code !== 'encoder-invalid') throw cause;
    const why = cause instanceof PolytaskError ? (cause.found ?? cause.code) : 'other content';
    throw invalidModel(given.place, 'signature and encoders of a model', why);
  }
}

/** @throws `model-invalid` for a format that this version does not read */
function known<T extends { readonly format: number }>({ place }: ModelFiles, file: T): T {
  if (file.format === 1 || file.format === FORMAT) return file;
  throw invalidModel(
    place,
    `format ${FORMAT} or earlier`,
    `format ${String(file.format)}`,
    'A later version wrote it: update polytask to read it.',
  );
}

async function bytesOf(files: ModelFiles, name: string): Promise<Uint8Array> {
  const bytes = await files.read(name);
  if (bytes !== undefined) return bytes;
  throw invalidModel(
    `${files.place}/${name}`,
    'a file of a model folder',
    'no file',
    'Give the folder "model" of a finished run, or what "polytask export" wrote.',
  );
}

async function required<T>(files: ModelFiles, name: string): Promise<T> {
  return parse<T>(files, name, await bytesOf(files, name));
}

async function readJson<T>(files: ModelFiles, name: string): Promise<T | undefined> {
  const bytes = await files.read(name);
  return bytes === undefined ? undefined : parse<T>(files, name, bytes);
}

function parse<T>({ place }: ModelFiles, name: string, bytes: Uint8Array): T {
  const value = attempt(() => JSON.parse(new TextDecoder().decode(bytes)) as unknown);
  if (typeof value === 'object' && value !== null) return value as T;
  throw invalidModel(`${place}/${name}`, 'a JSON object', 'a damaged file');
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
