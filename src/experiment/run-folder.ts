import { readdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
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
  /** Of a front: what is trained, one model after the other, [preference][task]. */
  readonly preferences?: readonly (readonly number[])[];
  /** Of a run that chooses: paths of the settings that the user has made. */
  readonly given?: readonly string[];
}

/** What a folder holds: one model and what it is compared with, or models for several preferences. */
export type RunKind = 'fit' | 'front';

export const kindOfRun = ({ preferences }: RunRecord): RunKind =>
  preferences === undefined ? 'fit' : 'front';

/** Whether a path is the folder of a run. */
export async function isRun(path: string): Promise<boolean> {
  return (await readIfThere(join(resolve(path), 'run.json')).catch(() => undefined)) !== undefined;
}

/** Where trainings keep how far they got, each by its name. */
export type Checkpoints = Pick<RunFolder, 'readCheckpoint' | 'writeCheckpoint'>;

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

  /**
   * A run that was begun.
   *
   * @param kind which one it has to be; default: any
   */
  static async open(path: string, kind?: RunKind): Promise<{ folder: RunFolder; record: RunRecord }> {
    const folder = new RunFolder(resolve(path));
    const text = await readIfThere(join(folder.path, 'run.json'));
    if (text === undefined)
      throw new PolytaskError('run-folder', {
        path: folder.path,
        expected: 'a run folder with run.json',
        found: 'none',
        help: 'Give the folder that "polytask fit" or "polytask front" printed.',
      });
    await folder.#sweep();
    const record = parseRecord(text.toString('utf8'), folder.file('run.json'));
    if (kind === undefined || kind === kindOfRun(record)) return { folder, record };
    throw new PolytaskError('run-folder', {
      path: folder.path,
      expected: `a run of "polytask ${kind}"`,
      found: `one of "polytask ${kindOfRun(record)}"`,
      help: `Go on with "polytask resume ${path}", which takes both.`,
    });
  }

  /** Removes drafts that a killed process left behind. */
  async #sweep(): Promise<void> {
    const names = await readdir(this.path, { recursive: true });
    for (const name of names.filter((path) => isDraft(basename(path))))
      await rm(this.file(name), { force: true });
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

function parseRecord(text: string, path: string): RunRecord {
  try {
    return JSON.parse(text) as RunRecord;
  } catch (cause) {
    throw new PolytaskError('run-folder', {
      path,
      expected: 'JSON',
      found: 'a damaged file',
      help: 'Start the run anew in another folder.',
      cause,
    });
  }
}

/** `runs/` and a name from the time, sortable and free of characters that file systems refuse. */
export function defaultFolder(now: Date): string {
  const stamp = now.toISOString().replace(/[:.]/g, '-').replace('T', '_').slice(0, 23);
  return join('runs', stamp);
}
