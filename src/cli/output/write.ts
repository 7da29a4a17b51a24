import { randomBytes } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PolytaskError, suggest } from '../../common/error.ts';
import { removeAtExit } from '../../data/sources/temporary.ts';
import type { OutputColumn } from './flatten.ts';
import { TEXT_FORMATS } from './formats.ts';
import { openText } from './text.ts';

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

/** Takes columns of predictions, some rows at a time. */
export interface ColumnWriter {
  write(columns: readonly OutputColumn[]): Promise<void>;
  /** All rows were written. */
  finish(): Promise<void>;
  /** Something went wrong. */
  abandon(): Promise<void>;
}

/**
 * Writes columns in the format that the ending says. What is not finished stands beside the file under another name, and is gone
 * when the process ends: a reader never sees a part.
 */
export async function openOutput(path: string): Promise<ColumnWriter> {
  const ending = endingOf(path);
  const info = await stat(path).catch(() => undefined);
  // A device or a pipe cannot be replaced by a finished file: it is written as it stands.
  const direct = info !== undefined && !info.isFile();
  const draft = direct
    ? path
    : join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
  const gone = direct ? () => undefined : removeAtExit(draft);
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw writeFailed(path, cause);
    }
  };
  const writer = await told(() =>
    ending === PARQUET
      ? import('./parquet.ts').then(({ openParquet }) => openParquet(draft))
      : openText(draft, TEXT_FORMATS[ending]!),
  );
  return {
    write: (columns) => told(() => writer.write(columns)),
    finish: () =>
      told(async () => {
        await writer.finish();
        if (!direct) await rename(draft, path);
        gone();
      }),
    abandon: async () => {
      await writer.abandon().catch(() => undefined);
      if (!direct) await rm(draft, { force: true }).catch(() => undefined);
      gone();
    },
  };
}

function writeFailed(path: string, cause: unknown): PolytaskError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return failed(
    path,
    `${code === undefined ? '' : `${code}: `}${message.split('\n')[0]}`,
    HELP[code ?? ''] ?? HELP.other!,
    cause,
  );
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
