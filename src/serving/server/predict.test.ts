import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { load } from '../load.ts';
import type { Model } from '../model.ts';
import { farthest, Models, openServed, ROWS, type Served, sampleOf } from './served.test-support.ts';

const models = new Models();
let wide: Served;
let long: Served;
let wideModel: Model;
let longModel: Model;

beforeAll(async () => {
  const [a, b] = [await models.wide(), await models.long()];
  [wide, long] = [await openServed(a), await openServed(b)];
  [wideModel, longModel] = [await load(a), await load(b)];
});
afterAll(async () => {
  for (const one of [wide, long]) await one.service.close();
  for (const one of [wideModel, longModel]) await one.close();
  models.remove();
});

/** Rows as users send them: cells missing, unseen, of other types. */
const row: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    x: fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant(null),
      fc.constant('1.5'),
      fc.constant('high'),
    ),
    colour: fc.constantFrom('red', 'green', 'blue', 'mauve', '', null, 7),
    note: fc.oneof(fc.string(), fc.constant('red thing number 3 was seen near the harbour')),
    when: fc.constantFrom('2015-04-12', '2015-04-12T10:30:00Z', 'yesterday', null, 1e12),
    wet: fc.constantFrom(true, false, null, 'yes', 'perhaps'),
    constructor: fc.constant(1),
    extra: fc.constantFrom('a', ['a', 'b']),
  },
  { requiredKeys: [] },
);

describe('POST /predict', () => {
  test('answers what the model answers, with the same warnings, whatever the form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 9 }), async (rows) => {
        const expected = await wideModel.answer(rows);
        for (const body of [rows, { rows }]) {
          const { status, json } = await wide.post('/predict', body);
          expect(status).toBe(200);
          expect(farthest(json.predictions, expected.predictions)).toBeLessThan(1e-5);
          expect(json.warnings).toEqual(JSON.parse(JSON.stringify(expected.warnings)));
        }
        const one = await wide.post('/predict', rows[0]);
        const alone = await wideModel.answer([rows[0]!]);
        expect(farthest(one.json.predictions, alone.predictions[0])).toBeLessThan(1e-5);
        expect(one.json.warnings).toEqual(JSON.parse(JSON.stringify(alone.warnings)));
      }),
      { numRuns: 40 },
    );
  });

  test('rows that are asked at the same time run together, and everybody gets their own', async () => {
    const asked = ROWS.slice(0, 60).map((one, i) => (i % 3 === 0 ? { ...one, colour: `unseen ${i}` } : one));
    const before = await wide.service.metrics.text();
    const replies = await Promise.all(asked.map((one) => wide.post('/predict', one)));
    for (const [i, { status, json }] of replies.entries()) {
      expect(status).toBe(200);
      const { predictions, warnings } = await wideModel.answer([asked[i]!]);
      expect(farthest(json.predictions, predictions[0])).toBeLessThan(1e-5);
      expect(json.warnings).toEqual(JSON.parse(JSON.stringify(warnings)));
    }
    const after = await wide.service.metrics.text();
    const grown = (name: string): number => sampleOf(after, name) - sampleOf(before, name);
    expect(grown('polytask_rows_total')).toBe(60);
    expect(grown('polytask_batch_rows_count')).toBeLessThanOrEqual(3);
  });

  test('no run takes more rows than it may', async () => {
    const small = await openServed(models.folder.concat('/wide/model'), { batchRows: 16 });
    const replies = await Promise.all(
      ROWS.slice(0, 50).map((one) => small.post('/predict', { rows: [one, one, one] })),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const text = await small.service.metrics.text();
    expect(sampleOf(text, 'polytask_batch_rows_bucket', 'le="16"')).toBe(
      sampleOf(text, 'polytask_batch_rows_count'),
    );
    await small.service.close();
  });

  test('an empty list has no predictions', async () => {
    expect((await wide.post('/predict', [])).json).toEqual({ predictions: [], warnings: [] });
  });

  test('a number beyond double precision counts as missing, and is told', async () => {
    const { json, text } = await wide.post('/predict', '{"x": 1e999, "colour": "red"}');
    const missing = await wide.post('/predict', '{"x": null, "colour": "red"}');
    expect(json.predictions).toEqual(missing.json.predictions);
    expect(json.warnings.map(({ code }: { code: string }) => code)).toContain('value-unreadable');
    expect(text).not.toMatch(/NaN|Infinity(?!;)/);
  });

  test('rows of a long model name their task; who names an unknown one is refused alone', async () => {
    const rows = ROWS.slice(0, 8).map(({ x, colour, school }) => ({ x, colour, school }));
    const expected = await longModel.predict(rows as never);
    const [good, bad, other] = await Promise.all([
      long.post('/predict', rows),
      long.post('/predict', [{ ...rows[0], school: 's9' }]),
      long.post('/predict', rows[3]),
    ]);
    expect(farthest(good!.json.predictions, expected)).toBeLessThan(1e-5);
    expect(other!.status).toBe(200);
    expect([bad!.status, bad!.json.error.code, bad!.json.error.path]).toEqual([
      400,
      'task-unknown',
      'rows[0].school',
    ]);
  });
});

describe('the Open Inference Protocol', () => {
  const column = (name: string, datatype: string, of: readonly Record<string, unknown>[]): object => ({
    name,
    datatype,
    shape: [of.length],
    data: of.map((one) => one[name] ?? null),
  });
  const rows = ROWS.slice(5, 12);
  const inputs = [
    column('x', 'FP64', rows),
    column('colour', 'BYTES', rows),
    column('note', 'BYTES', rows),
    column('when', 'BYTES', rows),
    column('wet', 'BOOL', rows),
  ];

  test('describes the model as tensors', async () => {
    expect((await wide.get('/v2')).json.name).toBe('polytask');
    const { json } = await wide.get('/v2/models/wide');
    expect(json.inputs).toContainEqual({ name: 'x', datatype: 'FP64', shape: [-1] });
    expect(json.outputs).toContainEqual({
      name: 'shape.probabilities',
      datatype: 'FP32',
      shape: [-1, 3],
      parameters: { elements: ['ball', 'cube', 'disc'] },
    });
    expect((await wide.get('/v2/models/wide/ready')).status).toBe(200);
    for (const path of ['/v2/models/other', '/v2/models/other/ready', '/v2/models/..%2f..%2fetc'])
      expect((await wide.get(path)).status, path).toBe(404);
  });

  test('infers what the model predicts', async () => {
    const plain = rows.map(({ x, colour, note, when, wet }) => ({ x, colour, note, when, wet }));
    const expected = (await wideModel.predict(plain as never)) as unknown as Record<
      string,
      Record<string, unknown>
    >[];
    const { json, status } = await wide.post('/v2/models/wide/infer', { id: 'seven', inputs });
    expect([status, json.id, json.model_name]).toEqual([200, 'seven', 'wide']);
    const output = (name: string): { data: unknown[]; shape: number[]; datatype: string } =>
      json.outputs.find((one: { name: string }) => one.name === name);
    expect(output('flag').data).toEqual(expected.map((one) => one.flag!.label));
    expect(output('tags').data).toEqual(expected.map((one) => (one.tags!.labels as string[]).join('|')));
    expect(
      farthest(
        output('amount').data,
        expected.map((one) => one.amount!.value),
      ),
    ).toBeLessThan(1e-5);
    expect(output('shape.probabilities').shape).toEqual([7, 3]);
    expect(
      farthest(
        output('shape.probabilities').data,
        expected.flatMap((one) => Object.values(one.shape!.probabilities as object)),
      ),
    ).toBeLessThan(1e-5);
  });

  test('gives the outputs that are asked for, and takes columns of shape [n, 1]', async () => {
    const { json } = await wide.post('/v2/models/wide/infer', {
      inputs: [{ name: 'x', datatype: 'INT64', shape: [2, 1], data: [[1], [2]] }],
      outputs: [{ name: 'amount' }],
    });
    expect(json.outputs.map(({ name, shape }: { name: string; shape: number[] }) => [name, shape])).toEqual([
      ['amount', [2]],
    ]);
    expect(json.parameters.warnings).toContain('"colour"');
  });

  test.each([
    [{ inputs: [] }, 'inputs'],
    [{}, 'inputs'],
    [{ inputs: [{ name: 'y', datatype: 'FP64', shape: [1], data: [1] }] }, 'inputs[0].name'],
    [{ inputs: [{ name: 'x', datatype: 'FP16', shape: [1], data: [1] }] }, 'inputs[0].datatype'],
    [{ inputs: [{ name: 'x', datatype: 'constructor', shape: [1], data: [1] }] }, 'inputs[0].datatype'],
    [{ inputs: [{ name: 'x', datatype: 'FP64', shape: [2, 2], data: [1] }] }, 'inputs[0].shape'],
    [{ inputs: [{ name: 'x', datatype: 'FP64', shape: [2], data: [1] }] }, 'inputs[0].data'],
    [{ inputs: [{ name: 'x', datatype: 'INT64', shape: [1], data: [1.5] }] }, 'inputs[0].data[0]'],
    [
      { inputs: [{ name: 'x', datatype: 'FP64', shape: [1], data: [1] }], outputs: [{ name: 'z' }] },
      'outputs[0].name',
    ],
    [{ id: 5, inputs: [{ name: 'x', datatype: 'FP64', shape: [1], data: [1] }] }, 'id'],
  ])('refuses %j at %s', async (body, path) => {
    const { status, json } = await wide.post('/v2/models/wide/infer', body);
    expect([status, json.code, json.path, typeof json.error]).toEqual([
      400,
      'request-invalid',
      path,
      'string',
    ]);
  });
});
