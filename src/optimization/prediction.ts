import { substitute } from '../engine/graph.ts';
import { compile, constant, input, type Program, type Tensor } from '../engine/index.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import {
  buildModel,
  type ModelSignature,
  type ModelSpec,
  type Parameter,
  ParameterSet,
  type Probe,
  pickTask,
} from '../model/index.ts';
import { inputLeaves } from '../model/inputs.ts';
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
  const layout = new ParameterLayout(set.parameters, lead);
  const theta = input(THETA, [...lead, layout.size]);
  const unpacked = layout.unpack(theta);
  const names = Object.keys(outputs);
  const image = new Map(set.leaves.map((leaf, i) => [leaf, unpacked.get(set.parameters[i]!.name)!]));
  const values = substitute(Object.values(outputs), image);
  const program = compile(Object.fromEntries(names.map((name, i) => [name, values[i]!])), {
    name: 'predict',
  });
  return { program, layout, parameters: set.parameters, probes };
}

/** Outputs by family with links applied; parameters stay leaves under their own names. */
export function forward(
  model: ModelSpec,
  signature: ModelSignature,
  tasks: readonly FittedTask[],
  set: ParameterSet,
): { readonly outputs: Record<string, Tensor>; readonly probes: readonly Probe[] } {
  const inputs = inputLeaves(signature.features, 'batch', signature.long);
  const layout = signature.long ? 'rows' : 'wide';
  const built = buildModel(model, signature, set, inputs, layout, { training: false });
  const linked = new Map(
    built.families.map(({ key, start, heads }): [string, Tensor] => {
      const own = tasks.slice(start, start + heads.length);
      const kind = kindOf(own[0]!.kind);
      const table = own.map((fitted) => kind.linkParameters(fitted));
      const width = table[0]!.length;
      const parameters = constant(table.flat(), { shape: [own.length, width] });
      const perRow = signature.long ? pickTask(parameters, inputs.task!, []) : parameters;
      return [key, kind.link(built.logits.get(key)!, perRow, own[0]!)];
    }),
  );
  return { outputs: Object.fromEntries(built.bound(linked)), probes: built.probes };
}
