import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { load, serve } from '../src/index.ts';
import { farthest, Models, openServed, ROWS, sampleOf } from '../src/serving/server/served.test-support.ts';
import { lastLine, polytask } from './support/run-cli.ts';
import { builtFiles, type ServedProcess, serveProcess, until } from './support/served.ts';

const models = new Models();
let place: string;
/** The same problem from another seed: other predictions. */
let other: string;
let files: Awaited<ReturnType<typeof builtFiles>>;
const started: ServedProcess[] = [];

beforeAll(async () => {
  place = await models.wide('wide', 1);
  other = await models.wide('other', 2);
  files = await builtFiles();
});
afterAll(() => {
  for (const { process } of started) process.kill('SIGKILL');
  models.remove();
});

const ROW = { x: 0.5, colour: 'red', note: null, when: '2015-04-12', wet: true };

async function start(from: string, ...args: readonly string[]): Promise<ServedProcess> {
  const server = await serveProcess([from, ...args]);
  started.push(server);
  return server;
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function amountOf(response: Response): Promise<number> {
  const { predictions } = (await response.json()) as { predictions: { amount: { value: number } } };
  return predictions.amount.value;
}

/** Sends bytes as they are and reads until the other side closes, or a while has passed. */
function raw(port: number, text: string, wait = 4000): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(wait, done);
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('error', done);
    socket.on('close', done);
  });
}

/** Some turns of the event loop: what was sent has gone to a worker. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A worker's code with something done before each batch. */
function disturbed(name: string, body: string): URL {
  const file = join(models.folder, `${name}.mjs`);
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ asks }) => { const texts = asks.map(({ text }) => text).join(); ${body} });
     await import(${JSON.stringify(files.worker.href)});`,
  );
  return pathToFileURL(file);
}
const SLOW =
  'if (texts.includes("slowly")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);';

describe('workers', () => {
  test('answer what the model answers, each its own requests', async () => {
    const served = await openServed(place, { files, workers: 2 });
    const model = await load(place);
    const rows = ROWS.slice(0, 80).map(({ x, colour, note, when, wet }) => ({ x, colour, note, when, wet }));
    const replies = await Promise.all(rows.map((row) => served.post('/predict', row)));
    const { predictions } = await model.answer(rows);
    expect(
      farthest(
        replies.map(({ json }) => json.predictions),
        predictions,
      ),
    ).toBeLessThan(1e-5);
    expect(served.service.workers).toBe(2);
    await model.close();
    await served.service.close();
  });

  test('that end are replaced: what they were at is told, what comes later is answered', async () => {
    const worker = disturbed('crashing', 'if (texts.includes("crash")) process.exit(3);');
    const served = await openServed(place, { files: { worker }, workers: 1 });
    const lost = await served.post('/predict', { colour: 'crash' });
    expect([lost.status, lost.json.error.code, lost.headers.get('retry-after')]).toEqual([
      503,
      'worker-failed',
      '1',
    ]);
    expect(lost.json.error.found).toContain('exit code 3');
    expect((await served.post('/predict', ROW)).status).toBe(200);
    expect((await served.get('/ready')).status).toBe(200);
    const { text } = await served.get('/metrics');
    expect(sampleOf(text, 'polytask_worker_losses_total')).toBe(1);
    expect(served.notes.join()).toContain('a new one takes its place');
    await served.service.close();
  });

  test('under more than they can take, requests get 200 and are right, or 503', async () => {
    const worker = disturbed('slow', SLOW);
    const served = await openServed(place, { files: { worker }, workers: 1, limits: { queue: 5 } });
    const right = (await served.post('/predict', ROW)).json.predictions;
    const slow = served.post('/predict', { ...ROW, extra: 'slowly' });
    await turns();
    // The worker is at it, and this one lies ready for it.
    const second = served.post('/predict', { ...ROW, extra: 'slowly' });
    await turns();
    const many = await Promise.all(Array.from({ length: 30 }, () => served.post('/predict', ROW)));
    const statuses = many.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5);
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(20);
    for (const { status, json, headers } of [...many, await slow, await second])
      if (status === 200) expect(json.predictions).toEqual(right);
      else expect([status, json.error.code, headers.get('retry-after')]).toEqual([503, 'server-busy', '1']);
    await served.service.close();
  });

  test('without room, what comes over the wire is refused before it is read', async () => {
    const worker = disturbed('full', SLOW);
    const server = await serve(place, {
      port: 0,
      files: { worker },
      workers: 1,
      limits: { queue: 1 },
    });
    const slow = { ...ROW, extra: 'slowly' };
    const first: Promise<Response>[] = [];
    for (let i = 0; i < 3; i++) {
      first.push(post(server.url, slow));
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    const refused = await post(server.url, '{ this is not even JSON');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ error: { code: 'server-busy' } });
    const inference = await fetch(`${server.url}/v2/models/wide/infer`, { method: 'POST', body: '{}' });
    expect([inference.status, typeof ((await inference.json()) as { error: unknown }).error]).toEqual([
      503,
      'string',
    ]);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    for (const reply of await Promise.all(first)) expect(reply.status).toBe(200);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(sampleOf(metrics, 'polytask_rejected_total', 'server-busy')).toBe(2);
    await server.close();
  });

  test('that take too long are waited for no longer than the limit', async () => {
    const worker = disturbed('late', SLOW);
    const served = await openServed(place, { files: { worker }, workers: 1, limits: { seconds: 0.1 } });
    const late = await served.post('/predict', { ...ROW, extra: 'slowly' });
    expect([late.status, late.json.error.code]).toEqual([504, 'request-timeout']);
    await until(async () => (await served.post('/predict', ROW)).status === 200);
    await served.service.close();
  });

  test('take a new model over one after the other, and no request is lost', async () => {
    const from = join(models.folder, 'exchanged');
    cpSync(place, from, { recursive: true });
    const served = await openServed(from, { files: { worker: disturbed('exchange', SLOW) }, workers: 1 });
    const [before, after] = await Promise.all(
      [place, other].map(async (one) => {
        const model = await load(one);
        const { predictions } = await model.answer([ROW]);
        await model.close();
        return (predictions[0] as { amount: { value: number } }).amount.value;
      }),
    );
    const values: number[] = [];
    let asking = true;
    const ask = async (row: object): Promise<void> => {
      while (asking) {
        const { status, json } = await served.post('/predict', row);
        expect(status).toBe(200);
        values.push(json.predictions.amount.value);
      }
    };
    // The last one is always on its way, also when workers change.
    const asked = [ask(ROW), ask(ROW), ask({ ...ROW, extra: 'slowly' })];
    await until(() => values.length > 5);
    rmSync(from, { recursive: true });
    cpSync(other, from, { recursive: true });
    expect(await served.service.reload()).toBe(true);
    const then = values.length;
    await until(() => values.length > then + 5);
    asking = false;
    await Promise.all(asked);
    expect(values[0]).toBeCloseTo(before!, 4);
    expect(values.at(-1)).toBeCloseTo(after!, 4);
    for (const value of values)
      expect(Math.min(Math.abs(value - before!), Math.abs(value - after!))).toBeLessThan(1e-3);
    expect(await served.service.reload()).toBe(false);
    await served.service.close();
  });
});

describe('polytask serve', () => {
  test('says where it is, answers, and ends with 0 on SIGTERM once everything is answered', async () => {
    const server = await start(place, '--name', 'birds');
    expect(server.said()).toMatch(
      /birds \(version [0-9a-f]{12}\) is served at http:\/\/127\.0\.0\.1:\d+ by \d workers?/,
    );
    const model = await load(place);
    const expected = (await model.answer([ROW])).predictions[0];
    await model.close();
    const reply = (await (await post(server.url, ROW)).json()) as { predictions: unknown };
    expect(farthest(reply.predictions, expected)).toBeLessThan(1e-5);
    expect((await fetch(`${server.url}/v2/models/birds/ready`)).status).toBe(200);
    const agent = new Agent({ keepAlive: true });
    // The head and half of the body: it is on its way when the signal comes.
    const body = JSON.stringify(ROW);
    const late = request(`${server.url}/predict`, {
      agent,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': body.length },
    });
    const answered = new Promise<{ status: number; connection: string }>((resolve, reject) => {
      late.on('error', reject);
      late.on('response', (response) => {
        response.resume();
        resolve({ status: response.statusCode!, connection: response.headers.connection ?? '' });
      });
    });
    await new Promise<void>((resolve) => late.write(body.slice(0, 10), () => resolve()));
    await until(
      async () => sampleOf(await (await fetch(`${server.url}/metrics`)).text(), 'polytask_rows_total') === 1,
    );
    server.process.kill('SIGTERM');
    await server.saying(/Stopping/);
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
    late.end(body.slice(10));
    expect(await answered).toEqual({ status: 200, connection: 'close' });
    expect(await server.ended).toBe(0);
  });

  test('cuts off what takes longer than it waits for at its end', async () => {
    const server = await start(place, '--drain', '0.2');
    const hanging = raw(
      server.port,
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
      9000,
    );
    await until(async () => (await fetch(`${server.url}/health`)).ok);
    server.process.kill('SIGINT');
    expect(await server.ended).toBe(0);
    expect(server.said()).toContain('cut off');
    await hanging;
  });

  test('takes a new model by itself and on SIGHUP, and keeps the old one where the new is broken', async () => {
    const from = join(models.folder, 'reloaded');
    cpSync(place, from, { recursive: true });
    const server = await start(from, '--reload', '0.05');
    const first = await amountOf(await post(server.url, ROW));
    const next = join(models.folder, 'next');
    cpSync(other, next, { recursive: true });
    renameSync(from, join(models.folder, 'old'));
    renameSync(next, from);
    await server.saying(/a new model answers: version/);
    const second = await amountOf(await post(server.url, ROW));
    expect(second).not.toBeCloseTo(first, 5);
    writeFileSync(join(from, 'manifest.json'), '{');
    await server.saying(/cannot be served, the old one stays[\s\S]*model-invalid/);
    expect(await amountOf(await post(server.url, ROW))).toBe(second);
    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);

    const patient = await start(join(models.folder, 'old'), '--reload', '0');
    rmSync(join(models.folder, 'old'), { recursive: true });
    cpSync(other, join(models.folder, 'old'), { recursive: true });
    expect(await amountOf(await post(patient.url, ROW))).toBe(first);
    patient.process.kill('SIGHUP');
    await patient.saying(/a new model answers/);
    expect(await amountOf(await post(patient.url, ROW))).toBe(second);
    patient.process.kill('SIGTERM');
    expect(await patient.ended).toBe(0);
  });

  test('refuses what is slow, large or no HTTP in JSON, and lives on', async () => {
    const server = await start(place, '--receive-timeout', '0.6', '--max-body', '1000', '--quiet');
    const head = 'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    const [slowBody, slowHead, flood, garbage, chunked, announced, pathTrick, noHost] = await Promise.all([
      raw(server.port, `${head}Content-Length: 100\r\n\r\n{"x"`),
      raw(server.port, 'POST /predict HTTP/1.1\r\nHost: x\r\nContent-'),
      raw(
        server.port,
        `GET /health HTTP/1.1\r\nHost: x\r\n${'X-Much: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(800)}\r\n`,
      ),
      raw(server.port, 'HELO\r\n\r\n'),
      raw(
        server.port,
        `${head}Transfer-Encoding: chunked\r\n\r\n${`400\r\n${' '.repeat(0x400)}\r\n`.repeat(8)}0\r\n\r\n`,
      ),
      raw(server.port, `${head}Content-Length: 99999999\r\n\r\n{`),
      raw(server.port, 'GET /v2/models/..\\..\\etc/../%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
      raw(server.port, 'GET /health HTTP/1.0\r\n\r\n'),
    ]);
    for (const [answer, status] of [
      [slowBody, 408],
      [slowHead, 408],
      [flood, 431],
      [garbage, 400],
      [chunked, 413],
      [announced, 413],
    ] as const) {
      expect(answer, String(status)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as {
        error: { help: string };
      };
      expect(error.help).toMatch(/\.$/);
    }
    for (const answer of [pathTrick, noHost])
      expect(answer).toMatch(/^HTTP\/1\.1 (400|404) [\s\S]*\{"error"/);
    expect((await post(server.url, ROW)).status).toBe(200);
    expect(server.said()).toBe('');
    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  test('takes its token from the environment', async () => {
    const server = await serveProcess([place], { POLYTASK_TOKEN: 'sesame' });
    started.push(server);
    expect((await post(server.url, ROW)).status).toBe(401);
    expect((await post(server.url, ROW, { Authorization: 'Bearer sesame' })).status).toBe(200);
    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  test('cannot have a port that is taken, nor serve what is no model', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const busy = await polytask(['serve', place, '--port', String(port), '--json'], { cwd: models.folder });
    expect(busy.code).toBe(2);
    expect(lastLine(busy.stdout)).toMatchObject({
      error: { code: 'address-unavailable', path: `127.0.0.1:${port}` },
    });
    taken.close();
    mkdirSync(join(models.folder, 'empty'));
    const none = await polytask(['serve', 'empty', '--json'], { cwd: models.folder });
    expect([none.code, (lastLine(none.stdout) as { error: { code: string } }).error.code]).toEqual([
      2,
      'model-invalid',
    ]);
    const flag = await polytask(['serve', place, '--queue', 'many', '--json'], { cwd: models.folder });
    expect([flag.code, (lastLine(flag.stdout) as { error: { code: string } }).error.code]).toEqual([
      2,
      'usage-invalid',
    ]);
  });
});

test('a server of one’s own warns where it is open to others, and closes', async () => {
  const notes: string[] = [];
  const server = await serve(place, {
    host: '0.0.0.0',
    port: 0,
    workers: 0,
    note: (text) => notes.push(text),
  });
  expect(notes.join()).toContain('open to others');
  expect((await post(server.url, ROW)).status).toBe(200);
  expect(await server.close()).toBe(true);
  await expect(post(server.url, ROW)).rejects.toThrow();
});
