import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PolytaskError, suggest } from '../../common/error.ts';
import type { OutputColumn } from './flatten.ts';
import { inPieces, TEXT_FORMATS } from './formats.ts';

const PARQUET = '.parquet';
const ENDINGS = [...Object.keys(TEXT_FORMATS), PARQUET];

/** Refuses a path that cannot become an output file, before any work is done. */
export async function checkOutput(path: string): Promise<void> {
  endingOf(path);
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) throw failed(path, 'a folder', 'Name a file in it.');
  const folder = dirname(path);
  const parent = await stat(folder).catch(() => undefined);
  if (parent === undefined) throw failed(path, `no folder ${folder}`, 'Make the folder first.');
  if (!parent.isDirectory()) throw failed(path, `${folder} is a file`, 'Name a file in a folder.');
}

/** Refuses to write over a file that somebody may have edited. */
export async function refuseExisting(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined || (!info.isFile() && !info.isDirectory())) return;
  throw failed(
    path,
    info.isFile() ? 'a file that is there already' : 'a folder',
    'Remove it, or choose another name.',
  );
}

/** Writes columns in the format that the ending says; a reader never sees a part of the file. */
export async function writeColumns(path: string, columns: readonly OutputColumn[]): Promise<void> {
  const ending = endingOf(path);
  const info = await stat(path).catch(() => undefined);
  // A device or a pipe cannot be replaced by a finished file: it is written as it stands.
  const direct = info !== undefined && !info.isFile();
  const draft = direct
    ? path
    : join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    if (ending === PARQUET) await (await import('./parquet.ts')).writeParquet(draft, columns);
    else await writeText(draft, TEXT_FORMATS[ending]!(columns));
    if (!direct) await rename(draft, path);
  } catch (cause) {
    if (!direct) await rm(draft, { force: true }).catch(() => undefined);
    const { code, message } = cause as NodeJS.ErrnoException;
    throw failed(
      path,
      `${code === undefined ? '' : `${code}: `}${message.split('\n')[0]}`,
      HELP[code ?? ''] ?? HELP.other!,
      cause,
    );
  }
}

/** Writes columns as CSV to stdout. */
export async function printColumns(columns: readonly OutputColumn[]): Promise<void> {
  for (const piece of inPieces(TEXT_FORMATS['.csv']!(columns)))
    if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
}

async function writeText(path: string, parts: Iterable<string>): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const piece of inPieces(parts)) await file.write(piece);
    await file.sync().catch((error: NodeJS.ErrnoException) => {
      // Pipes and terminals have nothing to bring to a disk.
      if (error.code !== 'EINVAL') throw error;
    });
  } finally {
    await file.close();
  }
}

function endingOf(path: string): string {
  const lower = path.toLowerCase();
  const ending =
    ENDINGS.find((candidate) => lower.endsWith(candidate)) ??
    (lower.startsWith('/dev/') ? '.csv' : undefined);
  if (ending !== undefined) return ending;
  const found = /\.[^./\\]+$/.exec(lower)?.[0] ?? 'no ending';
  throw new PolytaskError('output-failed', {
    path,
    expected: `a file that ends in ${ENDINGS.join(', ')}`,
    found,
    help: suggest(found, ENDINGS),
  });
}

const HELP: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space.',
  EACCES: 'The folder may not be written: choose another.',
  EROFS: 'The file system is read-only: choose another folder.',
  other: 'Check the path, its permissions and the disk.',
};

function failed(path: string, found: string, help: string, cause?: unknown): PolytaskError {
  return new PolytaskError('output-failed', {
    path,
    expected: 'a file that can be written',
    found,
    help,
    ...(cause !== undefined && { cause }),
  });
}
