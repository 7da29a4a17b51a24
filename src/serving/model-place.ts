import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf, invalidModel, MANIFEST, type ModelFiles, unpackModel } from '../artefact/index.ts';

/** The files of a model folder, or of a model in a single file. @throws `model-invalid` */
export async function openFiles(place: string): Promise<ModelFiles> {
  const info = await stat(place).catch((cause: NodeJS.ErrnoException) => {
    throw invalidModel(
      place,
      'a model folder, or a model in a single file',
      cause.code === 'ENOENT' ? 'nothing' : (cause.code ?? 'nothing that can be read'),
      'Give the folder "model" of a finished run, or what "polytask export" wrote.',
    );
  });
  if (info.isDirectory()) return { place, read: (name) => readPart(join(place, name)) };
  return filesOf(place, unpackModel((await readPart(place))!, place));
}

async function readPart(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw invalidModel(path, 'a file that can be read', code ?? 'no file', 'Check its permissions.');
  }
}

/** When a model last changed, as a text that differs after an export; undefined while it is not complete. */
export async function versionOf(place: string): Promise<string | undefined> {
  const info = await stat(place).catch(() => undefined);
  const own = info?.isDirectory() ? await stat(join(place, MANIFEST)).catch(() => undefined) : info;
  return own && `${own.mtimeMs}/${own.size}/${own.ino}`;
}
