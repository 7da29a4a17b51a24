import { batch, type Signal, signal } from '@preact/signals';
import type { Opened, Point, Request, Told, WatchedShape } from './messages.ts';
import { queryOf, type Settings, settingsOf } from './settings.ts';

/** Settings after which nothing that was learned still holds. */
const ANEW: readonly (keyof Settings)[] = ['problem', 'seed', 'rows', 'batch', 'sampling'];

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
  readonly #worker: Worker;

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<Told>) => batch(() => this.#heed(data));
    this.#worker.onerror = ({ message }) => {
      this.failed.value = { kind: 'failed', code: 'unexpected', message, help: 'Load the page again.' };
    };
    this.reset();
  }

  /** Other settings, while it trains or not; the address follows. */
  change(settings: Partial<Settings>): void {
    const before = this.settings.value;
    this.settings.value = { ...before, ...settings };
    history.replaceState(null, '', `${location.pathname}${queryOf(this.settings.value)}`);
    const anew = ANEW.some((key) => this.settings.value[key] !== before[key]);
    this.#ask({ kind: 'set', settings: this.settings.value, anew });
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
    this.#ask({ kind: 'set', settings: this.settings.value, anew: true });
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
        this.finished.value = false;
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
