import { expand, reduceMean, reduceSum, type Tensor, unsqueeze } from '../engine/index.ts';
import type { FamilyLabels } from './flow/flow.ts';
import { type BatchInputs, mapInputs } from './inputs.ts';
import type { BuiltModel } from './model.ts';
import type { ParameterSet } from './parameter.ts';

/** The axis of an ensemble's members, right after those of replicas. */
export interface Members {
  readonly axis: number;
  readonly count: number;
}

/** What a model is built from. */
export interface Given {
  readonly set: ParameterSet;
  readonly inputs: BatchInputs;
  readonly labels?: FamilyLabels | undefined;
}

/** The same value for every member. */
export function spread(x: Tensor, { axis, count }: Members): Tensor {
  return expand(unsqueeze(x, axis), [...x.shape.slice(0, axis), count, ...x.shape.slice(axis)]);
}

/**
 * A model on whose values the members of an ensemble are one more replica axis: all that does not know of them goes on
 * as with seeds side by side. Logits keep the axis; what else comes out is the mean over members.
 */
export function overMembers(
  build: (given: Given) => BuiltModel,
  { set, inputs, labels }: Given,
  count: number,
): BuiltModel {
  const axis = set.lead.length;
  const members = { axis, count };
  const lift = (x: Tensor): Tensor => unsqueeze(x, axis);
  const { task, descriptor } = inputs;
  const built = build({
    // What each member says is its own; weights below are shared, as the encoder has it.
    set: set.forMembers(count, ({ name }) => name.startsWith('heads/')),
    inputs: {
      ...mapInputs(inputs, lift),
      ...(task && { task: lift(task) }),
      ...(descriptor && { descriptor: lift(descriptor) }),
    },
    labels:
      labels &&
      new Map(
        [...labels].map(([key, own]) => [
          key,
          { labels: spread(own.labels, members), weights: spread(own.weights, members) },
        ]),
      ),
  });
  // Tasks meet in no one representation: every member has its own.
  const { representation: _, readout: __, penalty, ...rest } = built;
  return {
    ...rest,
    members,
    probes: built.probes.map((probe) => ({
      ...probe,
      value: probe.kind === 'use' ? reduceSum(probe.value, axis) : reduceMean(probe.value, axis),
      ...(probe.perRow && { perRow: reduceMean(probe.perRow, axis) }),
    })),
    ...(penalty && { penalty: reduceMean(penalty, axis) }),
  };
}
