import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  filesOf,
  GRAPH,
  MANIFEST,
  type Manifest,
  type ModelCard,
  type ModelFiles,
  readArtefact,
  type Signature,
} from '../../artefact/index.ts';
import { openFiles } from '../model-place.ts';

/** A model as it was found at its place at one time: workers of today and tomorrow start from these bytes. */
export interface Generation {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly signature: Signature;
  readonly card: ModelCard | undefined;
  /** Twelve digits that differ between models. */
  readonly version: string;
}

const NAMES = ['signature.json', 'encoders.json', 'descriptors.json', 'card.json', GRAPH, 'described.onnx'];

/** Reads a model whole, and holds it against its checksums. @throws `model-invalid` */
export async function readGeneration(place: string): Promise<Generation> {
  const files = await readAll(await openFiles(place));
  const { signature, card } = await readArtefact(filesOf(place, files));
  const told = files.has(MANIFEST) ? [MANIFEST] : [...files.keys()].sort();
  const hash = sha256.create();
  for (const name of told) hash.update(files.get(name)!);
  return { files, signature, card, version: bytesToHex(hash.digest()).slice(0, 12) };
}

async function readAll(given: ModelFiles): Promise<ReadonlyMap<string, Uint8Array>> {
  const manifest = await given.read(MANIFEST);
  const files = new Map(manifest && [[MANIFEST, manifest]]);
  for (const name of manifest === undefined ? NAMES : namesIn(manifest)) {
    const bytes = await given.read(name);
    if (bytes !== undefined) files.set(name, bytes);
  }
  return files;
}

/** A damaged manifest names nothing; whoever reads the model says so. */
function namesIn(manifest: Uint8Array): string[] {
  try {
    return Object.keys((JSON.parse(new TextDecoder().decode(manifest)) as Manifest).files);
  } catch {
    return [];
  }
}
