/**
 * The least that a server can be: the same HTTP server, JSON.parse of the same bodies, a run of the graph on rows that were encoded
 * before, JSON.stringify of what comes out.
 *
 * Usage: node bare.mjs <model folder> <features of a body as JSON>
 */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import ort from 'onnxruntime-node';

const [folder, encoded] = process.argv.slice(2);
const { graph } = JSON.parse(await readFile(join(folder, 'signature.json'), 'utf8'));
const session = await ort.InferenceSession.create(
  new Uint8Array(await readFile(join(folder, 'model.onnx'))),
  {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } },
  },
);
const outputs = graph.outputs.map(({ name }) => name);
const { rows, numeric, categorical } = JSON.parse(await readFile(encoded, 'utf8'));
const feeds = {
  ...(numeric.length > 0 && {
    numeric: { type: 'float32', data: Float32Array.from(numeric), dims: [rows, numeric.length / rows] },
  }),
  ...(categorical.length > 0 && {
    categorical: {
      type: 'int32',
      data: Int32Array.from(categorical),
      dims: [rows, categorical.length / rows],
    },
  }),
};

const app = new Hono();
app.post('/predict', async (c) => {
  const body = await c.req.json();
  const given = Array.isArray(body.rows) ? body.rows.length : 1;
  if (given !== rows) return c.json({ error: `${given} rows` }, 400);
  const tensors = Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [
      name,
      new ort.Tensor(type, data.slice(), dims),
    ]),
  );
  const results = await session.run(tensors);
  return c.json(Object.fromEntries(outputs.map((name) => [name, Array.from(results[name].data)])));
});
const server = createServer(getRequestListener(app.fetch));
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
