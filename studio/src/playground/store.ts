import { batch, type Signal, signal } from '@preact/signals';
import type { Opened, Point, Request, Told, WatchedShape } from './messages.ts';
import { parseCsv } from './problems/parse-csv.ts';
import { queryOf, type Settings, settingsOf } from './settings.ts';

/** Settings after which nothing that was learned still holds. */
const ANEW: readonly (keyof Settings)[] = ['problem', 'targets', 'seed', 'rows', 'batch', 'sampling'];

const MOST_BYTES = 8e6;
const TOO_LARGE: Extract<Told, { kind: 'failed' }> = {
  kind: 'failed',
  code: 'source-invalid',
  message: 'The file is larger than 8 MB. Learn from it on the command line: polytask fit.',
  help: '',
};

/** Names of columns; none where the file has none, of which the worker tells. */
function columnsOf(text: string): readonly string[] {
  try {
    return parseCsv(text).columns;
  } catch {
    return [];
  }
}

/** Settings that change nothing of what is learned. */
const BESIDE: readonly (keyof Settings)[] = ['speed', 'stop'];

/** What the page shows, and what it asks of the worker that trains. */
export class Playground {
  readonly settings: Signal<Settings> = signal(settingsOf(location.search));
  readonly opened: Signal<Opened | undefined> = signal(undefined);
  readonly points: Signal<readonly Point[]> = signal([]);
  readonly predictions: Signal<readonly Float32Array[]> = signal([]);
  readonly watched: Signal<readonly WatchedShape[]> = signal([]);
  readonly playing: Signal<boolean> = signal(false);
  readonly finished: Signal<boolean> = signal(false);
  readonly pace: Signal<number> = signal(0);
  readonly failed: Signal<Extract<Told, { kind: 'failed' }> | undefined> = signal(undefined);
  /** Of the file that was taken. */
  readonly columns: Signal<readonly string[]> = signal([]);
  #file: string | undefined;
  readonly #worker: Worker;

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<Told>) => batch(() => this.#heed(data));
    this.#worker.onerror = ({ message }) => {
      this.failed.value = { kind: 'failed', code: 'unexpected', message, help: 'Load the page again.' };
    };
    this.#ask({ kind: 'speed', passes: this.settings.value.speed });
    this.reset();
  }

  /** Other settings, while it trains or not; the address follows. */
  change(settings: Partial<Settings>): void {
    const before = this.settings.value;
    this.settings.value = { ...before, ...settings };
    history.replaceState(null, '', `${location.pathname}${queryOf(this.settings.value)}`);
    const anew = ANEW.some((key) => this.settings.value[key] !== before[key]);
    if (settings.speed !== undefined) this.#ask({ kind: 'speed', passes: settings.speed });
    if (Object.keys(settings).some((key) => !BESIDE.includes(key as keyof Settings))) this.#set(anew);
  }

  play(): void {
    this.playing.value = true;
    this.#ask({ kind: 'play' });
  }

  pause(): void {
    this.playing.value = false;
    this.#ask({ kind: 'pause' });
  }

  step(): void {
    this.playing.value = false;
    this.#ask({ kind: 'step' });
  }

  /** Forgets what was learned. */
  reset(): void {
    this.#ask({ kind: 'pause' });
    this.playing.value = false;
    this.#set(true);
  }

  /** Takes a file of the reader's, which is read here and sent nowhere but to the worker. */
  async take(file: File): Promise<void> {
    if (file.size > MOST_BYTES) {
      this.failed.value = TOO_LARGE;
      return;
    }
    this.#file = await file.text();
    this.columns.value = columnsOf(this.#file);
    this.change({ problem: 'table' });
    this.reset();
  }

  #set(anew: boolean): void {
    const settings = this.settings.value;
    const file = settings.problem === 'table' ? this.#file : undefined;
    this.#ask({ kind: 'set', settings, anew, ...(file !== undefined && { file }) });
  }

  close(): void {
    this.#worker.terminate();
  }

  #ask(request: Request): void {
    this.failed.value = undefined;
    this.#worker.postMessage(request);
  }

  #heed(told: Told): void {
    switch (told.kind) {
      case 'opened':
        this.opened.value = told.opened;
        this.predictions.value = [];
        this.watched.value = [];
        this.finished.value = told.finished;
        if (told.anew) this.points.value = [];
        return;
      case 'moved':
        this.points.value = [...this.points.value, ...told.points];
        this.predictions.value = told.predictions;
        this.watched.value = told.watched;
        this.pace.value = told.pace;
        this.finished.value = told.finished;
        if (told.finished) this.playing.value = false;
        return;
      case 'failed':
        this.failed.value = told;
        this.playing.value = false;
    }
  }
}
