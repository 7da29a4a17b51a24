import { drawRows, makeTable } from './lib/data.mjs';
import { digits, measure, ratios } from './lib/measure.mjs';
import { summary } from './lib/summary.mjs';
import { buildStep, openRuntime, polytaskSteps, tablesOf } from './subjects/polytask.mjs';

/** The network of a run without settings. */
const PRODUCT = { hidden: [128, 64], dropout: 0.3, batch: 256 };

/**
 * Two tasks over eight experts against two tasks over one trunk, of two layers whose widths are to each other as an
 * expert's, and of as many floating-point operations a step: forward, gradients of weights, and gradients of inputs for
 * all but what sees the features.
 */
function mixture(inputs, [first, second]) {
  const [tasks, experts, share] = [2, 8, second / first];
  const below = experts * inputs * (first + tasks);
  const above = experts * second * (first + tasks) + second * tasks;
  // 3 share w² + (2 inputs + 3 share tasks) w = 2 below + 3 above
  const [a, b, c] = [3 * share, 2 * inputs + 3 * share * tasks, 2 * below + 3 * above];
  const width = (Math.sqrt(b * b + 4 * a * c) - b) / (2 * a);
  const common = { inputs, tasks, layout: 'wide', batch: 512 };
  return {
    whole: {
      ...common,
      hidden: [first, second],
      sharing: `mmoe:experts=${experts},hidden=${first}+${second}`,
    },
    lone: { ...common, hidden: [width, width * share].map(Math.round) },
    copies: 1,
  };
}

/**
 * What many tasks, many replicas and mixtures cost beside one network. `copies` tells how many steps of the lone network one step of the
 * whole stands for: 1 where it only has more tasks, T or S where it trains as many networks.
 */
export const SCENARIOS = [
  {
    key: 'mixed',
    name: '139 tasks, rows mixed, against one task of the same rows',
    whole: { tasks: 139, layout: 'rows', batch: 512 },
    lone: { tasks: 1, layout: 'wide', batch: 512 },
    copies: 1,
  },
  {
    key: 'mixed-product',
    name: '139 tasks, rows mixed, against one task: 128 + 64, dropout .3',
    whole: { ...PRODUCT, tasks: 139, layout: 'rows' },
    lone: { ...PRODUCT, tasks: 1, layout: 'wide' },
    copies: 1,
  },
  {
    key: 'mmoe',
    name: 'MMoE, 8 experts of 64 + 32 over 100 inputs, against a trunk of as many FLOPs',
    ...mixture(100, [64, 32]),
  },
  {
    key: 'mmoe-wide',
    name: 'MMoE, 8 experts of 128 + 64 over 128 inputs, against a trunk of as many FLOPs',
    ...mixture(128, [128, 64]),
  },
  {
    key: 'independent',
    name: '8 independent networks, wide rows, against 8 runs',
    whole: { tasks: 8, layout: 'wide', batch: 256, sharing: 'independent' },
    lone: { tasks: 1, layout: 'wide', batch: 256, sharing: 'independent' },
    copies: 8,
  },
  {
    key: 'blocks',
    name: '139 independent networks, 64 rows each, against 139 runs',
    whole: { tasks: 139, layout: 'blocks', batch: 139 * 64, sharing: 'independent' },
    lone: { tasks: 1, layout: 'wide', batch: 64, sharing: 'independent' },
    copies: 139,
  },
  {
    key: 'seeds',
    name: '5 seeds of 4 tasks against 5 runs',
    whole: { tasks: 4, layout: 'wide', batch: 256, seeds: 5 },
    lone: { tasks: 4, layout: 'wide', batch: 256 },
    copies: 5,
  },
  {
    key: 'more-seeds',
    name: '10 seeds of 4 tasks against 10 runs',
    whole: { tasks: 4, layout: 'wide', batch: 256, seeds: 10 },
    lone: { tasks: 4, layout: 'wide', batch: 256 },
    copies: 10,
  },
];

const SHAPE = { inputs: 32, hidden: [64, 64] };
const ROWS = 15_360;

/** The step of a network of a scenario, its tables and the rows of its batches. */
export function prepareScenario(network) {
  const { inputs, tasks, layout, batch } = { ...SHAPE, ...network };
  const columns = layout === 'wide' ? tasks : 1;
  const table = makeTable({ inputs, tasks: columns }, ROWS);
  const taskOfRow =
    layout === 'wide' ? undefined : Int32Array.from({ length: ROWS }, (_, row) => row % tasks);
  return {
    built: buildStep({ ...SHAPE, rows: ROWS, ...network }),
    tables: tablesOf({ ...table, taskOfRow }, inputs, columns),
    rows: layout === 'blocks' ? blocks(batch, tasks) : drawRows(64 * (network.seeds ?? 1), batch, ROWS),
  };
}

async function open(name, network, threads) {
  const { built, ...data } = prepareScenario(network);
  const common = {
    driver: 'looped',
    runtime: openRuntime(threads),
    tableRows: ROWS,
    learningRate: 1e-3,
    chunk: 64,
  };
  return polytaskSteps(built, { name, ...common, ...data });
}

/** Row numbers of one batch in which block t holds rows of task t. */
function blocks(batch, tasks) {
  const size = batch / tasks;
  const perTask = Math.floor(ROWS / tasks);
  return Int32Array.from({ length: batch }, (_, i) => ((i % size) % perTask) * tasks + Math.floor(i / size));
}

export async function runScenarios({ rounds, seconds, threads }) {
  const results = [];
  for (const { name, whole, lone, copies } of SCENARIOS) {
    console.log(`scenario: ${name}`);
    const subjects = [await open('whole', whole, threads), await open('lone', lone, threads)];
    const times = await measure(subjects, { rounds, seconds });
    for (const { close } of subjects) await close();
    const cost = Object.entries(ratios(times.whole, times.lone));
    results.push({
      name,
      whole: summary(times.whole),
      lone: summary(times.lone),
      copies,
      // Below 1 the whole is cheaper than the runs that it stands for.
      cost: Object.fromEntries(cost.map(([way, value]) => [way, digits(value / copies)])),
    });
  }
  return results;
}
