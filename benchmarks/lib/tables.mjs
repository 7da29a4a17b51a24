import { readFile, writeFile } from 'node:fs/promises';
import { format } from './sizes.mjs';

const README = new URL('../README.md', import.meta.url);
const MARKS = ['<!-- tables -->', '<!-- /tables -->'];

/** Columns of one width, as the formatter wants them. */
function table(head, rows) {
  const widths = head.map((_, c) => Math.max(...[head, ...rows].map((cells) => cells[c].length)));
  const line = (cells) => `| ${cells.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n');
}

const time = (microseconds) =>
  microseconds < 1000 ? `${microseconds.toFixed(0)} µs` : `${(microseconds / 1000).toPrecision(3)} ms`;

const times = (ratio) =>
  ratio === undefined
    ? '–'
    : `**${ratio.median.toPrecision(3)}** (${ratio.best.toPrecision(3)}; ${ratio.cpu.toPrecision(3)})`;

const WAYS =
  'Ratios: the median of the rounds, and in brackets between the best rounds and in processor time.';

const machineLine = ({ machine, options }) =>
  `${machine.cpu}, ${machine.cores} cores (load ${machine.load.toFixed(1)} at the start), Node ${machine.node}, ` +
  `onnxruntime-node ${machine.onnxruntime}, TensorFlow.js ${machine.tensorflowjs ?? 'not installed'}, ` +
  `${options.threads} threads, ${options.rounds} rounds; ${machine.date}`;

function stepTables({ sizes }) {
  const names = [...new Set(sizes.flatMap(({ subjects }) => subjects.map(({ name }) => name)))];
  const steps = names.filter((name) => name !== 'product');
  const rate = ({ subjects }) => {
    const { gigaflopsPerSecond, bestGigaflopsPerSecond } = subjects.find(({ name }) => name === 'product');
    return `${gigaflopsPerSecond.toFixed(0)} (${bestGigaflopsPerSecond.toFixed(0)}) GFLOP/s`;
  };
  const cell = (size, name) => {
    const own = size.subjects.find((subject) => subject.name === name);
    return own === undefined ? '–' : `${time(own.microseconds)} (${time(own.bestMicroseconds)})`;
  };
  const absolute = table(
    ['batch × inputs × hidden', ...steps, 'product 1024³'],
    sizes.map((size) => [format(size), ...steps.map((name) => cell(size, name)), rate(size)]),
  );
  const relative = table(
    [
      'batch × inputs × hidden',
      'Polytask',
      'speed ÷ TensorFlow.js',
      'speed ÷ by hand',
      'FLOP rate ÷ product',
    ],
    sizes.flatMap((size) =>
      size.ratios.map(({ name, timesTensorflow, timesHandwritten, ofProductRate }) => [
        ...[format(size), name, times(timesTensorflow), times(timesHandwritten)],
        times(ofProductRate),
      ]),
    ),
  );
  return `Time of one step: the median of the rounds, and in brackets the best.\n\n${absolute}\n\n${WAYS}\n\n${relative}`;
}

function scenarioTable({ cases }) {
  const rows = cases.map(({ name, whole, lone, cost }) => [
    ...[name, time(whole.microseconds), time(lone.microseconds)],
    times(cost),
  ]);
  return table(['case', 'one step of the whole', 'one step alone', 'whole ÷ all its runs'], rows);
}

/** Puts the tables of a result into the README, and returns them. */
export async function writeTables({ steps, scenarios }) {
  const parts = [];
  if (steps) parts.push(`### Steps\n\n${machineLine(steps)}\n\n${stepTables(steps)}`);
  if (scenarios)
    parts.push(
      `### Many tasks, many replicas\n\n${machineLine(scenarios)}\n\n${WAYS}\n\n${scenarioTable(scenarios)}`,
    );
  const text = parts.join('\n\n');
  const page = await readFile(README, 'utf8');
  const [before, rest] = page.split(MARKS[0]);
  const after = rest.split(MARKS[1])[1];
  await writeFile(README, `${before}${MARKS[0]}\n\n${text}\n\n${MARKS[1]}${after}`);
  return text;
}
