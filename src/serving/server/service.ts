import type { PolytaskError } from '../../common/error.ts';
import { versionOf } from '../model-place.ts';
import { Batcher } from './batcher.ts';
import { type Generation, readGeneration } from './generation.ts';
import { Metrics } from './metrics.ts';
import type { Settings } from './options.ts';
import { Pool } from './pool.ts';
import { asRefusal } from './refusal.ts';

/**
 * A model behind a queue, whatever speaks to it: the workers that hold it, the requests that wait for them, and the
 * exchange of the model for a new one.
 */
export class Service {
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly batcher: Batcher;
  readonly #place: string;
  #generation: Generation;
  #pool: Pool | undefined;
  /** What was last seen at the place, complete or refused. */
  #seen: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reloading: Promise<boolean> | undefined;
  #closed = false;

  private constructor(place: string, settings: Settings, generation: Generation, seen: string | undefined) {
    this.#place = place;
    this.settings = settings;
    this.#generation = generation;
    this.#seen = seen;
    this.metrics = new Metrics({
      waiting: () => this.batcher.waiting,
      workers: () => this.#pool?.alive ?? 0,
    });
    const { queue, seconds } = settings.limits;
    this.batcher = new Batcher({ queue, seconds, wait: settings.batchWait }, this.metrics);
  }

  /** Reads the model and starts the workers. @throws `model-invalid`, `runtime-unavailable` */
  static async open(place: string, settings: Settings): Promise<Service> {
    const seen = await versionOf(place);
    const service = new Service(place, settings, await readGeneration(place), seen);
    await service.#take(service.#generation);
    service.#look();
    return service;
  }

  /** The model that answers. */
  get generation(): Generation {
    return this.#generation;
  }

  /** Whether somebody can answer. */
  get ready(): boolean {
    return !this.#closed && (this.#pool?.alive ?? 0) > 0;
  }

  get workers(): number {
    return this.#pool?.alive ?? 0;
  }

  /**
   * Takes the model that is at the place now, if it is another: new workers open it, take over, and the old ones finish.
   *
   * @returns whether there is a new model; one that cannot be read is told to `note`, and the old one stays
   */
  reload(): Promise<boolean> {
    this.#reloading ??= this.#reload().finally(() => (this.#reloading = undefined));
    return this.#reloading;
  }

  /** Ends the workers once they have finished. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#reloading;
    await this.#pool?.close();
  }

  async #reload(): Promise<boolean> {
    this.#seen = await versionOf(this.#place);
    try {
      const next = await readGeneration(this.#place);
      if (next.version === this.#generation.version) return false;
      await this.#take(next);
      this.metrics.reloaded('done');
      this.settings.note(`a new model answers: version ${next.version}`);
      return true;
    } catch (cause) {
      this.metrics.reloaded('refused');
      this.settings.note(
        `the new model cannot be served, the old one stays (version ${this.#generation.version}):\n${asRefusal(cause).message}`,
      );
      return false;
    }
  }

  async #take(generation: Generation): Promise<void> {
    const { name, workers, batchRows, limits, runtime, workerFile } = this.settings;
    const { files, version, signature } = generation;
    const start = { place: this.#place, files, name, version, rows: limits.rows, batchRows, runtime };
    const pool = await Pool.open({
      start,
      workers,
      file: workerFile,
      onFree: () => this.batcher.schedule(),
      onLoss: (why) => this.#lost(why),
    });
    if (this.#closed) return pool.close();
    const old = this.#pool;
    this.#pool = pool;
    this.#generation = generation;
    this.batcher.use(pool);
    this.metrics.serves(name, version, signature.polytask);
    void old?.close();
  }

  #lost(why: PolytaskError): void {
    this.metrics.lost();
    this.settings.note(`a worker ended; a new one takes its place: ${why.found ?? why.code}`);
  }

  /** A model that changes while it is looked at is taken at the next look. */
  #look(): void {
    const { reloadEvery } = this.settings;
    if (reloadEvery === 0 || this.#closed) return;
    this.#timer = setTimeout(async () => {
      const seen = await versionOf(this.#place);
      if (seen !== undefined && seen !== this.#seen) await this.reload();
      this.#look();
    }, 1000 * reloadEvery);
    this.#timer.unref();
  }
}
