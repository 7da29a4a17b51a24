import { batch, type Signal, signal } from '@preact/signals';
import { settleAddress, writeAddress } from '../address-bar.ts';
import { type Change, noted } from './changes.ts';
import type { Opened, Point, Request, Told, WatchedShape } from './messages.ts';
import { type ReadFile, readFile } from './problems/read-file.ts';
import { defaultsAt, queryOf, type Settings, settingsOf } from './settings.ts';

/** Settings after which nothing that was learned still holds. */
const ANEW: readonly (keyof Settings)[] = ['problem', 'targets', 'seed', 'rows', 'batch', 'sampling'];

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
  /** Why training went back to WebAssembly. */
  readonly retreated: Signal<string | undefined> = signal(undefined);
  /** Settings that were changed while it learned. */
  readonly changes: Signal<readonly Change[]> = signal([]);
  readonly file: Signal<ReadFile | undefined> = signal(undefined);
  /** What is wrong with a file that was not taken. */
  readonly refused: Signal<string | undefined> = signal(undefined);
  readonly #worker: Worker;
  /** Points that are not drawn yet, when something was drawn last, and how long that is to stand at least. */
  #untold: Point[] = [];
  #drawn = 0;
  readonly #leastMs: number = matchMedia('(prefers-reduced-motion: reduce)').matches ? 500 : 0;
  readonly #path: string = location.pathname;
  readonly #back = (): void => this.#revisit();

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<Told>) => batch(() => this.#heed(data));
    this.#worker.onerror = ({ message }) => {
      this.failed.value = { kind: 'failed', code: 'unexpected', message, help: 'Load the page again.' };
    };
    addEventListener('popstate', this.#back);
    this.#ask({ kind: 'speed', passes: this.settings.value.speed });
    this.reset();
  }

  /** Other settings, while it trains or not; the address follows. */
  change(settings: Partial<Settings>): void {
    const before = this.settings.value;
    this.settings.value = { ...before, ...settings };
    writeAddress(this.#address());
    const anew =
      ANEW.some((key) => this.settings.value[key] !== before[key]) ||
      // What has come to its end has no steps left for other settings, unless it is given more.
      (this.finished.value && settings.epochs === undefined && settings.runtime === undefined);
    if (settings.runtime !== undefined) this.retreated.value = undefined;
    if (settings.speed !== undefined) this.#ask({ kind: 'speed', passes: settings.speed });
    if (Object.keys(settings).every((key) => BESIDE.includes(key as keyof Settings))) return;
    if (!anew) this.changes.value = noted(this.changes.value, this.step, before, this.settings.value);
    this.#set(anew);
  }

  /** Goes to a stop of the course, from which the browser's "back" leads to where the reader was. */
  visit(stop: number): void {
    const { targets, speed, runtime } = this.settings.value;
    this.settings.value = { ...defaultsAt(stop), targets, speed, runtime };
    settleAddress();
    history.pushState(null, '', this.#address());
    this.reset();
  }

  /** The last step that is shown. */
  get step(): number {
    return this.points.value.at(-1)?.step ?? 0;
  }

  play(): void {
    this.playing.value = true;
    this.#ask({ kind: 'play' });
  }

  pause(): void {
    this.playing.value = false;
    this.#ask({ kind: 'pause' });
  }

  onePass(): void {
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
    try {
      this.file.value = await readFile(file);
    } catch (error) {
      this.refused.value = (error as Error).message;
      return;
    }
    this.change({ problem: 'table' });
    this.reset();
  }

  #set(anew: boolean): void {
    const settings = this.settings.value;
    const file = settings.problem === 'table' ? this.file.value?.text : undefined;
    this.#ask({ kind: 'set', settings, anew, ...(file !== undefined && { file }) });
  }

  #address(): string {
    return `${this.#path}${queryOf(this.settings.value)}`;
  }

  /** The browser went back or forward, perhaps to other settings of this page. */
  #revisit(): void {
    if (location.pathname !== this.#path || location.search === queryOf(this.settings.value)) return;
    this.settings.value = settingsOf(location.search);
    this.#ask({ kind: 'speed', passes: this.settings.value.speed });
    this.reset();
  }

  close(): void {
    removeEventListener('popstate', this.#back);
    this.#worker.terminate();
  }

  #ask(request: Request): void {
    this.failed.value = this.refused.value = undefined;
    this.#worker.postMessage(request);
  }

  #heed(told: Told): void {
    switch (told.kind) {
      case 'opened':
        this.opened.value = told.opened;
        this.predictions.value = [];
        this.watched.value = [];
        this.finished.value = told.finished;
        if (told.anew) {
          this.points.value = [];
          this.changes.value = [];
          this.#untold = [];
        }
        return;
      case 'moved':
        this.#untold.push(...told.points);
        if (told.finished) this.playing.value = false;
        if (this.playing.value && performance.now() - this.#drawn < this.#leastMs) return;
        this.#drawn = performance.now();
        this.points.value = [...this.points.value, ...this.#untold.splice(0)];
        this.predictions.value = told.predictions;
        this.watched.value = told.watched;
        this.pace.value = told.pace;
        this.finished.value = told.finished;
        return;
      case 'retreated':
        this.settings.value = { ...this.settings.value, runtime: 'wasm' };
        writeAddress(this.#address());
        this.retreated.value = told.because;
        return;
      case 'failed':
        this.failed.value = told;
        this.playing.value = false;
    }
  }
}
