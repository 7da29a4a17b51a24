import * as ort from 'onnxruntime-node';
import { afterAll, describe, expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import type { BooleanColumn, Column, NumericColumn, StringColumn } from '../common/table.ts';
import { gradient } from '../engine/gradient.ts';
import { input } from '../engine/leaf.ts';
import { compile } from '../engine/program.ts';
import { LocalRuntime, type Ort } from '../engine/runtime/local.ts';
import type { DType, Tensor } from '../engine/tensor.ts';
import { numbers, tensorData } from '../engine/tensor-data.ts';
import { evaluateBaseline, evaluateTask, metricWeights } from './evaluate.ts';
import type { FittedTask } from './kind.ts';
import { KINDS, kindOf } from './registry.ts';

const runtime = new LocalRuntime(ort as unknown as Ort, { name: 'native', threads: 1 });
afterAll(() => runtime.close());

function texts(values: readonly (string | null)[]): StringColumn {
  const dictionary = [...new Set(values.filter((value) => value !== null))];
  return {
    type: 'string',
    name: 'label',
    codes: Int32Array.from(values, (value) => (value === null ? -1 : dictionary.indexOf(value))),
    dictionary,
  };
}
function reals(values: readonly number[], integer = false): NumericColumn {
  return { type: 'number', name: 'label', values: Float64Array.from(values), integer };
}
function truths(values: readonly number[]): BooleanColumn {
  return { type: 'boolean', name: 'label', values: Float64Array.from(values) };
}

/** One kind under one choice of options; what the contract needs to know besides. */
interface Case {
  readonly kind: string;
  readonly options?: object;
  readonly column: Column;
  readonly exposure?: readonly number[];
  /** −ln likelihood, or the loss in the user's units, from the outputs of one row; up to a constant of the row. */
  nll(outputs: number[], targets: number[], fitted: never): number;
  /** What one unit of `nll` is in units of the loss. */
  unit?(fitted: never): number;
  /** The least loss that a row with these labels can have. */
  least?(labels: number[]): number;
  /** Where the baseline is the best constant for the metric and not exactly for the loss. */
  readonly baselineIsOptimum?: boolean;
}

const bernoulli = (p: number, y: number): number => -Math.log(y === 1 ? p : 1 - p);
const surprise = (outputs: number[], targets: number[]): number => -Math.log(outputs[targets[0]!]!);
const random = new RandomStream(7, 'contract');
const skewed = Array.from({ length: 40 }, (_, i) => Math.exp(2 + random.normal(i)));
const fewCounts = [0, 1, 0, 3, 2, 0, 7, 1, 0, 2];
const smoothing = 0.2;
type Scale = { deviation: number; delta: number; quantiles: number[] };

const CASES: Readonly<Record<string, Case>> = {
  binary: {
    kind: 'binary',
    column: truths([1, 0, 0, Number.NaN, 0, 1, 0]),
    nll: ([p], [y]) => bernoulli(p!, y!),
  },
  'binary with texts and class weights': {
    kind: 'binary',
    options: { positive: 'no', classWeights: 'balanced' },
    column: texts(['yes', 'no', null, 'yes', 'yes']),
    nll: ([p], [y]) => bernoulli(p!, y!),
    baselineIsOptimum: false,
  },
  multiclass: { kind: 'multiclass', column: texts(['a', 'b', 'c', 'a', null, 'a', 'c', 'd']), nll: surprise },
  'multiclass with smoothing': {
    kind: 'multiclass',
    options: { smoothing },
    column: texts(['a', 'b', 'c', 'a', null, 'b']),
    nll: (p, [y]) =>
      -p.reduce((sum, pk, k) => sum + ((1 - smoothing) * Number(k === y) + smoothing / 3) * Math.log(pk), 0),
    least: () => -(0.8 + 0.2 / 3) * Math.log(0.8 + 0.2 / 3) - 2 * (0.2 / 3) * Math.log(0.2 / 3),
    baselineIsOptimum: false,
  },
  multilabel: {
    kind: 'multilabel',
    column: texts(['red|round', 'red', 'blue', null, 'round|blue', 'red|blue', '']),
    nll: (p, y) => p.reduce((sum, pk, k) => sum + bernoulli(pk, y[k]!), 0) / p.length,
  },
  regression: {
    kind: 'regression',
    column: reals([1e6 + 3, 1e6 + 8, Number.NaN, 1e6 + 4, 1e6 - 20]),
    nll: ([value], [y]) => (value! - y!) ** 2,
    unit: ({ deviation }: Scale) => 1 / deviation ** 2,
  },
  'regression with Huber': {
    kind: 'regression',
    options: { loss: 'huber', delta: 0.7 },
    column: reals([3, 8, Number.NaN, 4, -20, 5]),
    nll: ([value], [y], { deviation, delta }: Scale) => {
      const r = Math.abs(value! - y!) / deviation;
      return r <= delta ? r ** 2 / 2 : delta * (r - delta / 2);
    },
    baselineIsOptimum: false,
  },
  'regression with quantiles': {
    kind: 'regression',
    options: { loss: 'quantile', quantiles: [0.9, 0.25, 0.5] },
    column: reals(skewed),
    nll: (values, [y], { deviation, quantiles }: Scale) =>
      quantiles.reduce((sum, tau, k) => {
        const error = (y! - values[k]!) / deviation;
        return sum + Math.max(tau * error, (tau - 1) * error) / quantiles.length;
      }, 0),
    baselineIsOptimum: false,
  },
  'regression with log1p': {
    kind: 'regression',
    options: { transform: 'log1p' },
    column: reals(skewed),
    nll: ([value], [y], { deviation }: Scale) => ((Math.log1p(value!) - Math.log1p(y!)) / deviation) ** 2,
  },
  count: {
    kind: 'count',
    column: reals([...fewCounts, Number.NaN], true),
    nll: ([rate], [y]) => rate! - y! * Math.log(rate!),
    unit: ({ scale }: { scale: number }) => 1 / scale,
    least: ([y]) => (y === 0 ? 0 : y! - y! * Math.log(y!)),
  },
  'count with exposure': {
    kind: 'count',
    options: { exposure: 'days' },
    column: reals([...fewCounts, 4000, Number.NaN], true),
    exposure: [1, 2, 3, 1, 5, 1, 2, 1, 0.5, 3, 900, 2],
    nll: ([rate], [y, e]) => rate! * e! - y! * Math.log(rate! * e!),
    unit: ({ scale }: { scale: number }) => 1 / scale,
    least: ([y]) => (y === 0 ? 0 : y! - y! * Math.log(y!)),
  },
  ordinal: {
    kind: 'ordinal',
    column: texts(['low', 'high', 'medium', 'low', null, 'very high', 'low', 'medium']),
    nll: surprise,
  },
  'ordinal with two classes': {
    kind: 'ordinal',
    options: { classes: ['worse', 'better'] },
    column: texts(['worse', 'better', 'better']),
    nll: surprise,
  },
};

function rowsOf({ column }: Case): number {
  return column.type === 'string' ? column.codes.length : column.values.length;
}

function prepare(own: Case) {
  const kind = kindOf(own.kind);
  const options = kind.parseOptions(own.options, 'tasks.label');
  const companions = own.exposure && { exposure: reals(own.exposure) };
  const rows = Int32Array.from({ length: rowsOf(own) }, (_, row) => row);
  const fitted = kind.fit('label', own.column, rows, options, { ...companions });
  const encoded = kind.encode(own.column, fitted, { ...companions });
  const [width, labelWidth, outputWidth] = [
    kind.width(fitted),
    kind.labelWidth(fitted),
    kind.outputWidth(fitted),
  ];
  const logitsAt = (scale: number, stream: string): Float64Array => {
    const normal = new RandomStream(3, stream);
    const logits = Float64Array.from({ length: rows.length * width }, (_, i) => scale * normal.normal(i));
    // The pinball loss is blind to the order that the link restores, so its logits come in order.
    if (fitted.options && 'quantiles' in fitted.options)
      for (let row = 0; row < rows.length; row++) logits.subarray(row * width, (row + 1) * width).sort();
    return logits;
  };
  return { kind, fitted, encoded, width, labelWidth, outputWidth, rows: rows.length, logitsAt };
}
type Prepared = ReturnType<typeof prepare>;

/** Loss, its gradient by the logits, and the outputs, for logits of any leading axes. */
async function run(
  { kind, fitted, encoded, rows, width, labelWidth }: Prepared,
  logits: Float64Array,
  lead: readonly number[] = [],
  dtype: DType = 'float64',
): Promise<{ loss: number[]; slope: number[]; outputs: number[] }> {
  const parameters = kind.linkParameters(fitted);
  const x = input('logits', [...lead, rows, width], { dtype });
  const y = input('labels', [rows, labelWidth], { dtype });
  const p: Tensor = input('parameters', [1, parameters.length], { dtype });
  const loss = kind.loss(x, y, fitted);
  expect(loss.shape).toEqual([...lead, rows]);
  const outputs = kind.link(x, p, fitted);
  expect(outputs.shape).toEqual([...lead, rows, kind.outputWidth(fitted)]);
  const program = compile({ loss, slope: gradient(loss, [x])[0]!, outputs });
  const session = await runtime.load(program);
  const feeds = {
    logits: tensorData(Array.from(logits), [...lead, rows, width], dtype),
    labels: tensorData(Array.from(encoded.labels), [rows, labelWidth], dtype),
    parameters: tensorData(parameters, [1, parameters.length], dtype),
  };
  const used = Object.fromEntries(
    program.inputs.map(({ name }) => [name, feeds[name as keyof typeof feeds]]),
  );
  const result = await session.run(used);
  await session.close();
  return { loss: numbers(result.loss!), slope: numbers(result.slope!), outputs: numbers(result.outputs!) };
}

const part = (values: ArrayLike<number>, row: number, width: number): number[] =>
  Array.from(values).slice(row * width, (row + 1) * width);

test('every kind has its cases', () => {
  expect(new Set(Object.values(CASES).map(({ kind }) => kind))).toEqual(new Set(Object.keys(KINDS)));
  for (const [name, kind] of Object.entries(KINDS)) expect(kind.name).toBe(name);
});

describe.each(Object.entries(CASES))('%s', (_, own) => {
  const it = prepare(own);
  const { kind, fitted, encoded, rows, width, labelWidth, outputWidth } = it;
  const labelled = Array.from({ length: rows }, (_, row) => row).filter((row) => encoded.weights[row]! > 0);

  test('the gradient is that of central differences', async () => {
    const logits = it.logitsAt(1, 'gradient');
    const { slope } = await run(it, logits);
    const h = 1e-5;
    const shifted = new Float64Array(2 * logits.length * logits.length);
    for (let i = 0; i < logits.length; i++)
      for (const side of [0, 1]) {
        const at = (2 * i + side) * logits.length;
        shifted.set(logits, at);
        shifted[at + i]! += side === 0 ? -h : h;
      }
    const { loss } = await run(it, shifted, [logits.length, 2]);
    const total = (block: number): number => part(loss, block, rows).reduce((a, b) => a + b, 0);
    slope.forEach((own, i) => {
      expect(own).toBeCloseTo((total(2 * i + 1) - total(2 * i)) / (2 * h), 6);
    });
  });

  test('loss, gradient and outputs are finite for wild logits in single precision', async () => {
    for (const pattern of [[1e4], [-1e4], [1e4, -1e4], [-1e4, 1e4], [1e4, 1e4, -1e4, -1e4], [100, -90]]) {
      const logits = Float64Array.from({ length: rows * width }, (_, i) => pattern[i % pattern.length]!);
      const result = await run(it, logits, [], 'float32');
      for (const values of Object.values(result)) expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  test('leading axes pass through', async () => {
    const logits = it.logitsAt(1, 'lead');
    const plain = await run(it, logits);
    const six = Float64Array.from({ length: 6 * logits.length }, (_, i) => logits[i % logits.length]!);
    const led = await run(it, six, [2, 3]);
    led.loss.forEach((value, i) => {
      expect(value).toBeCloseTo(plain.loss[i % rows]!, 10);
    });
    led.outputs.forEach((value, i) => {
      expect(value).toBeCloseTo(plain.outputs[i % plain.outputs.length]!, 10);
    });
  });

  test('link and loss agree', async () => {
    const [a, b] = [await run(it, it.logitsAt(1, 'a')), await run(it, it.logitsAt(1.5, 'b'))];
    const unit = own.unit?.(fitted as never) ?? 1;
    for (const row of labelled) {
      const targets = part(encoded.targets, row, labelWidth);
      const nll = ({ outputs }: typeof a): number =>
        own.nll(part(outputs, row, outputWidth), targets, fitted as never);
      expect(a.loss[row]! - b.loss[row]!).toBeCloseTo((nll(a) - nll(b)) * unit, 5);
    }
  });

  test('descent reaches the least loss, and there the outputs are the truth', async () => {
    const logits = it.logitsAt(0.1, 'descent');
    const first = (await run(it, logits)).loss;
    const x = input('logits', [rows, width], { dtype: 'float64' });
    const y = input('labels', [rows, labelWidth], { dtype: 'float64' });
    const loss = kind.loss(x, y, fitted);
    const session = await runtime.load(compile({ loss, slope: gradient(loss, [x])[0]! }));
    const labels = tensorData(Array.from(encoded.labels), [rows, labelWidth], 'float64');
    const momentum = new Float64Array(logits.length);
    let last: number[] = [];
    for (let step = 0; step < 1500; step++) {
      const result = await session.run({ logits: tensorData(logits, [rows, width], 'float64'), labels });
      last = numbers(result.loss!);
      // Large counts make steep walls: the step is bounded.
      numbers(result.slope!).forEach((slope, i) => {
        momentum[i] = 0.8 * momentum[i]! + 0.2 * Math.max(-1, Math.min(1, slope));
        logits[i]! -= (1 / (1 + step / 300)) * momentum[i]!;
      });
    }
    await session.close();
    for (const row of labelled) {
      const least = own.least?.(part(encoded.labels, row, labelWidth)) ?? 0;
      expect(last[row]! - least).toBeLessThan(0.05 * (1 + Math.abs(least)));
      expect(last[row]! - least).toBeGreaterThan(-1e-5);
      expect(last[row]!).toBeLessThanOrEqual(first[row]! + 1e-9);
    }
    const { outputs } = await run(it, logits);
    const weights = metricWeights(encoded.weights);
    const { primary, values } = evaluateTask(fitted, { outputs, targets: encoded.targets, weights });
    const truth = evaluateBaseline(fitted, { targets: encoded.targets, weights });
    const better = kind.metrics(fitted).find(({ name }) => name === primary)!.higherIsBetter;
    expect(Math.sign(values[primary]! - truth.values[primary]!)).toBe(better ? 1 : -1);
  });

  test('training starts at the baseline', async () => {
    const bias = kind.initialBias(fitted);
    expect(bias).toHaveLength(width);
    const { outputs, slope } = await run(
      it,
      Float64Array.from({ length: rows * width }, (_, i) => bias[i % width]!),
    );
    const baseline = kind.baseline(fitted);
    expect(baseline).toHaveLength(outputWidth);
    baseline.forEach((value, k) => {
      expect(outputs[k]! / value).toBeCloseTo(1, 6);
    });
    if (own.baselineIsOptimum === false) return;
    // The best constant: over the training rows the slopes sum to nothing.
    for (let k = 0; k < width; k++) {
      const sum = labelled.reduce((total, row) => total + slope[row * width + k]!, 0);
      expect(sum / labelled.length).toBeCloseTo(0, 5);
    }
  });

  test('metrics of the baseline are numbers, and rows of weight 0 do not matter', () => {
    const weights = metricWeights(encoded.weights);
    const { targets } = encoded;
    const { primary, values } = evaluateBaseline(fitted, { targets, weights });
    expect(Object.keys(values)).toContain(primary);
    for (const value of Object.values(values)) expect(value === null || Number.isFinite(value)).toBe(true);
    expect(values[primary]).not.toBeNull();
    const constants = kind.baseline(fitted);
    const repeated = Array.from({ length: rows + 2 }, (_, row) =>
      row < rows ? constants : constants.map(() => Number.NaN),
    );
    const more = evaluateTask(fitted, {
      outputs: repeated.flat(),
      targets: [...targets, ...new Array<number>(2 * labelWidth).fill(0)],
      weights: [...weights, 0, 0],
    });
    expect(more.values).toEqual(values);
  });

  test('what was fitted survives JSON', () => {
    const copy = JSON.parse(JSON.stringify(fitted)) as FittedTask;
    expect(copy).toEqual(fitted);
    expect(kind.family(copy)).toBe(kind.family(fitted));
    expect(kind.decode(kind.baseline(copy), 0, copy)).toEqual(kind.decode(kind.baseline(fitted), 0, fitted));
    expect(fitted.labelled).toBe(labelled.length);
    const companions = own.exposure && { exposure: reals(own.exposure) };
    expect(kind.encode(own.column, copy, { ...companions })).toEqual(encoded);
  });

  test('a task of few rows leans on the pooled fit', () => {
    const companions = own.exposure && { exposure: reals(own.exposure) };
    for (const some of [[], [0]]) {
      const context = { ...companions, pooled: fitted };
      const lone = kind.fit('lone', own.column, Int32Array.from(some), fitted.options, context);
      expect(lone.labelled).toBe(some.length);
      expect(kind.family(lone)).toBe(kind.family(fitted));
      expect(kind.initialBias(lone).every(Number.isFinite)).toBe(true);
      if (some.length === 0)
        kind.baseline(lone).forEach((value, k) => {
          expect(value).toBeCloseTo(kind.baseline(fitted)[k]!, 9);
        });
    }
  });

  test('beside a pooled fit, labels of all tasks and the links of each are on one scale', () => {
    const companions = own.exposure && { exposure: reals(own.exposure) };
    const context = { ...companions, pooled: fitted };
    const few = Int32Array.from([0, 1]);
    const lone = kind.fit('lone', own.column, few, fitted.options, context);
    expect(kind.linkParameters(lone)).toEqual(kind.linkParameters(fitted));
    expect(kind.encode(own.column, lone, { ...companions })).toEqual(encoded);
  });
});

test('quantiles that cross are put in order', async () => {
  const it = prepare(CASES['regression with quantiles']!);
  const { outputs } = await run(it, it.logitsAt(1, 'crossing').reverse());
  for (let row = 0; row < it.rows; row++) {
    const [low, middle, high] = part(outputs, row, 3);
    expect(low! <= middle! && middle! <= high!).toBe(true);
  }
});

test('tasks of one family differ in the numbers of their link alone', async () => {
  const kind = kindOf('regression');
  const fits = [
    [1, 3],
    [100, 300],
  ].map((values) => kind.fit('t', reals(values), Int32Array.of(0, 1), {}));
  expect(new Set(fits.map((fitted) => kind.family(fitted))).size).toBe(1);
  const x = input('logits', [2, 'batch', 1]);
  const p = input('parameters', [2, 1, 2]);
  const session = await runtime.load(compile({ outputs: kind.link(x, p, fits[0]!) }));
  const { outputs } = await session.run({
    logits: tensorData([0, 1, 2, 0, 1, 2], [2, 3, 1]),
    parameters: tensorData(
      fits.flatMap((fitted) => kind.linkParameters(fitted)),
      [2, 1, 2],
    ),
  });
  expect(numbers(outputs!)).toEqual([2, 3, 4, 200, 300, 400]);
});
