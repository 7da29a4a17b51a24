import { drawRows, makeTable } from './lib/data.mjs';
import { digits, measure, ratios } from './lib/measure.mjs';
import { SIZES, stepFlops, TABLE_ROWS } from './lib/sizes.mjs';
import { summary } from './lib/summary.mjs';
import { handwritten } from './subjects/handwritten.mjs';
import { buildStep, initialTheta, openRuntime, polytaskSteps, tablesOf } from './subjects/polytask.mjs';
import { product } from './subjects/product.mjs';
import { tensorflow } from './subjects/tensorflow.mjs';

const LEARNING_RATE = 1e-3;
/** Steps in a chunk, as training would size it: 150 ms. */
const CHUNK = { small: 1500, medium: 120, large: 6 };
/** The graph by hand gets the number of threads that suits it best: one where waking another takes longer. */
const HANDWRITTEN_THREADS = { small: 1 };
/** Steps after which all subjects must have come to the same losses. */
const PROOF = 20;

/** Training steps of one network by every way of taking them. */
async function compareSteps(size, { rounds, seconds, threads }) {
  const table = makeTable(size);
  const rows = drawRows(1, size.batch);
  const built = buildStep({ ...size, hidden: [size.hidden, size.hidden], rows: TABLE_ROWS });
  const start = { rows, theta: initialTheta(built), learningRate: LEARNING_RATE };
  const common = {
    ...{ tables: tablesOf(table, size.inputs, size.tasks), rows, tableRows: TABLE_ROWS },
    ...{ learningRate: LEARNING_RATE, chunk: CHUNK[size.name] },
  };
  const [many, one] = [openRuntime(threads), openRuntime(1)];
  const steps = (name, driver, runtime) => polytaskSteps(built, { ...common, name, driver, runtime });
  const subjects = [
    await steps('looped', 'looped', many),
    await steps('stepwise', 'stepwise', many),
    await steps('looped, 1 thread', 'looped', one),
    await handwritten(size, table, { ...start, threads: HANDWRITTEN_THREADS[size.name] ?? threads }),
    ...(size.name === 'large' ? [] : await optional(() => tensorflow(size, table, start))),
  ];
  await proveEqual(subjects);
  subjects.push(await product(1024, threads));
  const times = await measure(subjects, { rounds, seconds });
  for (const { close } of subjects) await close?.();

  const flops = Object.fromEntries(
    subjects.map((subject) => [subject.name, subject.flops ?? stepFlops(size)]),
  );
  const versus = (name, other) =>
    times[other] === undefined ? undefined : ratios(times[other], times[name]);
  const rate = (name) => {
    const share = flops[name] / flops.product;
    return Object.fromEntries(
      Object.entries(ratios(times.product, times[name])).map(([way, value]) => [way, digits(value * share)]),
    );
  };
  const names = subjects.map(({ name }) => name);
  return {
    ...size,
    stepFlops: stepFlops(size),
    subjects: names.map((name) => ({ name, ...summary(times[name], flops[name]) })),
    ratios: names
      .filter((name) => name.startsWith('looped') || name === 'stepwise')
      .map((name) => ({
        name,
        timesTensorflow: versus(name, 'tensorflow'),
        timesHandwritten: versus(name, 'handwritten'),
        ofProductRate: rate(name),
      })),
  };
}

/** A subject whose package is not installed is left out. */
async function optional(open) {
  try {
    return [await open()];
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.log('  TensorFlow.js is not installed: npm install --prefix benchmarks');
    return [];
  }
}

/** All subjects start from the same parameters and see the same rows: their losses agree, or they differ in kind. */
async function proveEqual(subjects) {
  let expected;
  for (const { name, take, losses } of subjects) {
    await take(PROOF);
    const own = await losses();
    expected ??= own;
    const apart = own.map((loss, task) => Math.abs(loss / expected[task] - 1));
    if (!(Math.max(...apart) < 1e-3)) throw new Error(`${name} lost its way: ${own} instead of ${expected}`);
  }
}

export async function runSteps(options) {
  const results = [];
  for (const size of SIZES) {
    console.log(`steps: ${size.name}`);
    results.push(await compareSteps(size, options));
  }
  return results;
}
