import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleRows } from '../../../test/support/sample.ts';
import { type RunConfigInput, runFit } from '../../experiment/index.ts';
import { createApp } from './app.ts';
import { type ServeOptions, settingsOf } from './options.ts';
import type { PageFiles } from './page/page-files.ts';
import { Service } from './service.ts';

const QUICK = { seeds: 1, baseline: false, training: { maxEpochs: 2 } } as const;

/** Rows with a column of every type, and cells that are missing. */
export const ROWS: Record<string, unknown>[] = sampleRows(200).map((row, i) => ({
  ...row,
  x: i % 11 === 0 ? null : Number(row.x),
  amount: Number(row.amount),
  when: new Date(String(row.when)),
  wet: i % 5 === 0 ? null : i % 2 === 0,
}));

/** A folder for models, and models in it. */
export class Models {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'polytask-served-'));

  /** A task of every kind; returns the place of the model. */
  async wide(name = 'wide', seed = 1): Promise<string> {
    return this.#train(name, {
      data: ROWS,
      tasks: {
        flag: { kind: 'binary' },
        amount: { kind: 'regression', unit: 'hours' },
        visits: { kind: 'count' },
        size: { kind: 'ordinal' },
        shape: { kind: 'multiclass' },
        tags: { kind: 'multilabel' },
      },
      exclude: ['school', 'patient', 'importance', 'side'],
      seed,
    });
  }

  /** Rows that name their task. */
  async long(name = 'long'): Promise<string> {
    return this.#train(name, {
      data: ROWS,
      tasks: { amount: { kind: 'regression' } },
      by: 'school',
      inputs: ['x', 'colour'],
    });
  }

  async #train(name: string, config: Omit<RunConfigInput, 'out'>): Promise<string> {
    return (await runFit({ ...QUICK, ...config, out: join(this.folder, name) })).model;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Served {
  readonly service: Service;
  readonly app: ReturnType<typeof createApp>;
  /** What the service told those who run it. */
  readonly notes: readonly string[];
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many forms
  readonly json: any;
}

/** A service without a port. */
export async function openServed(
  place: string,
  options: ServeOptions = {},
  page?: PageFiles,
): Promise<Served> {
  const notes: string[] = [];
  const settings = settingsOf(
    place,
    { workers: options.files?.worker ? 1 : 0, reloadEvery: 0, note: (text) => notes.push(text), ...options },
    options.files?.worker,
  );
  const service = await Service.open(place, settings);
  const app = createApp(service, page);
  return {
    service,
    app,
    notes,
    get: async (path, headers = {}) => replyOf(await app.request(path, { headers })),
    post: async (path, body, headers = {}) =>
      replyOf(
        await app.request(path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
  };
}

export async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** The sum of a metric's samples whose labels hold a text. */
export function sampleOf(metrics: string, name: string, labels = ''): number {
  return metrics
    .split('\n')
    .filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** The largest difference between numbers of two values, where everything else is equal; infinite otherwise. */
export function farthest(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number')
    return Math.abs(one - other) / Math.max(1, Math.abs(other));
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other ? 0 : Number.POSITIVE_INFINITY;
  const keys = Object.keys(other);
  if (Object.keys(one).join() !== keys.join()) return Number.POSITIVE_INFINITY;
  return Math.max(0, ...keys.map((key) => farthest((one as never)[key], (other as never)[key])));
}
