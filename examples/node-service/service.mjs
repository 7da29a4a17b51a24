// A service of one's own around a model: what to prepare for tomorrow. No Polytask server is involved, and its types know
// the model's columns, categories and tasks: misspell one, and `npx tsc` says so.
//
//   node train.mjs && node service.mjs
//   curl localhost:3000/plan -d '{"weekday":"Sat","temperature":4,"event":true}'
// @ts-check
import { createServer } from 'node:http';
import { load, PolytaskError } from 'polytask';

/**
 * @typedef {import('./cafe.d.ts').ModelTasks} Tasks
 * @typedef {import('./cafe.d.ts').ModelRow} Day
 * @typedef {{ beans: number, people: number }} Plan
 */

const GRAMS_A_CUP = 18;

const file = new URL('cafe.onnx', import.meta.url).pathname;
const model = /** @type {import('polytask').Model<Tasks, Day>} */ (await load(file));

/** @param {Day} day @returns {Promise<Plan>} */
async function plan(day) {
  const { cups, queue } = await model.predict(day);
  return {
    beans: Math.round((cups.value * GRAMS_A_CUP) / 100) / 10,
    people: queue.probability > 0.5 ? 3 : 2,
  };
}

const server = createServer(async (request, response) => {
  /** @param {number} status @param {object} body */
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  if (request.method !== 'POST' || request.url !== '/plan') return answer(404, { error: 'POST /plan' });
  try {
    let text = '';
    for await (const piece of request.setEncoding('utf8')) text += piece;
    return answer(200, await plan(JSON.parse(text)));
  } catch (error) {
    // What is wrong with a row has a code and a fix.
    if (error instanceof PolytaskError) return answer(400, error.toJSON());
    return answer(error instanceof SyntaxError ? 400 : 500, { error: 'expected a day as JSON' });
  }
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${address.port}/plan`);
});
process.once('SIGTERM', () => server.close(() => model.close()));
