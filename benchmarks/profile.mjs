/**
 * Where the time of a training step goes: nodes and microseconds by kind of operator, as ONNX Runtime's own profiler
 * sees the graph after its optimisations.
 *
 * Usage: node benchmarks/profile.mjs [small|medium|large|a key of scenarios.mjs] [threads] [nodes]
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawRows, makeTable, pick } from './lib/data.mjs';
import { median } from './lib/measure.mjs';
import { SIZES, TABLE_ROWS } from './lib/sizes.mjs';
import { prepareScenario, SCENARIOS } from './scenarios.mjs';
import { writeStep } from './subjects/handwritten.mjs';
import { buildStep, compileStep, initialTheta, tablesOf } from './subjects/polytask.mjs';
import { openSession, ort } from './subjects/session.mjs';

const STEPS = 60;

const [name = 'small', threads = '2', detail] = process.argv.slice(2);
const size = SIZES.find((candidate) => candidate.name === name);
const scenario = SCENARIOS.find(({ key }) => key === name);
const { built, tables, rows } = scenario === undefined ? prepareSize() : prepareScenario(scenario.whole);
const theta = initialTheta(built);

function prepareSize() {
  return {
    built: buildStep({ ...size, hidden: [size.hidden, size.hidden], rows: TABLE_ROWS }),
    tables: tablesOf(makeTable(size), size.inputs, size.tasks),
    rows: drawRows(1, size.batch),
  };
}

const float = (data, dims) => new ort.Tensor('float32', data, dims);
const scalar = (value) => float(Float32Array.of(value), []);

/** Values for the inputs of a step program; what has no entry is a slot of the optimiser. */
function polytaskFeeds(program) {
  const state = new Set(program.state.map((port) => port.name));
  const value = ({ name: port, dtype, shape }) => {
    if (port === 'theta') return theta;
    if (port === 'rows')
      return rows.subarray(
        0,
        shape.reduce((a, b) => a * b, 1),
      );
    if (tables[port] !== undefined) return tables[port].data;
    if (dtype === 'int32') return new Int32Array(shape.reduce((a, b) => a * b, 1)).fill(0x9e3779b1);
    const own = new Float32Array(shape.reduce((a, b) => a * b, 1));
    return state.has(port)
      ? own
      : own.fill(port === 'optimiser/epsilon' ? 1e-8 : port === 'task-weights' ? 1 : 1e-3);
  };
  return Object.fromEntries(
    program.inputs.map((port) => [port.name, new ort.Tensor(port.dtype, value(port), port.shape)]),
  );
}

function handwrittenFeeds({ shapes, lengths, total }) {
  let start = 0;
  const parameters = shapes.map((shape, i) => [
    `p${i}`,
    float(theta.slice(start, (start += lengths[i])), shape),
  ]);
  return {
    ...Object.fromEntries(parameters),
    ...{ m: float(new Float32Array(total), [total]), v: float(new Float32Array(total), [total]) },
    ...{ 'step size': scalar(1e-3), epsilon: scalar(1e-8) },
    x: float(pick(tables.numeric.data, size.inputs, rows), [size.batch, size.inputs]),
    y: float(pick(tables.labels.data, size.tasks, rows), [size.batch, size.tasks]),
  };
}

async function profile(title, bytes, feeds) {
  const folder = await mkdtemp(join(tmpdir(), 'profile-'));
  const options = { enableProfiling: true, profileFilePrefix: join(folder, 'trace') };
  const session = await openSession(bytes, Number(threads), options);
  const known = Object.fromEntries(session.inputNames.map((input) => [input, feeds[input]]));
  for (let k = 0; k < STEPS; k++) await session.run(known);
  session.endProfiling();
  const [file] = await readdir(folder);
  const events = JSON.parse(await readFile(join(folder, file), 'utf8'));
  await rm(folder, { recursive: true });
  await session.release();
  const nodes = new Map();
  for (const { cat, name: event, dur, args } of events) {
    if (cat !== 'Node' || !event.endsWith('_kernel_time')) continue;
    const own = nodes.get(event) ?? { op: args.op_name, shapes: args.output_type_shape, times: [] };
    own.times.push(dur);
    nodes.set(event, own);
  }
  const table = [...nodes].map(([node, { op, shapes, times }]) => ({
    node: node.replace(/_kernel_time$/, ''),
    op,
    shape: JSON.stringify(shapes?.map((each) => Object.values(each)[0])),
    microseconds: median(times),
  }));
  const total = table.reduce((sum, { microseconds }) => sum + microseconds, 0);
  console.log(`\n${title}: ${table.length} nodes, ${total.toFixed(0)} µs in kernels`);
  const groups = groupBy(table);
  const sums = [...groups].map(([op, own]) => ({
    op,
    nodes: own.length,
    microseconds: own.reduce((sum, { microseconds }) => sum + microseconds, 0),
  }));
  console.table(sums.sort((a, b) => b.microseconds - a.microseconds));
  if (detail === 'nodes') console.table(table);
}

function groupBy(table) {
  const groups = new Map();
  for (const row of table) groups.set(row.op, [...(groups.get(row.op) ?? []), row]);
  return groups;
}

if (size !== undefined) {
  const byHand = writeStep(size);
  await profile('Written by hand', byHand.bytes, handwrittenFeeds(byHand));
}
const program = compileStep(built.step, { driver: 'stepwise', name: 'step' });
await profile('Polytask, stepwise', program.bytes, polytaskFeeds(program));
