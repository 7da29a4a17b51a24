import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A run folder, as the file system tells of it. */
export interface FoundRun {
  readonly path: string;
  /** When one of the files that say how it stands last changed; 0 where it is not there. */
  readonly changed: { readonly record: number; readonly journal: number; readonly result: number };
}

/** How deep below the studio's folder runs may lie. */
const DEPTH = 3;
const HIDDEN = /^(\.|node_modules$|checkpoints$|model$|models$|points$|repeats$)/;

/** Every run below a folder, that folder itself among them. Nothing but file times is read. */
export async function findRuns(folder: string, depth: number = DEPTH): Promise<FoundRun[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inside = entries.filter((entry) => entry.isDirectory() && !HIDDEN.test(entry.name));
  if (entries.some(({ name }) => name === 'run.json'))
    return [
      await timesOf(
        folder,
        entries.map(({ name }) => name),
      ),
    ];
  if (depth === 0) return [];
  const found = await Promise.all(inside.map(({ name }) => findRuns(join(folder, name), depth - 1)));
  return found.flat();
}

async function timesOf(path: string, names: readonly string[]): Promise<FoundRun> {
  const changed = async (...candidates: string[]): Promise<number> => {
    const name = candidates.find((one) => names.includes(one));
    if (name === undefined) return 0;
    return (await stat(join(path, name)).catch(() => undefined))?.mtimeMs ?? 0;
  };
  const [record, journal, result] = await Promise.all([
    changed('run.json'),
    changed('live.ndjson'),
    changed('result.json', 'front.json'),
  ]);
  return { path, changed: { record, journal, result } };
}
