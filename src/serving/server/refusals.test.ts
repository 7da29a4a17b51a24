import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../common/error-codes.ts';
import { LIMITS, nameOf, settingsOf } from './options.ts';
import { Models, openServed, replyOf, type Served, sampleOf } from './served.test-support.ts';

const models = new Models();
let place: string;
let served: Served;
let guarded: Served;
const PAGE = { html: '<!doctype html>', headers: { 'Content-Type': 'text/html' } };

beforeAll(async () => {
  place = await models.wide();
  served = await openServed(place, { limits: { bodyBytes: 20_000, rows: 50 } }, PAGE);
  guarded = await openServed(place, { token: 'open sesame' }, PAGE);
});
afterAll(async () => {
  await served.service.close();
  await guarded.service.close();
  models.remove();
});

describe('what cannot be read', () => {
  test.each<[string, unknown, number, string, string]>([
    ['an empty body', '', 400, 'request-invalid', 'body'],
    ['half an object', '{"x": 1', 400, 'request-invalid', 'body'],
    ['two objects', '{}{}', 400, 'request-invalid', 'body'],
    ['NaN', '{"x": NaN}', 400, 'request-invalid', 'body'],
    ['a text', '"x"', 400, 'request-invalid', 'body'],
    ['null', 'null', 400, 'request-invalid', 'body'],
    ['a number', '1', 400, 'request-invalid', 'body'],
    ['a list of numbers', '[1, 2]', 400, 'request-invalid', '[0]'],
    ['rows that are no rows', { rows: [{}, null] }, 400, 'request-invalid', 'rows[1]'],
    ['columns beside rows', { rows: [{}], x: 1 }, 400, 'request-invalid', 'x'],
    ['an object in a cell', { x: { y: 1 } }, 400, 'request-invalid', 'x'],
    ['a list of lists in a cell', { rows: [{ x: [[1]] }] }, 400, 'request-invalid', 'rows[0].x'],
    ['deep nesting', `${'['.repeat(9000)}${']'.repeat(9000)}`, 400, 'request-invalid', '[0]'],
    [
      'deep nesting in a cell',
      `{"x":${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}}`,
      400,
      'request-invalid',
      'x',
    ],
    ['too many rows', { rows: new Array(51).fill({}) }, 413, 'request-too-large', 'rows'],
    ['too many bytes', `{"x": "${'a'.repeat(20_000)}"}`, 413, 'request-too-large', 'body'],
  ])('%s', async (_, body, status, code, path) => {
    const { status: found, json, headers } = await served.post('/predict', body);
    expect([found, json.error.code, json.error.path]).toEqual([status, code, path]);
    expect(headers.get('content-type')).toBe('application/json');
    expect(json.error.help).toMatch(/\.$/);
  });

  test('keys that every object has are columns as any other', async () => {
    const { status, json } = await served.post('/predict', '{"__proto__": {"x": 1}, "toString": 1}');
    expect([status, json.error.path]).toEqual([400, '__proto__']);
    expect((await served.post('/predict', '{"__proto__": 5, "constructor": 2}')).status).toBe(200);
  });

  test('bytes that are no UTF-8', async () => {
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    const headers = { 'Content-Type': 'application/json' };
    const reply = await replyOf(await served.app.request('/predict', { method: 'POST', headers, body }));
    expect([reply.status, reply.json.error.expected]).toEqual([400, 'text in UTF-8']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'a body called "%s"',
    async (type) => {
      const { status, json } = await served.post('/predict', '{}', { 'Content-Type': type });
      expect([status, json.error.code]).toEqual([415, 'request-type']);
    },
  );

  test('a body is JSON with parameters and suffixes too', async () => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.rows+json'])
      expect((await served.post('/predict', '{}', { 'Content-Type': type })).status, type).toBe(200);
  });
});

describe('routes', () => {
  test.each([
    '/nothing',
    '/predict/',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/model/signature.json',
    '/v2/models/wide/versions/1',
    '//',
  ])('%s is none', async (path) => {
    const { status, json } = await served.get(path);
    expect([status, json.error.code]).toEqual([404, 'route-unknown']);
  });

  test.each([
    ['DELETE', '/predict', 'POST'],
    ['GET', '/predict', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['PUT', '/v2/models/wide/infer', 'POST'],
  ])('%s %s is refused and told what there is', async (method, path, allow) => {
    const reply = await replyOf(await served.app.request(path, { method }));
    expect([reply.status, reply.json.error.code, reply.headers.get('allow')]).toEqual([
      405,
      'method-unknown',
      allow,
    ]);
  });

  test('health, readiness, metrics', async () => {
    expect((await served.get('/health')).json).toEqual({ live: true });
    expect((await served.get('/v2/health/ready')).status).toBe(200);
    await served.post('/predict', '{}');
    const { text, headers } = await served.get('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(sampleOf(text, 'polytask_requests_total', 'route="/predict",status="200"')).toBeGreaterThan(0);
    expect(sampleOf(text, 'polytask_rejected_total', 'request-type')).toBeGreaterThan(0);
    expect(text).toContain(`version="${served.service.generation.version}"`);
  });

  test('/model says what a page needs', async () => {
    const { json } = await served.get('/model');
    expect(json.inputs.map(({ name }: { name: string }) => name)).toEqual([
      'x',
      'colour',
      'note',
      'when',
      'wet',
    ]);
    expect(json.tasks.find(({ name }: { name: string }) => name === 'amount')).toMatchObject({
      kind: 'regression',
      unit: 'hours',
    });
    expect(json.metrics[0]).toMatchObject({ task: 'flag' });
  });
});

describe('OpenAPI', () => {
  test('is valid, and has a path for every route', async () => {
    for (const one of [served, guarded]) {
      const { json } = await one.get('/openapi.json', { Authorization: 'Bearer open sesame' });
      const validator = new Validator();
      expect(await validator.validate(json)).toEqual({ valid: true });
      expect(validator.version).toBe('3.1');
      const routes = new Set(
        one.app.routes
          .filter(({ method }) => method !== 'ALL')
          .map(({ path }) => path.replace(':name', '{name}')),
      );
      expect(new Set(Object.keys(json.paths))).toEqual(routes);
    }
  });

  test('describes rows and predictions of the model', async () => {
    const { json } = await served.get('/openapi.json');
    const { Row, Prediction } = json.components.schemas;
    expect(Row.properties.x.type).toEqual(['number', 'null']);
    expect(Row.properties.colour.examples).toContain('red');
    expect(Prediction.properties.amount.description).toBe('in hours');
    expect(Prediction.properties.shape.properties.label.enum).toEqual(['ball', 'cube', 'disc']);
  });
});

describe('a token', () => {
  test('is asked for of all that tells something', async () => {
    for (const header of [{}, { Authorization: 'Bearer open' }, { Authorization: 'open sesame' }]) {
      const { status, json, headers } = await guarded.post('/predict', '{}', header);
      expect([status, json.error.code, headers.get('www-authenticate')]).toEqual([
        401,
        'token-invalid',
        'Bearer',
      ]);
    }
    for (const path of ['/model', '/metrics', '/openapi.json', '/v2', '/v2/models/wide'])
      expect((await guarded.get(path)).status, path).toBe(401);
    for (const path of ['/', '/health', '/ready', '/v2/health/live', '/v2/health/ready'])
      expect((await guarded.get(path)).status, path).toBe(200);
    expect((await guarded.post('/predict', '{}', { Authorization: 'Bearer open sesame' })).status).toBe(200);
  });

  test('is never said', async () => {
    const texts = [
      await guarded.post('/predict', '{}'),
      await guarded.get('/metrics', { Authorization: 'Bearer open sesame' }),
    ];
    for (const { text } of texts) expect(text).not.toContain('sesame');
  });
});

test('options out of range are refused, and names come from places', () => {
  for (const options of [
    { port: 70_000 },
    { workers: 1.5 },
    { batchRows: 0 },
    { limits: { seconds: Number.NaN } },
  ])
    expect(() => settingsOf('m', options, undefined)).toThrow(/usage-invalid/);
  expect(settingsOf('m', { limits: { rows: 5 } }, undefined).limits).toEqual({ ...LIMITS, rows: 5 });
  expect(
    ['runs/first/model', 'runs/first/model/', 'a/income.onnx', 'model', './x', '..'].map(nameOf),
  ).toEqual(['first', 'first', 'income', 'model', 'x', 'model']);
});

describe('whatever is sent', () => {
  const cell = fc.oneof(
    fc.jsonValue(),
    fc.double(),
    fc.string(),
    fc.constantFrom('1e999', '\u0000', '💥', '-0'),
  );
  const names = fc.constantFrom(
    'x',
    'colour',
    'note',
    'when',
    'wet',
    'rows',
    'inputs',
    '__proto__',
    'constructor',
    'outputs',
    'name',
    'shape',
    'data',
    'datatype',
  );
  const tensor = fc.record(
    {
      name: names,
      shape: fc.oneof(fc.array(fc.integer()), cell),
      datatype: fc.constantFrom('FP64', 'BYTES', 'INT8', 'x'),
      data: fc.oneof(fc.array(cell), cell),
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.dictionary(names, cell).map((value) => JSON.stringify(value)),
    fc.array(fc.dictionary(names, cell)).map((rows) => JSON.stringify({ rows })),
    fc
      .record(
        { inputs: fc.array(tensor), outputs: fc.oneof(fc.array(tensor), cell) },
        { requiredKeys: ['inputs'] },
      )
      .map((value) => JSON.stringify(value)),
    fc.constant('{"x": 1e999, "wet": -1e999, "when": 1e300, "colour": 1e400}'),
  );
  const path = fc.oneof(
    fc.constantFrom('/predict', '/v2/models/wide/infer', '/v2/models/wide', '/model', '/', '/v2'),
    fc.webPath().map((one) => `/${one.replace(/^\/+/, '')}`),
  );
  const method = fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH');

  test('is answered in JSON, never with a mistake of ours, and without a number that is none', async () => {
    await fc.assert(
      fc.asyncProperty(path, method, body, async (path, method, body) => {
        const init =
          method === 'GET' ? { method } : { method, body, headers: { 'Content-Type': 'application/json' } };
        const { status, text, json, headers } = await replyOf(await served.app.request(path, init));
        expect([200, 400, 404, 405, 413], text).toContain(status);
        if (path === '/' && status === 200) return;
        expect(headers.get('content-type')).toBe('application/json');
        expect(json).toBeDefined();
        if (status !== 200) expect(Object.keys(ERROR_CODES)).toContain(json.code ?? json.error.code);
        else expect(JSON.stringify(json.predictions ?? json.outputs ?? [])).not.toContain('null');
      }),
      { numRuns: 400 },
    );
    expect(served.notes).toEqual([]);
  });
});
