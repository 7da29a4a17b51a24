import { expect, test } from 'vitest';
import { draw } from '../../engine/contract/instance.ts';
import { evaluate, optimised } from '../../engine/contract/runtimes.ts';
import {
  input,
  mul,
  numbers,
  oneHot,
  reduceSum,
  type Tensor,
  tensorData,
  unsqueeze,
} from '../../engine/index.ts';
import { inputLeaves } from '../inputs.ts';
import { buildModel, type ModelSignature, type ModelSpec } from '../model.ts';
import { ParameterSet } from '../parameter.ts';

const [ROWS, TASKS] = [6, 3];
const features = { numeric: 4, categorical: [], text: [] };
const shape = { activation: 'gelu', dropout: 0, norm: 'none' } as const;
const signature = (long: boolean): ModelSignature => ({
  features,
  heads: Array.from({ length: TASKS }, (_, t) => ({
    name: `task ${t}`,
    family: 'regression',
    width: 2,
    initialBias: [0, 0],
  })),
  long,
});

/** The logits of a model, and the set that holds its parameters. */
function build(spec: ModelSpec, long: boolean): { logits: Tensor; set: ParameterSet } {
  const set = new ParameterSet();
  const inputs = inputLeaves(features, ROWS, long);
  const built = buildModel(spec, signature(long), set, inputs, long ? 'rows' : 'wide', { training: false });
  return { logits: [...built.logits.values()][0]!, set };
}

test('a head, and a network, for each task is what the one-hot z picks of all of them', async () => {
  const spec: ModelSpec = {
    sharing: 'independent',
    encoder: { ...shape, hidden: [5, 3] },
    tower: { ...shape, hidden: [2] },
    embedding: 2,
    textEmbedding: 2,
  };
  const [all, own] = [build(spec, false), build(spec, true)];
  const sizes = (set: ParameterSet): [string, readonly number[]][] =>
    set.parameters.map((parameter) => [parameter.name, parameter.shape]);
  expect(sizes(all.set)).toEqual(sizes(own.set));
  const task = input('task', [ROWS], { dtype: 'int32' });
  // Σⱼ 1(z = j) gⱼ(f(x; θʲ); θʲ), [batch, width]
  const z = oneHot(task, TASKS);
  const gated = reduceSum(mul(all.logits, unsqueeze(z, -1)), -2);
  const feeds = {
    numeric: tensorData(draw('x', [ROWS, 4]), [ROWS, 4]),
    task: tensorData(Int32Array.of(2, 0, 1, 1, 0, 2), [ROWS], 'int32'),
    ...Object.fromEntries(sizes(all.set).map(([name, dims]) => [name, tensorData(draw(name, dims), dims)])),
  };
  const { picked } = await evaluate(optimised, { picked: gated }, feeds);
  const { direct } = await evaluate(optimised, { direct: own.logits }, feeds);
  expect(direct!.shape).toEqual(picked!.shape);
  numbers(direct!).forEach((value, i) => {
    expect(value).toBeCloseTo(numbers(picked!)[i]!, 6);
  });
});
