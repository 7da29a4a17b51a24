import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PolytaskError } from '../common/error.ts';
import type { Checkpoint } from '../optimization/index.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import { isDraft, makeFolder, readIfThere, writeAtomic } from './files.ts';
import type { RunConfig } from './run-config.ts';

/** The first thing that a run writes: what it takes to go on. */
export interface RunRecord {
  readonly version: 1;
  readonly config: RunConfig;
  /** The folder that relative paths of the config start from. */
  readonly directory: string;
  readonly created: string;
  readonly fingerprint: string;
}

/**
 * A run on disk: `run.json` (config), `checkpoints/`, then `model/`, `report.html` and, last, `result.json`, whose
 * presence says that the run is finished.
 */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** A new run; refuses a folder that holds something else. */
  static async create(path: string): Promise<RunFolder> {
    const folder = resolve(path);
    await makeFolder(folder);
    const content = await readdir(folder);
    if (content.length > 0)
      throw new PolytaskError('run-folder', {
        path: folder,
        expected: 'a new or empty folder',
        found: content.includes('run.json') ? 'a run' : `${content.length} files`,
        help: content.includes('run.json')
          ? `Go on with "polytask resume ${path}", or choose another folder with --out.`
          : 'Choose another folder with --out.',
      });
    return new RunFolder(folder);
  }

  /** A run that was begun. */
  static async open(path: string): Promise<{ folder: RunFolder; record: RunRecord }> {
    const folder = new RunFolder(resolve(path));
    const text = await readIfThere(join(folder.path, 'run.json'));
    if (text === undefined)
      throw new PolytaskError('run-folder', {
        path: folder.path,
        expected: 'a run folder with run.json',
        found: 'none',
        help: 'Give the folder that "polytask fit" printed.',
      });
    await folder.#sweep();
    try {
      return { folder, record: JSON.parse(text.toString('utf8')) as RunRecord };
    } catch (cause) {
      throw new PolytaskError('run-folder', {
        path: join(folder.path, 'run.json'),
        expected: 'JSON',
        found: 'a damaged file',
        help: 'Start the run anew in another folder.',
        cause,
      });
    }
  }

  /** Removes drafts that a killed process left behind. */
  async #sweep(): Promise<void> {
    for (const place of ['', 'checkpoints', 'model']) {
      const names = await readdir(this.file(place)).catch(() => []);
      for (const name of names.filter(isDraft)) await rm(join(this.file(place), name), { force: true });
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async begin(record: RunRecord): Promise<void> {
    await makeFolder(this.file('checkpoints'));
    await this.write('run.json', `${JSON.stringify(record, null, 2)}\n`);
  }

  write(name: string, content: string | Uint8Array): Promise<void> {
    return writeAtomic(this.file(name), content);
  }

  async read(name: string): Promise<string | undefined> {
    return (await readIfThere(this.file(name)))?.toString('utf8');
  }

  readCheckpoint(trial: string): Promise<Checkpoint | undefined> {
    return readCheckpoint(this.file(join('checkpoints', `${trial}.ckpt`)));
  }

  writeCheckpoint(trial: string, checkpoint: Checkpoint): Promise<void> {
    return writeCheckpoint(this.file(join('checkpoints', `${trial}.ckpt`)), checkpoint);
  }
}

/** `runs/` and a name from the time, sortable and free of characters that file systems refuse. */
export function defaultFolder(now: Date): string {
  const stamp = now.toISOString().replace(/[:.]/g, '-').replace('T', '_').slice(0, 23);
  return join('runs', stamp);
}
