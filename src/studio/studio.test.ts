import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunResult, runFit } from '../experiment/index.ts';
import { CONTROL } from '../experiment/live/control.ts';
import { JOURNAL, type JournalEntry } from '../experiment/live/journal.ts';
import { createStudio } from './app.ts';
import { Catalogue, type ListedRun } from './catalogue.ts';
import { Models } from './models.ts';
import { Pages } from './pages.ts';
import { followRun, type StreamEvent, shortened } from './run-stream.ts';

const folder = mkdtempSync(join(tmpdir(), 'polytask-studio-'));
let result: RunResult;
let app: ReturnType<typeof createStudio>;
const models = new Models();
beforeAll(async () => {
  const data = Array.from({ length: 120 }, (_, i) => ({
    x: Math.sin(i),
    y: Math.cos(3 * i),
    sum: Math.sin(i) + Math.cos(3 * i),
    sign: Math.sin(i) > 0,
  }));
  result = await runFit({
    data,
    tasks: { sum: { kind: 'regression' }, sign: { kind: 'binary' } },
    seeds: 2,
    model: { hidden: [4] },
    training: { maxEpochs: 3, epochsPerEvaluation: 1 },
    out: join(folder, 'first', 'run'),
  });
  mkdirSync(join(folder, 'pages'));
  writeFileSync(join(folder, 'pages', 'index.html'), '<!doctype html><title>Studio</title>');
  app = createStudio({
    catalogue: new Catalogue(folder),
    models,
    pages: await Pages.open(join(folder, 'pages')),
  });
});
afterAll(async () => {
  await models.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A run that says of itself what is given. */
function writeRun(name: string, entries: readonly object[]): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'run.json'), JSON.stringify({ version: 1, config: {} }));
  writeFileSync(join(path, JOURNAL), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return path;
}

const begun = (process_ = process.pid): object => ({
  at: 1,
  process: process_,
  kind: 'begun',
  tasks: [],
  seeds: [0],
  rows: { train: 1, validation: 1, test: 1 },
  runtime: 'native',
});
/** A process that there is not. */
const NOBODY = 2 ** 22 + 17;
const training = { sharing: 'mmoe', trial: 1, trials: 2, maxEpochs: 9, stepsPerEpoch: 4 };
const point = (epoch: number, at = epoch, process_ = process.pid): JournalEntry => ({
  at,
  process: process_,
  kind: 'point',
  ...training,
  point: { epoch, step: 4 * epoch, seconds: epoch, losses: [[1]], metrics: [[0.5]] },
});

async function get<T>(path: string): Promise<T> {
  const response = await app.request(path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function listed(name: string): Promise<ListedRun> {
  const { runs } = await get<{ runs: ListedRun[] }>('/api/runs');
  return runs.find((run) => run.name === name)!;
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(app.request(path, { method: 'POST', body: JSON.stringify(body), headers }));

describe('the list of runs', () => {
  test('has what is shown of a finished one, and no path as its id', async () => {
    const run = await listed('first/run');
    expect(run).toMatchObject({ kind: 'fit', state: 'finished' });
    expect(run.id).toMatch(/^[0-9a-f]{16}$/);
    expect(run.summary).toMatchObject({
      verdict: result.diagnosis!.verdict,
      delta: result.diagnosis!.delta,
      tasks: [
        { name: 'sum', metric: 'rmse', multi: result.diagnosis!.tasks[0]!.multi },
        { name: 'sign', metric: 'auc' },
      ],
    });
    expect(run.summary!.tasks[0]!.spark).toHaveLength(3);
    // A run from before there were summaries is read from its result.
    rmSync(join(folder, 'first', 'run', 'summary.json'));
    const anew = createStudio({
      catalogue: new Catalogue(folder),
      models,
      pages: await Pages.open(join(folder, 'pages')),
    });
    const again = (await (await anew.request('/api/runs')).json()) as { runs: ListedRun[] };
    expect(again.runs.find(({ id }) => id === run.id)!.summary).toEqual(run.summary);
  });

  test.each([
    ['running', [begun(), point(3)], { state: 'running', epoch: 3, maxEpochs: 9 }],
    [
      'paused',
      [begun(), point(3), { at: 4, process: process.pid, kind: 'paused' }],
      { state: 'paused', epoch: 3 },
    ],
    [
      'went on',
      [
        begun(),
        { at: 4, process: process.pid, kind: 'paused' },
        { at: 5, process: process.pid, kind: 'resumed' },
      ],
      { state: 'running' },
    ],
    ['stopped', [begun(), point(2), { at: 4, kind: 'stopped' }], { state: 'stopped', epoch: 2 }],
    [
      'failed',
      [begun(), { at: 4, kind: 'stopped', error: 'no disk' }],
      { state: 'failed', error: 'no disk' },
    ],
    ['died', [begun(NOBODY), point(3, 3, NOBODY)], { state: 'interrupted', epoch: 3 }],
    // Its beginning is far behind what is read of a long journal.
    [
      'died late',
      [begun(NOBODY), ...Array.from({ length: 2000 }, (_, i) => point(i, i, NOBODY))],
      { state: 'interrupted' },
    ],
    // Killed while it was paused, it was resumed by another process.
    [
      'came back',
      [begun(NOBODY), { at: 4, process: NOBODY, kind: 'paused' }, begun(), point(3)],
      { state: 'running' },
    ],
    ['silent', [], { state: 'interrupted' }],
  ])('one that %s', async (name, entries, expected) => {
    writeRun(name, entries);
    expect(await listed(name)).toMatchObject(expected);
  });

  test('a journal that was cut short is read as far as it goes', async () => {
    const path = writeRun('cut', [begun(), point(1)]);
    appendFileSync(join(path, JOURNAL), '{"at": 9, "kind": "poi');
    expect(await listed('cut')).toMatchObject({ state: 'running', epoch: 1 });
  });

  test('follows what changes', async () => {
    const path = writeRun('grows', [begun(), point(1)]);
    expect(await listed('grows')).toMatchObject({ epoch: 1 });
    appendFileSync(join(path, JOURNAL), `${JSON.stringify(point(2))}\n`);
    expect(await listed('grows')).toMatchObject({ epoch: 2 });
    rmSync(path, { recursive: true });
    expect(await listed('grows')).toBeUndefined();
  });
});

describe('one run', () => {
  test('is its result with its settings, its curves thinned', async () => {
    const { id } = await listed('first/run');
    const found = await get<{ result: RunResult; config: { seeds: number } }>(`/api/runs/${id}`);
    expect(found.result.multi.curve).toEqual(JSON.parse(JSON.stringify(result.multi.curve)));
    expect(found.config.seeds).toBe(2);
  });

  test('predicts a row, and says what was odd about it', async () => {
    const { id } = await listed('first/run');
    const response = await post(`/api/runs/${id}/predict`, { rows: [{ x: 0.5, z: 1 }] });
    const { predictions, warnings } = (await response.json()) as {
      predictions: { sign: { probability: number } }[];
      warnings: { code: string }[];
    };
    expect(predictions[0]!.sign.probability).toBeGreaterThan(0);
    expect(warnings.map(({ code }) => code).sort()).toEqual(['column-missing', 'column-unknown']);
    const model = await get<{ name: string; inputs: object[]; tasks: object[] }>(`/api/runs/${id}/model`);
    expect(model).toMatchObject({
      name: 'run',
      inputs: [{ name: 'x' }, { name: 'y' }],
      tasks: [{ name: 'sum' }, {}],
    });
  });

  test('is asked to pause by a file in its folder', async () => {
    const path = writeRun('asked', [begun()]);
    const { id } = await listed('asked');
    expect((await post(`/api/runs/${id}/control`, { request: 'pause' })).status).toBe(200);
    expect(JSON.parse(readFileSync(join(path, CONTROL), 'utf8'))).toMatchObject({ request: 'pause' });
    const wrong = await post(`/api/runs/${id}/control`, { request: 'rm -rf' });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ error: { code: 'usage-invalid' } });
  });

  test.each(['0000000000000000', '..%2f..%2fetc', 'first'])('%s is none', async (id) => {
    for (const end of ['', '/events']) expect((await app.request(`/api/runs/${id}${end}`)).status).toBe(404);
    expect((await post(`/api/runs/${id}/control`, { request: 'pause' })).status).toBe(404);
  });
});

describe('what a run tells', () => {
  test('comes as a snapshot, then as it is told; a journal begun anew is another snapshot', async () => {
    const path = writeRun('live', [begun(), point(1)]);
    const ended = new AbortController();
    const seen: StreamEvent[] = [];
    for await (const event of followRun(path, ended.signal)) {
      seen.push(event);
      if (seen.length === 1)
        appendFileSync(join(path, JOURNAL), `${JSON.stringify(point(2))}\n{"at": 3, "kin`);
      if (seen.length === 2) writeFileSync(join(path, JOURNAL), `${JSON.stringify(begun())}\n`);
      if (seen.length === 3) ended.abort();
    }
    expect(seen.map(({ event, entries }) => [event, entries.map(({ kind }) => kind)])).toEqual([
      ['snapshot', ['begun', 'point']],
      ['entries', ['point']],
      ['snapshot', ['begun']],
    ]);
  });

  test('is streamed as server-sent events', async () => {
    const { id } = await listed('first/run');
    const response = await app.request(`/api/runs/${id}/events`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toMatch(
      /^event: snapshot\ndata: \[\{"at":\d+,"process":\d+,"kind":"begun"/,
    );
    await reader.cancel();
  });

  test('a snapshot leaves out what a resumed run told twice, and thins long curves', () => {
    const twice = [begun() as JournalEntry, point(1, 2), point(2, 3), point(3, 4), point(2, 5), point(3, 6)];
    const steps = shortened(twice).flatMap((entry) => (entry.kind === 'point' ? [entry.point.step] : []));
    expect(steps).toEqual([4, 8, 12]);
    const long = Array.from({ length: 10_000 }, (_, i) => point(i + 1));
    const thin = shortened(long);
    expect(thin.length).toBeLessThanOrEqual(401);
    expect(thin.at(-1)).toEqual(long.at(-1));
  });
});

describe('one run, asked for again', () => {
  test('that is finished is read again only where it has changed', async () => {
    const { id } = await listed('first/run');
    const path = `/api/runs/${id}`;
    const tag = (await app.request(path)).headers.get('etag')!;
    const again = (): Promise<Response> =>
      Promise.resolve(app.request(path, { headers: { 'if-none-match': tag } }));
    expect((await again()).status).toBe(304);
    const file = join(folder, 'first', 'run', 'result.json');
    const later = new Date(Date.now() + 5000);
    utimesSync(file, later, later);
    expect((await again()).status).toBe(200);
  });

  test('that learns is looked at each time, and no other with it', async () => {
    const path = writeRun('moves', [begun(), point(1)]);
    const { id } = await listed('moves');
    const response = await app.request(`/api/runs/${id}`);
    expect(response.headers.get('etag')).toBeNull();
    appendFileSync(join(path, JOURNAL), `${JSON.stringify(point(2))}\n`);
    expect(await get<object>(`/api/runs/${id}`)).toMatchObject({ run: { state: 'running', epoch: 2 } });
    rmSync(path, { recursive: true });
    expect((await app.request(`/api/runs/${id}`)).status).toBe(404);
  });
});

describe('comparing', () => {
  test('refuses in our words what it cannot compare', async () => {
    const { id } = await listed('first/run');
    const damaged = writeRun('damaged', [begun()]);
    writeFileSync(
      join(damaged, 'result.json'),
      readFileSync(join(folder, 'first', 'run', 'result.json')).subarray(0, 500),
    );
    const cut = (await listed('damaged')).id;
    writeRun('learning', [begun(), point(1)]);
    const learning = (await listed('learning')).id;
    const many = Array.from({ length: 61 }, (_, i) => `run${i}`);
    for (const [runs, error] of [
      [cut, { code: 'run-folder', found: 'a file that is cut short or damaged' }],
      [`${id},${learning}`, { code: 'run-folder', expected: 'a finished run', found: 'running' }],
      ['nobody', { code: 'run-folder', found: 'none' }],
      ['', { code: 'runs-differ', found: '0' }],
      [many.join(), { code: 'runs-differ', found: '61' }],
    ] as const) {
      const response = await app.request(`/api/compare?runs=${runs}`);
      expect(response.status, runs).toBe(400);
      expect(await response.json()).toMatchObject({ error });
    }
    // Its page still opens, with what it told.
    expect(await get<object>(`/api/runs/${cut}`)).toMatchObject({ run: { state: 'finished' } });
    expect(await get<object>(`/api/runs/${cut}`)).not.toHaveProperty('result');
  });
});

describe('manners', () => {
  test('a name that is not of this machine is refused, and a page from elsewhere', async () => {
    expect((await app.request('http://studio.example/api/runs')).status).toBe(403);
    const { id } = await listed('first/run');
    for (const origin of ['https://elsewhere.example', 'null'])
      expect((await post(`/api/runs/${id}/control`, { request: 'stop' }, { origin })).status).toBe(403);
  });

  test('pages are those that were built, under any address of theirs, and no other file', async () => {
    for (const path of ['/', '/run/abc', '/index.html']) {
      const response = await app.request(path);
      expect(await response.text()).toContain('<title>Studio</title>');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    }
    for (const path of ['/../first/run/run.json', '/%2e%2e/run.json', '/run.json'])
      expect((await app.request(path)).status, path).toBe(404);
  });

  test('a large page is read when it is asked for, and kept by the browser until it is another', async () => {
    const place = join(folder, 'large.wasm');
    const bytes = (size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
    writeFileSync(place, bytes(1_100_000));
    const serve = async (): Promise<ReturnType<typeof createStudio>> =>
      createStudio({
        catalogue: new Catalogue(folder),
        models,
        pages: await Pages.open(join(folder, 'pages'), { '/ort/large.wasm': place }),
      });
    const served = await serve();
    const first = await served.request('/ort/large.wasm');
    expect(Buffer.from(await first.arrayBuffer()).equals(bytes(1_100_000))).toBe(true);
    const headers = Object.fromEntries(first.headers);
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-length': '1100000',
      'content-type': 'application/wasm',
    });
    const asked = { headers: { 'if-none-match': headers.etag! } };
    const again = await served.request('/ort/large.wasm', asked);
    expect([again.status, await again.text()]).toEqual([304, '']);
    writeFileSync(place, bytes(1_200_000));
    const other = await (await serve()).request('/ort/large.wasm', asked);
    expect((await other.arrayBuffer()).byteLength).toBe(1_200_000);
    expect((await app.request('/')).headers.get('cache-control')).toBe('no-store');
  });

  test('what is no JSON is refused in our words', async () => {
    const { id } = await listed('first/run');
    const response = await app.request(`/api/runs/${id}/predict`, { method: 'POST', body: '{' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'usage-invalid', path: 'body' } });
  });
});
