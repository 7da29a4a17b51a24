import { PolytaskError } from '../common/error.ts';

/** The files of a model by name, wherever they are: a folder, a single file, a web server. */
export interface ModelFiles {
  /** What they are called in errors, such as the path of the folder. */
  readonly place: string;
  /** The bytes of a file, or undefined where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
}

/** Files in memory. */
export function filesOf(place: string, files: ReadonlyMap<string, Uint8Array>): ModelFiles {
  return { place, read: async (name) => files.get(name) };
}

/** A model that cannot be read. */
export function invalidModel(
  path: string,
  expected: string,
  found: string,
  help: string = 'Export the model again, or fetch it anew.',
): PolytaskError {
  return new PolytaskError('model-invalid', { path, expected, found, help });
}
