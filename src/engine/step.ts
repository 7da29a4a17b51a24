import { PolytaskError } from '../common/error.ts';
import { merge } from './graph.ts';
import { inputName, inputRole } from './leaf.ts';
import { GraphBuilder } from './onnx/builder.ts';
import { emitNodes, finish, inputLeaves, largestWork, type Port, type Program } from './program.ts';
import type { Shape, Tensor } from './tensor.ts';

/**
 * A training step as data: what is carried (state leaf → next value) and what is reported.
 * Leaves of role `step` are fed anew at every step, those of role `data` once.
 */
export interface Step {
  readonly state: readonly { readonly leaf: Tensor; readonly next: Tensor }[];
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** How steps are driven: K steps inside one ONNX Loop, or one run a step. */
export type Driver = 'looped' | 'stepwise';

/** A compiled step: the same ports for both drivers, with a leading axis `steps` where a value is per step. */
export interface StepProgram extends Program {
  readonly driver: Driver;
  readonly data: readonly Port[];
  readonly step: readonly Port[];
  readonly state: readonly Port[];
}

export interface StepOptions {
  readonly name?: string;
  readonly driver: Driver;
  readonly dims?: Readonly<Record<string, number>>;
}

/** The name of the leading axis of per-step values, and of the looped driver's number of steps. */
const STEPS = 'steps';

/** The name under which a state's next value leaves the program. */
export const nextName = (name: string): string => `${name}/next`;

/** Compiles a step for one of the drivers. */
export function compileStep(step: Step, options: StepOptions): StepProgram {
  const names = Object.keys(step.outputs);
  const targets = merge([...step.state.map(({ next }) => next), ...Object.values(step.outputs)]);
  const leaves = inputLeaves(targets);
  const state = step.state.map(({ leaf }) => leaf);
  const stateNames = new Set(state.map(inputName));
  const stray = leaves.find((leaf) => inputRole(leaf) === 'state' && !stateNames.has(inputName(leaf)));
  if (stray !== undefined)
    throw new PolytaskError('input-missing', {
      path: inputName(stray),
      expected: 'a next value for every state leaf',
      found: 'none',
      help: 'List it in step.state; a leaf that does not change is its own next value.',
    });
  refuseClashes([...leaves, ...state].map(inputName), names);
  const body: Body = {
    name: options.name ?? 'step',
    dims: options.dims ?? {},
    data: leaves.filter((leaf) => inputRole(leaf) === 'data'),
    step: leaves.filter((leaf) => inputRole(leaf) === 'step'),
    state,
    targets,
    outputs: names,
  };
  return options.driver === 'looped' ? compileLoop(body) : compileSingle(body);
}

/** Inputs and outputs share one space of names in ONNX, and the looped driver has an input of its own. */
function refuseClashes(inputs: readonly string[], outputs: readonly string[]): void {
  const taken = new Set([...inputs, ...inputs.map(nextName)]);
  const clash = inputs.includes(STEPS) ? STEPS : outputs.find((name) => taken.has(name) || name === STEPS);
  if (clash === undefined) return;
  throw new PolytaskError('operator-invalid', {
    path: clash,
    expected: `outputs named unlike the inputs, and nothing named "${STEPS}"`,
    found: `"${clash}" twice`,
    help: 'Rename it.',
  });
}

interface Body {
  readonly name: string;
  readonly dims: Readonly<Record<string, number>>;
  readonly data: readonly Tensor[];
  readonly step: readonly Tensor[];
  readonly state: readonly Tensor[];
  /** Next values of the states, then outputs. */
  readonly targets: readonly Tensor[];
  readonly outputs: readonly string[];
}

const portsOf = (graph: GraphBuilder, leaves: readonly Tensor[], lead: Shape = []): Port[] =>
  leaves.map((leaf) => ({
    name: inputName(leaf),
    dtype: leaf.dtype,
    shape: [...lead, ...graph.resolve(leaf.shape)],
  }));

const targetPorts = (graph: GraphBuilder, body: Body, lead: Shape): Port[] =>
  body.targets.map((value, i) => {
    const carried = i < body.state.length;
    const name = carried ? nextName(inputName(body.state[i]!)) : body.outputs[i - body.state.length]!;
    return { name, dtype: value.dtype, shape: [...(carried ? [] : lead), ...graph.resolve(value.shape)] };
  });

function compileSingle(body: Body): StepProgram {
  const graph = new GraphBuilder(body.dims);
  const [data, step, state] = [body.data, body.step, body.state].map((leaves) => portsOf(graph, leaves));
  const inputs = [...data!, ...step!, ...state!];
  for (const port of inputs) graph.input(port.name, port.dtype, port.shape);
  graph.inputValue = (node) => inputName(node.outputs[0]!);
  const values = emitNodes(graph, body.targets);
  const outputs = targetPorts(graph, body, []);
  outputs.forEach((port, i) => {
    graph.output(port.name, values.get(body.targets[i]!)!, port.dtype, port.shape);
  });
  const program = finish(
    body.name,
    graph.model(body.name),
    inputs,
    outputs,
    largestWork(graph, body.targets),
  );
  return {
    ...program,
    driver: 'stepwise',
    data: data!,
    step: portsOf(graph, body.step, [STEPS]),
    state: state!,
  };
}

function compileLoop(body: Body): StepProgram {
  const outer = new GraphBuilder(body.dims);
  const data = portsOf(outer, body.data);
  const step = portsOf(outer, body.step, [STEPS]);
  const state = portsOf(outer, body.state);
  const count: Port = { name: STEPS, dtype: 'int64', shape: [] };
  const inputs = [count, ...data, ...step, ...state];
  for (const port of inputs) outer.input(port.name, port.dtype, port.shape);

  const inner = outer.child();
  const iteration = inner.input(outer.fresh('iteration'), 'int64', []);
  const go = inner.input(outer.fresh('go'), 'bool', []);
  const carried = state.map((port) =>
    inner.input(outer.fresh(`${port.name}/carried`), port.dtype, port.shape),
  );
  const values = new Map<string, string>(data.map(({ name }) => [name, name]));
  for (const { name } of step) values.set(name, inner.op('Gather', [name, iteration], { axis: 0 }));
  state.forEach(({ name }, i) => {
    values.set(name, carried[i]!);
  });
  inner.inputValue = (node) => values.get(inputName(node.outputs[0]!))!;
  const emitted = emitNodes(inner, body.targets);
  inner.output(outer.fresh('continue'), go, 'bool', []);
  body.targets.forEach((value) => {
    inner.output(outer.fresh('result'), emitted.get(value)!, value.dtype, value.shape);
  });

  const outputs = targetPorts(outer, body, [STEPS]);
  outer.raw(
    'Loop',
    [STEPS, '', ...state.map(({ name }) => name)],
    outputs.map(({ name }) => name),
    { body: { graph: inner.graph(`${body.name}/body`) } },
  );
  for (const port of outputs) outer.declareOutput(port.name, port.dtype, port.shape);
  const program = finish(
    body.name,
    outer.model(body.name),
    inputs,
    outputs,
    largestWork(outer, body.targets),
  );
  return { ...program, driver: 'looped', data, step, state };
}
