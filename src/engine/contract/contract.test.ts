import { describe, expect, test } from 'vitest';
import { PolytaskError } from '../../common/error.ts';
import { topological } from '../graph.ts';
import { input } from '../leaf.ts';
import * as operators from '../operators/index.ts';
import { formatShape, type Operator, scope, type Tensor } from '../tensor.ts';
import type { Contract } from './case.ts';
import { contracts } from './cases/index.ts';
import { expectClose, ndOf } from './close.ts';
import { checkDrivers } from './drivers.ts';
import { instantiate, PROJECTIONS } from './instance.ts';
import { checkGradients, secondOrder } from './numeric.ts';
import { evaluate, optimised, plain, wasm } from './runtimes.ts';
import { buildSuite } from './suite.ts';

const entries = Object.entries(contracts);
const BATCH = 3;
/** Exports of the table that are no functions of tensors. */
const HELPERS = new Set(['operands', 'operatorTable']);

describe('the table', () => {
  const exported = Object.entries(operators) as [string, unknown][];
  const isOperator = (value: unknown): value is Operator =>
    typeof value === 'object' && value !== null && 'infer' in value && 'emit' in value;

  test('lists every exported operator', () => {
    const missing = exported
      .map(([, value]) => (typeof value === 'function' && 'operator' in value ? value.operator : value))
      .filter(isOperator)
      .filter((operator) => operators.operatorTable.get(operator.name) !== operator);
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test('has cases for every operator and every exported function', () => {
    const names = [
      ...operators.operatorTable.keys(),
      ...exported
        .filter(([name, value]) => typeof value === 'function' && !HELPERS.has(name))
        .map(([name]) => name),
    ];
    expect(names.filter((name) => (contracts[name]?.cases.length ?? 0) === 0)).toEqual([]);
  });

  test.each(entries)('%s: its cases go through it', (name, { cases }) => {
    const operator = operators.operatorTable.get(name);
    if (operator === undefined) return;
    for (const [i, item] of cases.entries()) {
      const { outputs } = instantiate(item, i, { precision: 'float32', batch: BATCH });
      const used = topological(outputs).some((node) => node.operator === operator);
      // A reduction along no axes and a cast to the same dtype leave no node.
      if (!used) expect(outputs[0]!.node.operator.name, item.label).toBe('input');
    }
  });
});

describe.each(entries)('%s', (_, contract: Contract) => {
  test('double precision: values and gradients', async () => {
    const suite = buildSuite(contract, { precision: 'float64', batch: BATCH });
    const results = await evaluate(optimised, suite.outputs, suite.feeds);
    checkValues(suite, results, 1e-10);
    checkProjections(suite, results, 1e-12);
    const claims = suite.items.flatMap(({ instance, derivatives }, i) => {
      if (derivatives === undefined || contract.cases[i]!.derivative === false) return [];
      const { floats, label } = instance;
      const claim = { label, loss: derivatives.loss, gradients: derivatives.gradients[0]!, inputs: floats };
      return [claim];
    });
    await checkGradients(claims, suite.feeds);
    await checkGradients(claims.map(secondOrder), suite.feeds);
  });

  test('single precision: optimised, plain and wasm agree', async () => {
    const suite = buildSuite(contract, { precision: 'float32', batch: BATCH });
    const double = buildSuite(contract, { precision: 'float64', batch: BATCH });
    const reference = await evaluate(plain, double.outputs, double.feeds);
    for (const runtime of [optimised, plain, wasm]) {
      const results = await evaluate(runtime, suite.outputs, suite.feeds);
      checkValues(suite, results, 1e-5);
      checkProjections(suite, results, 1e-5);
      for (const [name, value] of Object.entries(results))
        expectClose(ndOf(value), ndOf(reference[name]!), 3e-5, `${runtime.name} ${name}`);
    }
  });

  test('looped and stepwise agree', () => checkDrivers(contract, BATCH));

  test('a named batch: free for values, bound for gradients', async () => {
    const cases = contract.cases.filter(({ inputs }) => inputs.some(({ shape }) => shape.includes('batch')));
    if (cases.length === 0) return;
    const named = { precision: 'float32', named: true } as const;
    for (const batch of [3, 5]) {
      const free = buildSuite({ cases }, { ...named, batch }, { derivatives: false });
      checkValues(free, await evaluate(optimised, free.outputs, free.feeds), 1e-5);
    }
    const bound = buildSuite({ cases }, { ...named, batch: BATCH });
    const fixed = buildSuite({ cases }, { precision: 'float32', batch: BATCH });
    const results = await evaluate(optimised, bound.outputs, bound.feeds, { dims: { batch: BATCH } });
    const reference = await evaluate(optimised, fixed.outputs, fixed.feeds);
    for (const [name, value] of Object.entries(results))
      expectClose(ndOf(value), ndOf(reference[name]!), 1e-6, name);
  });

  test('bad calls are refused by name', () => {
    for (const { label, inputs, build, code, mentions } of contract.bad ?? []) {
      const leaves = inputs.map(({ shape, dtype = 'float32' }, i) => input(`${i}`, shape, { dtype }));
      let error: unknown;
      try {
        scope('tower', () => scope('3', () => build(...leaves)));
      } catch (thrown) {
        error = thrown;
      }
      if (!(error instanceof PolytaskError)) expect.fail(`${label}: ${error ?? 'nothing'} was thrown`);
      expect(error.code, label).toBe(code);
      expect(error.path, label).toMatch(/^tower\/3\/\w+/);
      for (const part of mentions ?? inputs.map(({ shape }) => formatShape(shape)))
        expect(error.message, label).toContain(part);
    }
  });
});

type Suite = ReturnType<typeof buildSuite>;
type Results = Awaited<ReturnType<typeof evaluate>>;

function checkValues({ items }: Suite, results: Results, tolerance: number): void {
  items.forEach(({ instance: { label, outputs, expected } }, i) => {
    expect(outputs.length, label).toBe(expected.length);
    expected.forEach((value, o) => {
      const result = results[`${i}/y/${o}`]!;
      expect(result.dtype, label).toBe(outputs[o]!.dtype);
      expectInferred(outputs[o]!, result.shape, label);
      expectClose(ndOf(result), value, tolerance, label);
    });
  });
}

/** The shape rule must tell the truth about what comes out. */
function expectInferred(tensor: Tensor, shape: readonly number[], label: string): void {
  expect(tensor.shape.length, `${label}: rank`).toBe(shape.length);
  tensor.shape.forEach((dim, axis) => {
    if (typeof dim === 'number') expect(dim, `${label}: inferred axis ${axis}`).toBe(shape[axis]);
  });
}

/** Cotangents with a leading axis give what a loop over them gives. */
function checkProjections({ items }: Suite, results: Results, tolerance: number): void {
  items.forEach(({ instance: { label, floats }, derivatives }, i) => {
    if (derivatives === undefined) return;
    floats.forEach((_, k) => {
      const singles = Array.from({ length: PROJECTIONS }, (_, t) => ndOf(results[`${i}/g/${t}/${k}`]!));
      const stacked = {
        shape: [PROJECTIONS, ...singles[0]!.shape],
        data: singles.flatMap(({ data }) => data),
      };
      expectClose(ndOf(results[`${i}/j/${k}`]!), stacked, tolerance, `${label}: jacobian by input ${k}`);
    });
  });
}
