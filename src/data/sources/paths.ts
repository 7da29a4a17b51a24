import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { nearestName, PolytaskError } from '../../common/error.ts';
import type { SourceOptions } from './spec.ts';

/** The absolute path of a readable file, or an error that says why there is none. */
export async function resolveFile(path: string, options: SourceOptions): Promise<string> {
  const full = resolve(options.directory ?? '.', path);
  const info = await stat(full).catch(() => undefined);
  if (info === undefined) throw await notFound(path, full);
  if (info.isDirectory()) {
    const files = (await readdir(full).catch(() => [])).slice(0, 8);
    throw new PolytaskError('source-unreadable', {
      path,
      expected: 'a file',
      found: 'a directory',
      help: files.length === 0 ? 'Name a file.' : `Name one of its files: ${files.join(', ')}.`,
    });
  }
  const handle = await open(full).catch((cause: unknown) => {
    throw new PolytaskError('source-unreadable', {
      path,
      expected: 'a file that may be read',
      found: 'permission denied',
      help: `Give yourself the right to read it: chmod u+r ${path}`,
      cause,
    });
  });
  await handle.close();
  return full;
}

async function notFound(path: string, full: string): Promise<PolytaskError> {
  const folder = dirname(full);
  const files = await readdir(folder).catch(() => undefined);
  const near = files === undefined ? undefined : nearestName(basename(full), files);
  const listed = files?.slice(0, 8).join(', ');
  return new PolytaskError('source-not-found', {
    path,
    expected: 'an existing file',
    found: files === undefined ? `no folder ${folder}` : 'no such file',
    help:
      near !== undefined
        ? `Did you mean "${near}"?`
        : listed
          ? `The folder holds: ${listed}.`
          : 'Check the path; relative ones start from the current folder.',
  });
}
