import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PolytaskError } from '../common/error.ts';

/**
 * Writes a file so that a reader, at any instant and after any crash, finds the old content or the new, never a part:
 * the bytes go to a neighbour, reach the disk, and take the name last.
 */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const file = await open(draft, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw fileError(path, cause);
  }
}

/** Whether a file name is that of a draft of `writeAtomic`. */
export function isDraft(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.tmp');
}

export async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolders(path);
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/** As mkdir's own option `recursive`, which tries for ever where a parent takes no children, as in /proc. */
async function makeFolders(path: string): Promise<void> {
  const make = (): Promise<void> =>
    mkdir(path).catch(async (cause: NodeJS.ErrnoException) => {
      const there = cause.code === 'EEXIST' && (await stat(path)).isDirectory();
      if (!there) throw cause;
    });
  await make().catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' || dirname(path) === path) throw cause;
    await makeFolders(dirname(path));
    await make();
  });
}

/** The content of a file, or undefined where there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(path, cause);
  }
}

const HELP: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space, then go on with "polytask resume"; what was saved is intact.',
  EDQUOT: 'The disk quota is used up: free some space, then go on with "polytask resume".',
  EACCES: 'The folder may not be written: choose another with --out.',
  EROFS: 'The file system is read-only: choose another folder with --out.',
  ENOTDIR: 'A part of the path is a file: choose another folder with --out.',
  EEXIST: 'A file has the name of the folder: choose another with --out.',
  EISDIR: 'A folder has the name of the file: choose another name.',
};

function fileError(path: string, cause: unknown): PolytaskError {
  const { code = 'unknown', message } = cause as NodeJS.ErrnoException;
  return new PolytaskError('run-folder', {
    path,
    expected: 'a file that can be read and written',
    found: `${code}: ${message}`,
    help: HELP[code] ?? 'Check the path and its permissions.',
    cause,
  });
}
