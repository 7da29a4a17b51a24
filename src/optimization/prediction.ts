import { substitute } from '../engine/graph.ts';
import { compile, constant, input, type Program, reduceMean, type Tensor } from '../engine/index.ts';
import { inputName } from '../engine/leaf.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import { inputLeaves as leavesOf } from '../engine/program.ts';
import {
  buildModel,
  type ModelSignature,
  type ModelSpec,
  type Parameter,
  ParameterSet,
  type Probe,
} from '../model/index.ts';
import { describedLeaves, inputLeaves } from '../model/inputs.ts';
import { type FittedTask, kindOf } from '../problem/index.ts';
import { THETA } from './training-step.ts';

/** A forward program and what it needs: θ and the features of any number of rows. */
export interface Prediction {
  readonly program: Program;
  readonly layout: ParameterLayout;
  readonly parameters: readonly Parameter[];
  /** What the model lets be watched: outputs of the program under these names. */
  readonly probes: readonly Probe[];
}

/** The output of a probe. */
export const probeName = ({ name }: Pick<Probe, 'name'>): string => `probe/${name}`;

/**
 * The forward graph with links applied: outputs by family, `[seeds…, batch, tasks, width]` for wide problems and
 * `[seeds…, batch, width]` for long ones, in the users' units.
 */
export function buildPrediction(
  model: ModelSpec,
  signature: ModelSignature,
  tasks: readonly FittedTask[],
  seeds: number,
): Prediction {
  const lead = seeds === 1 ? [] : [seeds];
  const set = new ParameterSet(lead);
  const { outputs: families, probes } = forward(model, signature, tasks, set);
  const outputs = {
    ...families,
    ...Object.fromEntries(probes.map((probe) => [probeName(probe), probe.value])),
  };
  const { layout, values } = byTheta(set, outputs);
  return { program: compile(values, { name: 'predict' }), layout, parameters: set.parameters, probes };
}

/** Values as functions of all parameters packed into one leaf, θ [...lead, n]. */
export function byTheta(
  set: ParameterSet,
  values: Readonly<Record<string, Tensor>>,
): { readonly layout: ParameterLayout; readonly values: Record<string, Tensor> } {
  const layout = new ParameterLayout(set.parameters, set.lead);
  const unpacked = layout.unpack(input(THETA, [...set.lead, layout.size]));
  const image = new Map(set.leaves.map((leaf, i) => [leaf, unpacked.get(set.parameters[i]!.name)!]));
  const images = substitute(Object.values(values), image);
  return { layout, values: Object.fromEntries(Object.keys(values).map((name, i) => [name, images[i]!])) };
}

/**
 * Outputs by family with links applied; parameters stay leaves under their own names.
 *
 * @param described rows of any task, each with its z: `[batch, width]`, in the mean units of a family's tasks
 */
export function forward(
  model: ModelSpec,
  signature: ModelSignature,
  tasks: readonly FittedTask[],
  set: ParameterSet,
  described: boolean = false,
): { readonly outputs: Record<string, Tensor>; readonly probes: readonly Probe[] } {
  const { features, long } = signature;
  const inputs = described ? describedLeaves(features, 'batch') : inputLeaves(features, 'batch', long);
  const layout = described || long ? 'rows' : 'wide';
  const built = buildModel(model, signature, set, inputs, layout, { training: false });
  const linked = new Map(
    built.families.map(({ key, start, heads }): [string, Tensor] => {
      const own = tasks.slice(start, start + heads.length);
      const kind = kindOf(own[0]!.kind);
      const table = own.map((fitted) => kind.linkParameters(fitted));
      const rows = layout === 'wide' ? table : [signature.long ? table[0]! : meanOf(table)];
      const parameters = constant(rows.flat(), { shape: [rows.length, rows[0]!.length] });
      const outputs = kind.link(built.logits.get(key)!, parameters, own[0]!);
      return [key, built.members === undefined ? outputs : reduceMean(outputs, built.members.axis)];
    }),
  );
  return { outputs: Object.fromEntries(built.bound(linked)), probes: built.probes };
}

/** Whether predictions depend on which task a row is of, beyond its z; if not, new tasks can be predicted too. */
export function readsTask(
  model: ModelSpec,
  signature: ModelSignature,
  tasks: readonly FittedTask[],
): boolean {
  const { outputs } = forward(model, signature, tasks, new ParameterSet(), true);
  return leavesOf(Object.values(outputs)).some((leaf) => inputName(leaf) === 'task');
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]! / rows.length, 0));
}
