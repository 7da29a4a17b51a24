/**
 * What serving costs: requests of one row and of 256 against the least that a server can be, in turns; latency at half the load;
 * and a minute at twice of what it can take.
 *
 * Usage: npm run build && node benchmarks/serve/serve.mjs [--rounds 9] [--seconds 3] [--soak 60] [--name serve]
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from '../lib/machine.mjs';
import { rowsOf, trainModel } from './problem.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '3' },
    soak: { type: 'string', default: '60' },
    name: { type: 'string', default: 'serve' },
  },
});
const [rounds, seconds, soak] = [values.rounds, values.seconds, values.soak].map(Number);
const TOLERANCE = 1e-5;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const root = here('../../');
const { fit, load } = await import(`${root}dist/index.mjs`);
const children = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

const machine = describeMachine();
const place = await trainModel({ fit });
const model = await load(place);
const client = fork(here('load.mjs'));
children.push(client);
const ask = async ({ server, ...message }) => {
  const before = processorSeconds(server.process.pid);
  client.send({ path: '/predict', seconds, port: server.port, ...message });
  const [result] = await once(client, 'message');
  return { ...result, processor: (processorSeconds(server.process.pid) - before) / result.requests };
};

const cases = {
  'one row': await caseOf(1, 1000, 64),
  '256 rows': await caseOf(256, 16, 16),
};
const results = {};
for (const [name, { size, bodies, expected, connections, encoded }] of Object.entries(cases)) {
  const ours = await serve(['--queue', '4096']);
  const bare = await startBare(encoded);
  const at = { bodies, connections };
  for (const server of [ours, bare]) await ask({ ...at, server, seconds: 2 });
  const turns = [];
  for (let round = 0; round < rounds; round++)
    turns.push({ ours: await ask({ ...at, server: ours }), bare: await ask({ ...at, server: bare }) });
  const median = (of) => middle(turns.map(of));
  const checked = await ask({ ...at, server: ours, expected, tolerance: TOLERANCE });
  const half = { connections, rate: 0.5 * median((turn) => turn.ours.perSecond) };
  results[name] = {
    size,
    connections,
    ratio: median((turn) => turn.ours.perSecond / turn.bare.perSecond),
    processorRatio: median((turn) => turn.ours.processor / turn.bare.processor),
    ratios: turns.map((turn) => turn.ours.perSecond / turn.bare.perSecond),
    ours: summary('ours', median),
    bare: summary('bare', median),
    halfLoad: {
      ours: short(await ask({ bodies, ...half, server: ours })),
      bare: short(await ask({ bodies, ...half, server: bare })),
    },
    statuses: turns.reduce((sum, { ours: { statuses } }) => added(sum, statuses), {}),
    wrong: checked.wrong,
    checked: checked.requests,
  };
  for (const { process: child } of [ours, bare]) child.kill();
  console.log(name, JSON.stringify(results[name], undefined, 2));
}
results.soak = await soakOf();
console.log('soak', JSON.stringify(results.soak, undefined, 2));
await model.close();
const file = new URL(`../results/${values.name}.json`, import.meta.url);
writeFileSync(
  file,
  `${JSON.stringify({ machine, loadAtEnd: describeMachine().load, options: { rounds, seconds, soak }, ...results }, undefined, 2)}\n`,
);
process.exit();

/** Bodies of so many rows, what they must be answered with, and the features of one as the bare server has them. */
async function caseOf(size, count, connections) {
  const rows = rowsOf(size * count, 3);
  const groups = Array.from({ length: count }, (_, i) => rows.slice(i * size, (i + 1) * size));
  const expected = [];
  for (const group of groups) {
    const { predictions } = await model.answer(group);
    expected.push(size === 1 ? predictions[0] : predictions);
  }
  const { numeric, categorical } = model.encoders.encodeRows(groups[0]).features;
  const encoded = join(place, '..', `encoded-${size}.json`);
  writeFileSync(
    encoded,
    JSON.stringify({
      rows: size,
      numeric: Array.from(numeric.data),
      categorical: Array.from(categorical.codes),
    }),
  );
  const bodies = groups.map((group) => JSON.stringify(size === 1 ? group[0] : { rows: group }));
  return { size, bodies, expected, connections, encoded };
}

async function serve(args) {
  const child = spawn(
    process.execPath,
    [`${root}dist/cli.mjs`, 'serve', place, '--port', '0', '--json', '-q', ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  const [line] = await once(child.stdout, 'data');
  return { process: child, port: Number(new URL(JSON.parse(String(line)).url).port) };
}

async function startBare(encoded) {
  const child = fork(here('bare.mjs'), [place, encoded]);
  children.push(child);
  const [{ port }] = await once(child, 'message');
  return { process: child, port };
}

/** A minute at twice of what it can take, every answer checked, the memory watched. */
async function soakOf() {
  const { bodies, expected } = await caseOf(16, 200, 0);
  const server = await serve(['--queue', '256']);
  const { perSecond } = await ask({ bodies, server, connections: 24, seconds: 3 });
  const memory = [];
  const timer = setInterval(() => memory.push(residentMiB(server.process.pid)), 1000);
  const rate = 2 * perSecond;
  const run = await ask({
    bodies,
    expected,
    tolerance: TOLERANCE,
    server,
    connections: 1500,
    seconds: soak,
    rate,
  });
  clearInterval(timer);
  const alive = server.process.exitCode === null;
  server.process.kill('SIGTERM');
  const [exit] = await once(server.process, 'exit');
  const third = Math.floor(memory.length / 3);
  return {
    rows: 16,
    capacity: perSecond,
    asked: rate,
    sent: run.perSecond,
    statuses: run.statuses,
    answered: (run.statuses[200] ?? 0) / run.seconds,
    wrong: run.wrong,
    broken: run.broken,
    p50: run.p50,
    p99: run.p99,
    alive,
    exit,
    memoryMiB: {
      second: mean(memory.slice(third, 2 * third)),
      third: mean(memory.slice(2 * third)),
      most: Math.max(...memory),
      all: memory,
    },
  };
}

/** User and system time of a process, all its threads. */
function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMiB(pid) {
  return Math.round(
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  );
}

function summary(who, median) {
  return Object.fromEntries(
    ['perSecond', 'p50', 'p99', 'processor'].map((key) => [key, median((turn) => turn[who][key])]),
  );
}
function short({ perSecond, p50, p99 }) {
  return { perSecond, p50, p99 };
}
function mean(numbers) {
  return numbers.reduce((a, b) => a + b, 0) / numbers.length;
}
function middle(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
function added(one, other) {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...keys].map((key) => [key, (one[key] ?? 0) + (other[key] ?? 0)]));
}
