import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { invalidModel, type ModelFiles } from './model-files.ts';
import { FORMAT } from './signature.ts';

/** What a model consists of: `manifest.json`. It is written last: a folder that has one is complete. */
export interface Manifest {
  readonly format: number;
  readonly polytask: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

export const MANIFEST = 'manifest.json';

/** The manifest of some files. @param polytask the version that writes them */
export function manifestOf(files: ReadonlyMap<string, Uint8Array>, polytask: string): Manifest {
  return {
    format: FORMAT,
    polytask,
    files: Object.fromEntries(
      [...files].map(([name, bytes]) => [name, { bytes: bytes.length, sha256: hexOf(bytes) }]),
    ),
  };
}

/**
 * The same files, each held against the manifest's checksum when it is read, and none that the manifest does not name.
 *
 * @throws `model-invalid` for a file that was cut short, altered, or is not there
 */
export function checked(files: ModelFiles, manifest: Manifest): ModelFiles {
  return {
    place: files.place,
    read: async (name) => {
      const entry = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined;
      if (entry === undefined) return undefined;
      const bytes = await files.read(name);
      const path = `${files.place}/${name}`;
      if (bytes === undefined) throw invalidModel(path, 'a file that the manifest names', 'no file');
      if (bytes.length !== entry.bytes)
        throw invalidModel(
          path,
          `${entry.bytes} bytes`,
          `${bytes.length} bytes: it was cut short or altered`,
        );
      if (hexOf(bytes) !== entry.sha256)
        throw invalidModel(path, `SHA-256 ${entry.sha256.slice(0, 16)}…`, 'another checksum: it was altered');
      return bytes;
    },
  };
}

const hexOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));
