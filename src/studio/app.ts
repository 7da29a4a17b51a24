import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { PolytaskError } from '../common/error.ts';
import { writeAtomic } from '../experiment/files.ts';
import type { FrontResult } from '../experiment/front/result.ts';
import { type Request as Asked, CONTROL } from '../experiment/live/control.ts';
import type { RunResult } from '../experiment/result.ts';
import type { RunRecord } from '../experiment/run-folder.ts';
import { VERSION } from '../experiment/version.ts';
import type { Catalogue } from './catalogue.ts';
import { Comparisons } from './comparisons.ts';
import type { Models } from './models.ts';
import type { Pages } from './pages.ts';
import { followRun } from './run-stream.ts';
import { thinResult } from './thin-result.ts';

const REQUESTS: readonly Asked[] = ['pause', 'resume', 'stop', 'end'];
const MOST_POINTS = 500;
const MOST_BODY = 1 << 20;

/** What the studio serves. */
export interface StudioParts {
  readonly catalogue: Catalogue;
  readonly models: Models;
  readonly pages: Pages;
}

/**
 * The studio's server as a Hono app: pages, runs as JSON, and what a run tells as a stream of events.
 *
 * It answers only requests that name this machine as their host, so that a page from elsewhere cannot reach it under a name of
 * its own; and requests that change something only where they come from its own pages.
 */
export function createStudio({ catalogue, models, pages }: StudioParts): Hono {
  const app = new Hono();
  const comparisons = new Comparisons(catalogue);
  app.use(async (c, next) => {
    const host = new URL(c.req.url).hostname;
    if (!LOCAL.has(host)) return c.json(refusal('another host', host), 403);
    const origin = c.req.header('origin');
    if (c.req.method !== 'GET' && origin !== undefined && !isLocal(origin))
      return c.json(refusal('a page from elsewhere', origin), 403);
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });
  app.onError((error, c) => {
    if (error instanceof PolytaskError) return c.json({ error }, 400);
    return c.json({ error: { code: 'unexpected', help: String(error) } }, 500);
  });

  app.get('/api/runs', async (c) => c.json({ runs: await catalogue.list() }));
  app.get('/api/compare', async (c) => {
    const ids = (c.req.query('runs') ?? '').split(',').filter(Boolean);
    return c.json(await comparisons.compare(ids, c.req.query('baseline')));
  });
  app.get('/api/runs/:id', async (c) => {
    const id = c.req.param('id');
    const [path, run] = await Promise.all([catalogue.pathOf(id), catalogue.find(id)]);
    if (path === undefined || run === undefined) return c.json(NO_RUN, 404);
    // What a finished run found is large, and asked for again and again while somebody looks at it.
    const tag = run.state === 'finished' ? `"${VERSION} ${run.changed}"` : undefined;
    const kept = keptBy(tag);
    if (tag !== undefined && c.req.header('if-none-match') === tag) return c.body(null, 304, kept);
    const [record, result, front] = await Promise.all([
      readJson<RunRecord>(join(path, 'run.json')),
      readJson<RunResult>(join(path, 'result.json')),
      readJson<FrontResult>(join(path, 'front.json')),
    ]);
    return c.json(
      {
        run,
        ...(record && { config: record.config, directory: record.directory }),
        ...(result && { result: thinResult(result, MOST_POINTS) }),
        ...(front && { front }),
      },
      200,
      kept,
    );
  });
  app.get('/api/runs/:id/events', async (c) => {
    const path = await catalogue.pathOf(c.req.param('id'));
    if (path === undefined) return c.json(NO_RUN, 404);
    return streamSSE(c, async (stream) => {
      const ended = new AbortController();
      stream.onAbort(() => ended.abort());
      for await (const { event, entries } of followRun(path, ended.signal))
        await stream.writeSSE({ event, data: JSON.stringify(entries) });
    });
  });
  app.post('/api/runs/:id/control', async (c) => {
    const path = await catalogue.pathOf(c.req.param('id'));
    if (path === undefined) return c.json(NO_RUN, 404);
    const { request } = (await bodyOf(c.req.raw)) as { request?: Asked };
    if (request === undefined || !REQUESTS.includes(request))
      return c.json(refusal(REQUESTS.join(', '), String(request)), 400);
    await writeAtomic(join(path, CONTROL), JSON.stringify({ id: randomUUID(), request }));
    return c.json({ request });
  });
  app.post('/api/runs/:id/predict', async (c) => {
    const path = await catalogue.pathOf(c.req.param('id'));
    if (path === undefined) return c.json(NO_RUN, 404);
    const { rows } = (await bodyOf(c.req.raw)) as { rows?: Record<string, unknown>[] };
    return c.json(await models.predict(join(path, 'model'), Array.isArray(rows) ? rows : [{}]));
  });
  app.get('/api/runs/:id/model', async (c) => {
    const path = await catalogue.pathOf(c.req.param('id'));
    if (path === undefined) return c.json(NO_RUN, 404);
    return c.json(await models.describe(join(path, 'model'), basename(path)));
  });
  app.all('/api/*', (c) =>
    c.json({ error: { code: 'usage-invalid', help: 'There is no such address.' } }, 404),
  );
  app.get('*', (c) => {
    const page = pages.get(new URL(c.req.url).pathname);
    if (page === undefined) return c.notFound();
    const { type, size, tag } = page;
    const kept = keptBy(tag);
    if (tag !== undefined && c.req.header('if-none-match') === tag) return c.body(null, 304, kept);
    return c.body(page.body() as Uint8Array<ArrayBuffer> | ReadableStream, 200, {
      ...kept,
      'Content-Type': type,
      'Content-Length': String(size),
      'Content-Security-Policy': POLICY,
    });
  });
  return app;
}

/** For what the browser keeps, asking each time whether it is still the same. */
const keptBy = (tag: string | undefined): Record<string, string> =>
  tag === undefined ? {} : { ETag: tag, 'Cache-Control': 'no-cache' };
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
/** Whether a page comes from this machine; one without an address of its own says `null`. */
const isLocal = (origin: string): boolean => URL.canParse(origin) && LOCAL.has(new URL(origin).hostname);
/** Pages load nothing from elsewhere; the playground compiles WebAssembly and trains in a worker. */
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:";
const NO_RUN = {
  error: { code: 'run-folder', help: 'There is no such run any more; look at the list of runs.' },
};

function refusal(expected: string, found: string): object {
  return {
    error: { code: 'usage-invalid', expected, found, help: 'Use the address that the studio printed.' },
  };
}

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text();
  try {
    if (text.length <= MOST_BODY) return JSON.parse(text);
  } catch {
    // Said below.
  }
  throw new PolytaskError('usage-invalid', {
    path: 'body',
    expected: `JSON of at most ${MOST_BODY} characters`,
    found: `${text.length} characters`,
    help: 'Send what the pages of the studio send.',
  });
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
