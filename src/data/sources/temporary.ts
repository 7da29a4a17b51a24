import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolytaskError } from '../../common/error.ts';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

const doomed = new Set<string>();
let watching = false;

/** Sees to it that a path is gone when the process exits; call the answer once it is gone, or wanted. */
export function removeAtExit(path: string): () => void {
  if (!watching)
    process.once('exit', () => {
      for (const one of doomed) rmSync(one, { recursive: true, force: true });
    });
  watching = true;
  doomed.add(path);
  return () => doomed.delete(path);
}

/** A folder for what does not fit into memory, which is not there yet. */
export function nameTemporaryFolder(): TemporaryFolder {
  const path = join(tmpdir(), `polytask-${randomUUID()}`);
  const kept = removeAtExit(path);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      kept();
    },
  };
}

/** A new folder. @throws `source-unreadable` where there is no room */
export async function openTemporaryFolder(): Promise<TemporaryFolder> {
  const folder = nameTemporaryFolder();
  await mkdir(folder.path, { mode: 0o700 }).catch((cause: unknown) => {
    throw temporaryFailure(cause);
  });
  return folder;
}

export function temporaryFailure(cause: unknown): PolytaskError {
  return new PolytaskError('source-unreadable', {
    path: tmpdir(),
    expected: 'room for a temporary copy',
    found: cause instanceof Error ? cause.message : String(cause),
    help: 'Free some space, or point TMPDIR to a folder that has it.',
    cause,
  });
}
