import { PolytaskError } from '../common/error.ts';
import { merge, topological } from '../engine/graph.ts';
import {
  compile,
  concat,
  mul,
  type Runtime,
  reduceSum,
  reshape,
  type Step,
  type Stepper,
  type Tensor,
  type TensorData,
} from '../engine/index.ts';
import { inputName, inputOperator } from '../engine/leaf.ts';
import type { Node } from '../engine/tensor.ts';

/** All that is needed to take the steps that led to a loss that is not finite once more, one by one. */
export interface Replay {
  readonly tasks: readonly string[];
  readonly seeds: readonly number[];
  readonly runtime: Runtime;
  readonly stepper: Stepper;
  readonly step: Step;
  readonly tables: Readonly<Record<string, TensorData>>;
  /** The last state that was kept, and how many steps had been taken by then. */
  readonly state: Readonly<Record<string, TensorData>>;
  readonly from: number;
  /** The inputs [1, …] of a step, counted from 0. */
  feeds(step: number): Record<string, TensorData>;
}

/** Where in a step the first value arose that is not finite. */
export interface Origin {
  /** Counted from 1. */
  readonly step: number;
  /** The layer, such as `trunk/mlp/0`, or the name of an input. */
  readonly layer: string;
  readonly operator: string;
  readonly phase: 'input' | 'forward' | 'backward' | 'update';
}

/**
 * The error for losses [steps, …seeds, tasks] of which one is not finite: it names the task and the step, and the
 * layer in which the first value arose that is not finite, found by replaying the steps since the last kept state.
 *
 * @param firstStep steps taken before those of `losses`
 */
export async function divergence(
  losses: TensorData,
  firstStep: number,
  replay: Replay,
): Promise<PolytaskError> {
  const values = losses.data as Float32Array;
  const { tasks, seeds } = replay;
  const bad = values.findIndex((value) => !Number.isFinite(value));
  const step = firstStep + Math.floor(bad / (tasks.length * seeds.length));
  const seed = seeds[Math.floor(bad / tasks.length) % seeds.length]!;
  const origin = await findOrigin(replay, step);
  const where = origin === undefined ? '' : `; ${describe(origin)}`;
  return new PolytaskError('training-diverged', {
    path: `tasks.${tasks[bad % tasks.length]!}`,
    expected: 'a finite loss',
    found: `${values[bad]} at step ${step + 1} of seed ${seed}${where}`,
    help:
      origin?.phase === 'input'
        ? `Look for values that are not finite in the ${origin.layer} of the training rows.`
        : 'Lower the learning rate, or clip gradients (training.clipNorm); the last checkpoint is kept.',
  });
}

function describe({ step, layer, operator, phase }: Origin): string {
  if (phase === 'input') return `the input "${layer}" is not finite`;
  return `the first value that is not finite arose at step ${step} in ${layer} (${operator}, ${phase})`;
}

/** Replays steps until something is not finite, and looks into the step in which it arose. */
export async function findOrigin(replay: Replay, until: number): Promise<Origin | undefined> {
  const { stepper, from, feeds } = replay;
  let before = replay.state;
  await stepper.write(before);
  for (let step = from; step <= until; step++) {
    const inputs = feeds(step);
    const outputs = await stepper.advance(1, inputs);
    const after = await stepper.read();
    if (![...Object.values(outputs), ...Object.values(after)].every(allFinite)) {
      const found = await probe(replay, { ...before, ...withoutSteps(inputs) });
      return found && { ...found, step: step + 1 };
    }
    before = after;
  }
  return undefined;
}

function allFinite({ data }: TensorData): boolean {
  return !(data instanceof Float32Array) || data.every(Number.isFinite);
}

function withoutSteps(inputs: Readonly<Record<string, TensorData>>): Record<string, TensorData> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [name, { ...tensor, shape: tensor.shape.slice(1) }]),
  );
}

/** Evaluates every tensor of a step; the first in topological order that is not finite has only finite inputs. */
async function probe(
  { runtime, step, tables }: Replay,
  values: Readonly<Record<string, TensorData>>,
): Promise<Omit<Origin, 'step'> | undefined> {
  const states = step.state.map(({ next }) => next);
  const losses = Object.values(step.outputs);
  const merged = merge([...losses, ...states]);
  const nodes = topological(merged);
  const tensors = nodes.flatMap(({ outputs }) => outputs.filter(({ dtype }) => dtype === 'float32'));
  // x · 0 is 0 for every finite x and NaN for all others.
  const flags = tensors.map((x) => reshape(reduceSum(mul(x, 0)), [1]));
  const session = await runtime.load(compile({ flags: concat(flags, 0) }, { name: 'divergence' }));
  try {
    const { flags: found } = await session.run({ ...tables, ...values });
    const first = (found!.data as Float32Array).findIndex((flag) => Number.isNaN(flag));
    if (first === -1) return undefined;
    const forward = new Set(topological(merged.slice(0, losses.length)));
    return locate(tensors[first]!, forward);
  } finally {
    await session.close();
  }
}

function locate(tensor: Tensor, forward: ReadonlySet<Node>): Omit<Origin, 'step'> {
  const { node } = tensor;
  const operator = node.operator.name;
  if ((node.operator as unknown) === inputOperator)
    return { layer: inputName(tensor), operator, phase: 'input' };
  const [layer, rest] = node.scope.split('/gradient');
  if (forward.has(node)) return { layer: layer || 'the model', operator, phase: 'forward' };
  return rest === undefined
    ? { layer: layer || 'the objective', operator, phase: 'update' }
    : { layer: layer || 'the objective', operator, phase: 'backward' };
}
