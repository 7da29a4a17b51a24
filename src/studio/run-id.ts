import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

/** By which requests name a run: not its path, and the same for the same folder. */
export const runId = (path: string): string =>
  createHash('sha256').update(resolve(path)).digest('hex').slice(0, 16);
