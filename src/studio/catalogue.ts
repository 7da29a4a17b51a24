import { readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { FrontResult } from '../experiment/front/result.ts';
import type { RunResult } from '../experiment/result.ts';
import {
  frontSummary,
  type RunSummary,
  runSummary,
  SUMMARY,
  SUMMARY_VERSION,
} from '../experiment/run-summary.ts';
import { type FoundRun, findRuns } from './find-runs.ts';
import { runId } from './run-id.ts';
import { type Standing, standingOf } from './run-state.ts';

/** A run as the list shows it. */
export interface ListedRun extends Standing {
  /** By which requests name it: no path. */
  readonly id: string;
  /** Its folder, as seen from the studio's. */
  readonly name: string;
  readonly kind: 'fit' | 'front';
  /** When it changed last, in milliseconds since 1970. */
  readonly changed: number;
  /** Of a finished one. */
  readonly summary?: RunSummary;
}

interface Known {
  readonly found: FoundRun;
  readonly listed: ListedRun;
}

/**
 * The runs below a folder. What was read of a run is kept until one of its files changes, so that a list of hundreds of runs
 * costs little more than looking at the times of their files.
 */
export class Catalogue {
  readonly #folder: string;
  #known: Map<string, Known> = new Map();

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  /** All runs, those that changed last first. */
  async list(): Promise<ListedRun[]> {
    const found = await findRuns(this.#folder);
    const known = await Promise.all(found.map((run) => this.#current(run)));
    this.#known = new Map(known.map((one) => [one.listed.id, one]));
    return known.map(({ listed }) => listed).sort((a, b) => b.changed - a.changed);
  }

  /** One run as it stands now, without a look at the others; undefined for an id that no run has. */
  async find(id: string): Promise<ListedRun | undefined> {
    const path = await this.pathOf(id);
    const [run] = path === undefined ? [] : await findRuns(path, 0);
    if (run === undefined) return undefined;
    const known = await this.#current(run);
    this.#known.set(id, known);
    return known.listed;
  }

  /** The folder of a run; undefined for an id that no run has. */
  async pathOf(id: string): Promise<string | undefined> {
    if (!this.#known.has(id)) await this.list();
    return this.#known.get(id)?.found.path;
  }

  async #current(run: FoundRun): Promise<Known> {
    const before = this.#known.get(runId(run.path));
    if (before !== undefined && isSame(before, run)) return before;
    return { found: run, listed: await this.#look(run) };
  }

  async #look(run: FoundRun): Promise<ListedRun> {
    const { path, changed } = run;
    const record = await readJson<{ preferences?: unknown }>(join(path, 'run.json'));
    const standing = await standingOf(run);
    const kind = record?.preferences === undefined ? 'fit' : 'front';
    const summary = standing.state === 'finished' ? await summaryOf(path, kind) : undefined;
    return {
      id: runId(path),
      name: relative(this.#folder, path).split(sep).join('/') || '.',
      kind,
      changed: Math.max(changed.record, changed.journal, changed.result),
      ...standing,
      ...(summary && { summary }),
    };
  }
}

/** What a run left, or, where that is of another version or not there, what its result says. */
async function summaryOf(path: string, kind: ListedRun['kind']): Promise<RunSummary | undefined> {
  if (kind === 'front') {
    const front = await readJson<FrontResult>(join(path, 'front.json'));
    return front && frontSummary(front);
  }
  const summary = await readJson<RunSummary>(join(path, SUMMARY));
  if (summary?.version === SUMMARY_VERSION) return summary;
  const result = await readJson<RunResult>(join(path, 'result.json'));
  return result && runSummary(result);
}

/** What moves has to be looked at each time: its process may be gone. */
function isSame({ found, listed }: Known, { changed }: FoundRun): boolean {
  if (listed.state === 'running' || listed.state === 'paused') return false;
  const before = found.changed;
  return (
    before.record === changed.record && before.journal === changed.journal && before.result === changed.result
  );
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
