import { substitute } from '../engine/graph.ts';
import { constant, input, type Step, scope, type Tensor } from '../engine/index.ts';
import type { Optimiser } from '../engine/optimiser/optimiser.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import type { Parameter } from '../model/parameter.ts';
import { slopesAlongValidation } from '../objective/index.ts';
import { type Carried, THETA } from './carried.ts';
import { packClipped } from './clipping.ts';
import { type Descended, differentiate } from './differentiate.ts';
import { chooseLazy, LAZY_ELEMENTS, tableInStep } from './lazy-tables.ts';
import type { TaskLosses } from './losses.ts';
import { scalarName } from './step-feeds.ts';
import { spreadOverTasks, type TaskGroups } from './task-groups.ts';
import type { CarriedState, TrainingStep, TrainingStepSpec } from './training-step.ts';

/**
 * Differentiates by what the step carries, and applies the optimiser to it.
 *
 * @param answers whether the weights of an aggregation are asked for between the halves of the step, or given to it
 */
export function assembleStep(
  spec: TrainingStepSpec,
  descended: Descended,
  lead: readonly number[],
  answers: 'asked' | 'held',
): TrainingStep {
  const { optimiser } = spec;
  const { objective, set } = descended;
  const { parameters } = set;
  // What compares gradients, or looks at losses after the update, takes tables as they are.
  const looks = objective.afterwards.length > 0 || objective.alongside.length > 0;
  const whole = spec.objective?.aggregation !== undefined || looks;
  const lookups = whole ? [] : chooseLazy(set, spec.lazyFrom ?? LAZY_ELEMENTS);
  const lazy = new Set(lookups.map(({ parameter }) => parameter.name));
  const carried = parameters.filter(({ name }) => !lazy.has(name));
  const leaves = set.leaves.filter((_, i) => !lazy.has(parameters[i]!.name));
  const dense = new ParameterLayout(carried, lead);
  const names = spec.tasks.map(({ name }) => name);
  const groups: TaskGroups | undefined =
    spec.groups === 'task' ? { parameters: carried, layout: dense, tasks: names } : undefined;
  const scalars = scalarLeaves(optimiser, [...lead, groups === undefined ? 1 : names.length]);
  const tables = lookups.map((lookup) =>
    tableInStep(lookup, THETA, optimiser, scalars, { lead, tasks: groups }),
  );
  const rows = new Map(tables.map(({ lookup, lazy: { embedded } }) => [lookup.picked, embedded]));
  const slopes = differentiate(spec, descended, { carried, leaves, rows, tables, answers }, lead);
  const clipped = scope('clip', () =>
    packClipped({ packed: slopes.packed, tables: slopes.tables }, spec.clipNorm, dense, tables, groups),
  );
  const packed = scope('update', () =>
    updatePacked(optimiser, carried, dense, scalars, groups, clipped.packed),
  );
  const updated = scope('update', () =>
    tables.flatMap(({ lazy: own, leaves: state }, i) => {
      const next = own.update(clipped.tables[i]!);
      const values: Record<string, Tensor> = { ...next.slots, [THETA]: next.table };
      return Object.entries(state).map(([kind, leaf]) => ({ leaf, next: values[kind]! }));
    }),
  );
  const [theta] = packed as [Step['state'][number]];
  const imageOf = (value: Tensor): Map<Tensor, Tensor> => {
    const unpacked = dense.unpack(value);
    return new Map(leaves.map((leaf, i) => [leaf, unpacked.get(carried[i]!.name)!]));
  };
  if (objective.afterwards.length > 0) {
    const [after] = substitute([descended.losses.losses], imageOf(theta.next)) as [Tensor];
    for (const use of objective.afterwards) use(after);
  }
  for (const { request, use } of objective.alongside) {
    const at = (of: TaskLosses, value: Tensor): Tensor => substitute([of.losses], imageOf(value))[0]!;
    const looked = {
      theta: theta.leaf,
      slope: dense.pack(new Map(carried.map(({ name }, i) => [name, slopes.packed[i]!]))),
      lossesAt: (value: Tensor) => at(descended.losses, value),
      validationAt: (value: Tensor) => at(descended.validation!, value),
    };
    use(scope('validation', () => slopesAlongValidation(looked, request)));
  }
  const own = scope('update', () => updateOwn(optimiser, objective.parameters, slopes.own, scalars, lead));
  const extras = [...objective.extras.carried, ...slopes.extras.flatMap((extra) => extra.carried)];
  const states = [...packed, ...updated, ...own.states, ...extras];
  const asked = Object.entries(slopes.asked ?? {});
  const outputs = Object.entries({ losses: slopes.reported, ...slopes.watched });
  const targets = substitute(
    [
      ...states.map(({ next }) => next),
      ...outputs.map(([, value]) => value),
      ...asked.map(([, value]) => value),
    ],
    imageOf(theta.leaf),
  );
  const afterStates = targets.slice(states.length);
  const start = ({ name, shape, initial }: Carried): CarriedState => ({
    name,
    shape: [...lead, ...shape],
    start: Float32Array.from(Array.from({ length: spec.seeds }, () => initial).flat()),
  });
  return {
    step: {
      state: states.map(({ leaf }, i) => ({ leaf, next: targets[i]! })),
      outputs: Object.fromEntries(outputs.map(([name], i) => [name, afterStates[i]!])),
    },
    ...(slopes.answer && {
      mediation: {
        asked: Object.fromEntries(asked.map(([name], i) => [name, afterStates[outputs.length + i]!])),
        answers: [slopes.answer],
      },
    }),
    carried: [...own.carried, ...extras].map(start),
    ...(descended.validation && { validationShape: descended.validation.shape }),
    noises: [...objective.extras.noises, ...slopes.extras.flatMap((extra) => extra.noises)],
    layout: new ParameterLayout(parameters, lead),
    parameters,
    states: [THETA, ...optimiser.slots],
    dense,
    tables,
  };
}

/** θ and its slots with what follows them; θ first. */
function updatePacked(
  optimiser: Optimiser,
  parameters: readonly Parameter[],
  layout: ParameterLayout,
  scalars: Readonly<Record<string, Tensor>>,
  groups: TaskGroups | undefined,
  gradient: Tensor,
): Step['state'] {
  const leaf = (name: string): Tensor => input(name, [...layout.lead, layout.size], { role: 'state' });
  const theta = leaf(THETA);
  const slots = Object.fromEntries(optimiser.slots.map((name) => [name, leaf(name)]));
  const decaying = new Set(parameters.filter(({ decays }) => decays).map(({ name }) => name));
  const next = optimiser.update({
    parameter: theta,
    gradient,
    slots,
    scalars: Object.fromEntries(
      Object.entries(scalars).map(([key, values]) => [
        key,
        groups === undefined ? values : spreadOverTasks(values, groups),
      ]),
    ),
    decayMask: constant(layout.mask(({ name }) => decaying.has(name))),
  });
  return [
    { leaf: theta, next: next.parameter },
    ...optimiser.slots.map((name) => ({ leaf: slots[name]!, next: next.slots[name]! })),
  ];
}

/** The weighting's own parameters and their slots, by the rule of the run's optimiser, without decay. */
function updateOwn(
  optimiser: Optimiser,
  parameters: readonly Carried[],
  gradients: readonly Tensor[],
  scalars: Readonly<Record<string, Tensor>>,
  lead: readonly number[],
): { readonly states: Step['state']; readonly carried: readonly Carried[] } {
  const carried = parameters.flatMap((parameter, i) => {
    const zeros = new Array<number>(parameter.initial.length).fill(0);
    const slots = optimiser.slots.map((slot) => {
      const name = `${parameter.name}/${slot}`;
      const leaf = input(name, [...lead, zeros.length], { role: 'state' });
      return { name, shape: parameter.shape, leaf, initial: zeros, next: leaf };
    });
    const next = optimiser.update({
      parameter: parameter.leaf,
      gradient: gradients[i]!,
      slots: Object.fromEntries(optimiser.slots.map((slot, k) => [slot, slots[k]!.leaf])),
      scalars,
      decayMask: constant(zeros),
    });
    return [
      { ...parameter, next: next.parameter },
      ...slots.map((slot, k) => ({ ...slot, next: next.slots[optimiser.slots[k]!]! })),
    ];
  });
  return { states: carried, carried };
}

/** The optimiser's scalars for each group: [...lead, groups]. */
function scalarLeaves(optimiser: Optimiser, shape: readonly number[]): Record<string, Tensor> {
  return Object.fromEntries(
    Object.keys(optimiser.scalars(1, 1)).map((key) => [key, input(scalarName(key), shape, { role: 'step' })]),
  );
}
