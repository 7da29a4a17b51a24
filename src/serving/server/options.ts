import { availableParallelism } from 'node:os';
import { PolytaskError } from '../../common/error.ts';
import type { OpenRuntimeOptions } from '../../platform/node/index.ts';
import type { OwnFiles } from './own-files.ts';

/** What a request may be and take; beyond it, it is refused with words and a status. */
export interface ServeLimits {
  /** Bytes of a body; beyond them 413. */
  readonly bodyBytes: number;
  /** Rows of a request; beyond them 413. */
  readonly rows: number;
  /** Requests that wait for a worker; beyond them 503. */
  readonly queue: number;
  /** Bytes of all bodies that are being read, wait or are worked on; beyond them 503. */
  readonly heldBytes: number;
  /** Seconds from the last byte of a request to its answer; beyond them 504. */
  readonly seconds: number;
  /** Seconds that a client may take to send a request; beyond them 408. */
  readonly receiveSeconds: number;
  /** Bytes of all headers of a request; beyond them 431. */
  readonly headerBytes: number;
  /** Connections at a time; others are closed. */
  readonly connections: number;
}

export const LIMITS: ServeLimits = {
  bodyBytes: 8 * 2 ** 20,
  rows: 10_000,
  queue: 1024,
  heldBytes: 256 * 2 ** 20,
  seconds: 30,
  receiveSeconds: 30,
  headerBytes: 16 * 2 ** 10,
  connections: 10_000,
};

export interface ServeOptions {
  /** Default 127.0.0.1: nobody but this machine. */
  readonly host?: string;
  /** 0 takes any that is free. */
  readonly port?: number;
  /** What the model is called in the paths of the Open Inference Protocol; default: after its folder or file. */
  readonly name?: string;
  /** Asked for as `Authorization: Bearer …` of all but `/`, health and readiness. */
  readonly token?: string;
  /** Threads that predict, each with a model of its own; 0 predicts in this thread. */
  readonly workers?: number;
  /** Rows that one run of the graph takes at most. */
  readonly batchRows?: number;
  /** Milliseconds that a request waits for others to be joined with, though a worker is free. */
  readonly batchWait?: number;
  /** Seconds between two looks at the model's place for a new one; 0 never looks. */
  readonly reloadEvery?: number;
  readonly limits?: Partial<ServeLimits>;
  /** What those who run the server should know: a new model, one that cannot be read, a worker that ended. */
  readonly note?: (text: string) => void;
  /** Which runtime the workers take. */
  readonly runtime?: NonNullable<OpenRuntimeOptions['runtime']>;
  /** Where the workers' code and the page's script are, when a bundler has moved them away from the package. */
  readonly files?: Partial<OwnFiles>;
}

/** Options with every default filled in. */
export type Settings = Required<Omit<ServeOptions, 'limits' | 'files' | 'name' | 'token'>> & {
  readonly name: string;
  readonly token: string | undefined;
  readonly limits: ServeLimits;
  readonly workerFile: URL | undefined;
};

/** Beyond a few workers this thread, which speaks HTTP, is what requests wait for. */
const MOST_WORKERS = 4;

/** @throws `usage-invalid` for a number that is out of range */
export function settingsOf(place: string, options: ServeOptions, workerFile: URL | undefined): Settings {
  const { limits = {}, name, token, files: _, ...given } = options;
  const settings: Settings = {
    host: '127.0.0.1',
    port: 8080,
    workers: Math.min(MOST_WORKERS, availableParallelism()),
    batchRows: 1024,
    batchWait: 0,
    reloadEvery: 2,
    note: () => undefined,
    runtime: 'auto',
    ...definedOf(given),
    name: name ?? nameOf(place),
    token: token === '' ? undefined : token,
    limits: { ...LIMITS, ...definedOf(limits) },
    workerFile,
  };
  const { port, workers, batchRows, batchWait, reloadEvery } = settings;
  requireNumber('port', port, 0, 65_535);
  requireNumber('workers', workers, 0, 256);
  requireNumber('batchRows', batchRows, 1);
  requireNumber('batchWait', batchWait, 0, 60_000, false);
  requireNumber('reloadEvery', reloadEvery, 0, 86_400, false);
  for (const [key, value] of Object.entries(settings.limits))
    requireNumber(
      `limits.${key}`,
      value as number,
      key === 'queue' ? 0 : 0.001,
      Number.MAX_SAFE_INTEGER,
      false,
    );
  return settings;
}

/** `runs/first/model` is called `first`, `income.onnx` is called `income`. */
export function nameOf(place: string): string {
  const parts = place.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  const last = parts.at(-1) ?? 'model';
  const name = last === 'model' ? (parts.at(-2) ?? last) : last.replace(/\.[^.]+$/, '');
  return name === '..' || name === '' ? 'model' : name;
}

function definedOf<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

function requireNumber(path: string, value: number, least: number, most = 1_000_000, whole = true): void {
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return;
  throw new PolytaskError('usage-invalid', {
    path,
    expected: `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`,
    found: String(value),
    help: 'Leave it out to take the default.',
  });
}
