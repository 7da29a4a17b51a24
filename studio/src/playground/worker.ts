import { PolytaskError } from '../../../src/common/error.ts';
import { Lesson } from './lesson.ts';
import type { Point, Request, Told } from './messages.ts';
import { Runtimes } from './runtimes.ts';
import type { Settings } from './settings.ts';
import { reasonOf } from './webgpu.ts';

// Trains beside the page: requests come in, what happened goes out, at most so many times a second.

const LEAST_MS = 1000 / 30;

let lesson: Lesson | undefined;
let playing = false;
/** Whether the next pass is in the queue, or waits for its time. */
let going = false;
let speed = 0;
let points: Point[] = [];
let told = { at: 0, step: 0 };
/** Requests are done one after the other; a pass over the rows is one of them. */
let queue: Promise<void> = Promise.resolve();

const tell = (message: Told): void => postMessage(message);

const runtimes = new Runtimes();
/** The text of the file that is learned from, where one is. */
let text: string | undefined;

/** Of several settings that wait, as while a slider is moved, the last alone is taken. */
let latest: Request | undefined;
let anew = false;

addEventListener('message', ({ data }: MessageEvent<Request>): void => {
  if (data.kind === 'set') {
    latest = data;
    anew ||= data.anew;
  }
  queue = queue.then(() => heed(data)).catch(fail);
});

async function heed(request: Request): Promise<void> {
  switch (request.kind) {
    case 'set':
      return request === latest ? set(request) : undefined;
    case 'speed':
      speed = request.passes;
      return;
    case 'play':
      playing = true;
      if (!going) queue = queue.then(play);
      going = true;
      told = { ...told, at: performance.now() };
      return;
    case 'pause':
      playing = false;
      return report();
    case 'step':
      playing = false;
      await pass();
      return report();
  }
}

async function set({ settings, file }: Extract<Request, { kind: 'set' }>): Promise<void> {
  const fresh = anew;
  anew = false;
  text = file;
  const next = await open(settings, fresh ? undefined : lesson);
  await lesson?.close();
  lesson = next;
  // What was learned before a change and is not told yet belongs to the same curves.
  if (fresh) {
    points = [];
    told = { at: performance.now(), step: 0 };
  }
  tell({ kind: 'opened', opened: lesson.opened, anew: fresh, finished: lesson.finished });
}

async function open(settings: Settings, before: Lesson | undefined): Promise<Lesson> {
  try {
    return await Lesson.open(await runtimes.get(settings.runtime), settings, before, text);
  } catch (error) {
    return open(retreat(error, settings), before);
  }
}

/** Works with the lesson; where WebGPU fails, with the same one in WebAssembly, from the last pass that was done. */
async function learn<T>(work: (lesson: Lesson) => Promise<T>): Promise<T> {
  const own = lesson!;
  try {
    return await work(own);
  } catch (error) {
    lesson = await open(retreat(error, own.settings), own);
    // It may never end, where the device is gone.
    void own.close().catch(() => undefined);
    return work(lesson);
  }
}

/** The settings to go on under; what is no fault of WebGPU is thrown again. */
function retreat(error: unknown, settings: Settings): Settings {
  const faulty = error instanceof PolytaskError && error.code.startsWith('runtime-');
  if (settings.runtime !== 'webgpu' || !faulty) throw error;
  runtimes.forget('webgpu');
  tell({ kind: 'retreated', because: reasonOf(error.found ?? error.message) });
  return { ...settings, runtime: 'wasm' };
}

/** Goes on until it is told to pause; between two passes requests are heeded. */
async function play(): Promise<void> {
  going = playing;
  if (!going) return;
  const started = performance.now();
  try {
    await pass();
    if (lesson?.finished) playing = false;
    if (!playing || performance.now() - told.at >= LEAST_MS) await report();
  } catch (error) {
    fail(error);
  }
  const wait = speed > 0 ? started + 1000 / speed - performance.now() : 0;
  const next = (): void => {
    queue = queue.then(play);
  };
  if (wait > 1) setTimeout(next, wait);
  else void turn().then(next);
}

async function pass(): Promise<void> {
  if (lesson !== undefined && !lesson.finished) points.push(await learn((own) => own.next()));
}

async function report(): Promise<void> {
  if (lesson === undefined) return;
  const now = performance.now();
  const seen = await learn((own) => own.look());
  const step = points.at(-1)?.step ?? told.step;
  tell({
    kind: 'moved',
    points,
    ...seen,
    finished: lesson.finished,
    pace: (1000 * Math.max(0, step - told.step)) / Math.max(1, now - told.at),
  });
  points = [];
  told = { at: now, step };
}

function fail(error: unknown): void {
  playing = false;
  const { code, message, help } =
    error instanceof PolytaskError
      ? error
      : { code: 'unexpected', message: String(error), help: 'Reset, or choose other settings.' };
  tell({ kind: 'failed', code, message, help });
}

const channel = new MessageChannel();

/** Lets messages in that wait. */
function turn(): Promise<void> {
  return new Promise((done) => {
    channel.port1.onmessage = () => done();
    channel.port2.postMessage(undefined);
  });
}
