import { fromBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { contracts } from '../contract/cases/index.ts';
import { expectClose, ndOf } from '../contract/close.ts';
import { plain } from '../contract/runtimes.ts';
import { buildSuite } from '../contract/suite.ts';
import { input } from '../leaf.ts';
import { add, concat, mul, split } from '../operators/index.ts';
import { compile, type Program } from '../program.ts';
import { compileStep } from '../step.ts';
import { tensorData } from '../tensor-data.ts';
import { forWebGpu } from './for-webgpu.ts';

/** Every node of a model, those in the bodies of its loops too. */
function nodesOf(bytes: Uint8Array): GraphProto['node'] {
  const all = (graph: GraphProto): GraphProto['node'] =>
    graph.node.flatMap((node) => [node, ...node.attribute.flatMap(({ g }) => (g ? all(g) : []))]);
  return all(fromBinary(ModelProtoSchema, bytes).graph!);
}

const rewritten = <P extends Program>(program: P): P => ({
  ...program,
  bytes: forWebGpu(program.bytes),
  key: `${program.key} for webgpu`,
});

function expectFit(bytes: Uint8Array): void {
  const nodes = nodesOf(bytes);
  expect(nodes.filter(({ opType }) => opType === 'FusedMatMul')).toEqual([]);
  for (const { opType, output } of nodes) if (opType === 'Split') expect(output.length).toBeLessThan(8);
}

describe('a graph for WebGPU', () => {
  test.each(['split', 'matmul'])('computes the same: %s', async (name) => {
    const { outputs, feeds } = buildSuite(contracts[name]!, { precision: 'float32', batch: 3 });
    const results = [];
    const program = compile(outputs);
    expectFit(forWebGpu(program.bytes));
    for (const one of [program, rewritten(program)]) {
      const session = await plain.load(one);
      results.push(await session.run(feeds));
      await session.close();
    }
    const [before, after] = results;
    for (const [key, value] of Object.entries(before!))
      expectClose(ndOf(after![key]!), ndOf(value), 1e-6, key);
  });

  test('has a tree in place of a split into hundreds of parts, in the body of a loop too', async () => {
    const sizes = Array.from({ length: 400 }, (_, i) => i % 4);
    const size = sizes.reduce((a, b) => a + b);
    const state = input('state', [2, size], { role: 'state' });
    const parts = split(state, sizes, -1);
    const next = concat(
      parts.map((part, i) => add(mul(part, 1 / 2), i)),
      -1,
    );
    const step = compileStep({ state: [{ leaf: state, next }], outputs: {} }, { driver: 'looped' });
    expect(nodesOf(step.bytes).some(({ output }) => output.length === 400)).toBe(true);
    expectFit(forWebGpu(step.bytes));
    const start = tensorData(
      Array.from({ length: 2 * size }, (_, i) => i),
      [2, size],
    );
    const results = [];
    for (const one of [step, rewritten(step)]) {
      const stepper = await plain.loadStep(one);
      await stepper.write({ state: start });
      await stepper.advance(3, {});
      results.push(await stepper.read());
      await stepper.close();
    }
    expect(results[1]).toEqual(results[0]);
  });
});
