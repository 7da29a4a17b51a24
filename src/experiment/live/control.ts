import { readFile } from 'node:fs/promises';

/** What those who watch a run may ask of it. */
export type Request = 'pause' | 'resume' | 'stop' | 'end';

export const CONTROL = 'control.json';

/** `control.json`: the last request, with a number by which it is told from one that was heeded before. */
export interface ControlFile {
  readonly id: string;
  readonly request: Request;
}

const EVERY = 250;

/**
 * Heeds requests that others write into a run's folder: to pause after the next evaluation and go on, to stop so that the run can
 * be resumed, or to end, which keeps what was learned so far and concludes.
 */
export class Control {
  readonly #path: string;
  readonly #told: (state: 'paused' | 'resumed' | 'ending') => void;
  readonly #abort: AbortController = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #heeded: string | undefined;
  #ready: Promise<void>;
  #ending = false;
  #pausing = false;
  /** Milliseconds that were spent waiting. */
  #waited = 0;

  constructor(path: string, told: (state: 'paused' | 'resumed' | 'ending') => void) {
    this.#path = path;
    this.#told = told;
    // What stands there belongs to an earlier part of the run.
    this.#ready = this.#read().then((file) => {
      this.#heeded = file?.id;
    });
    this.#timer = setInterval(() => void this.#look(), EVERY);
    this.#timer.unref();
  }

  /** Aborted by a request to stop. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether training is to come to its end now. */
  get ending(): boolean {
    return this.#ending;
  }

  get waited(): number {
    return this.#waited;
  }

  /** Waits as long as the run is paused. */
  async pass(): Promise<void> {
    await this.#look();
    if (!this.#pausing || this.signal.aborted) return;
    const since = performance.now();
    this.#told('paused');
    while (this.#pausing && !this.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, EVERY));
      await this.#look();
    }
    this.#waited += performance.now() - since;
    this.#told('resumed');
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    await this.#ready;
    const file = await this.#read();
    if (file === undefined || file.id === this.#heeded) return;
    this.#heeded = file.id;
    this.#pausing = file.request === 'pause';
    if (file.request === 'stop') this.#abort.abort(new Error('stopped by those who watch'));
    if (file.request !== 'end' || this.#ending) return;
    this.#ending = true;
    this.#told('ending');
  }

  async #read(): Promise<ControlFile | undefined> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as ControlFile;
    } catch {
      return undefined;
    }
  }
}
