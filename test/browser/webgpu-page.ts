import type { Case } from '../../src/engine/contract/case.ts';
import { contracts } from '../../src/engine/contract/cases/index.ts';
import { instantiate } from '../../src/engine/contract/instance.ts';
import { buildSuite, type Suite } from '../../src/engine/contract/suite.ts';
import { topological } from '../../src/engine/graph.ts';
import { compile, forWebGpu, input, LocalRuntime, type Ort, type Runtime } from '../../src/engine/index.ts';
import { add } from '../../src/engine/operators/index.ts';
import { numbers } from '../../src/engine/tensor-data.ts';

// What runs on WebGPU in the browser and on wasm in Node: the test bundles this file for the one and imports it in the other.

const SETTING = { precision: 'float32', batch: 3 } as const;

/** ONNX Runtime 1.30 writes a shader that does not compile where Pow stretches the last axis of one operand by fours. */
const STRETCHED = '[batch,1] and [1,4] of float';

export const operatorNames: readonly string[] = Object.keys(contracts);

/** An operator's cases, as values and one gradient each; without those in doubles, of which WebGPU has none. */
export function suiteOf(name: string): Suite {
  const fits = (item: Case, i: number): boolean =>
    topological(instantiate(item, i, SETTING).outputs).every((node) =>
      node.outputs.every(({ dtype }) => dtype !== 'float64'),
    );
  const cases = contracts[name]!.cases.filter(
    (item, i) => fits(item, i) && !(name === 'pow' && item.label === STRETCHED),
  );
  const suite = buildSuite({ cases }, SETTING);
  const outputs = Object.entries(suite.outputs).filter(([port]) => /\/y\/|\/g\/0\//.test(port));
  return { ...suite, outputs: Object.fromEntries(outputs) };
}

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** What an operator's cases give on a runtime. */
export async function evaluateOperator(runtime: Runtime, name: string): Promise<Record<string, Numbers>> {
  const { outputs, feeds } = suiteOf(name);
  const session = await runtime.load(compile(outputs));
  const results = await session.run(feeds);
  await session.close();
  return Object.fromEntries(
    Object.entries(results).map(([port, value]) => [port, { shape: value.shape, data: numbers(value) }]),
  );
}

/** A runtime on WebGPU with something open: the shaders that it compiled are kept as long as anything is. */
export async function onWebGpu(ort: Ort): Promise<Runtime> {
  const runtime = new LocalRuntime(ort, { name: 'webgpu', deviceState: true, rewrite: forWebGpu });
  await runtime.load(compile({ y: add(input('x', [1]), 1) }));
  return runtime;
}
