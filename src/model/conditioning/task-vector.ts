import type { SpecInput } from '../../common/options.ts';
import { chooseDescriptor } from '../../data/descriptors/registry.ts';
import {
  add,
  constant,
  gather,
  matmul,
  oneHot,
  rank,
  reshape,
  squeeze,
  type Tensor,
} from '../../engine/index.ts';
import type { BatchInputs } from '../inputs.ts';
import type { Initialiser } from '../parameter.ts';
import type { TaskAxis } from '../task-axis.ts';
import type { LayerView } from '../view.ts';

/** A vector that z becomes, z W or z W + b. */
export interface Projection {
  /** What W is called. */
  readonly name: string;
  readonly units: number;
  readonly initialiser: Initialiser;
  /** What b is called, where there is one. */
  readonly bias?: string;
}

/** z of each task as the layers of a model meet it. */
export interface TaskVector {
  readonly width: number;
  /** A value in the form that z stretches to: for wide rows each task's own. */
  meet(h: Tensor): Tensor;
  /**
   * What z becomes by parameters of a view, and h in the form against which that broadcasts.
   *
   * @param h what `meet` gave
   */
  project(view: LayerView, h: Tensor, parts: readonly Projection[]): { h: Tensor; parts: Tensor[] };
}

/**
 * z of the tasks of a batch.
 *
 * It is a list [..., items, Z], whose items are the tasks (wide rows, blocks) or the rows of the batch.
 *
 * @param lead the replica axes of the model's parameters
 */
export function taskVector(
  spec: SpecInput,
  axis: TaskAxis,
  inputs: BatchInputs,
  lead: readonly number[],
): TaskVector {
  const z = listOf(spec, axis, inputs);
  const [items, width] = z.shape.slice(-2) as [number, number];
  const shared = lead.length + 2;
  const ofRows = (h: Tensor): boolean => axis.layout === 'rows' && h.shape.at(-2) === items;
  /** Each row's own weights, while h does not stand row by row yet. */
  const needsOwn = (h: Tensor, weight: Tensor): boolean =>
    ofRows(h) &&
    weight.shape.at(-3) === items &&
    rank(weight) > shared &&
    (typeof items === 'string' || rank(h) <= shared);
  /** Inserts the axes that stand between the items and what is joined: experts, or the rows of a task. */
  const spread = (list: Tensor, h: Tensor, weight: Tensor): Tensor => {
    const [before, size] = [list.shape.slice(0, -2), list.shape.at(-1)!];
    const inner = Math.max(rank(h), rank(weight)) - shared;
    const ones = (least: number): number[] => new Array<number>(Math.max(least, inner)).fill(1);
    const shape = ofRows(h) ? [...before, ...ones(0), items, size] : [...before, items, ...ones(1), size];
    return reshape(list, shape);
  };
  return {
    width,
    meet: (h) => (axis.layout === 'wide' ? axis.own(h) : h),
    project: (view, h, parts) => {
      const weights = parts.map(({ name, units, initialiser }) =>
        view.parameter(name, [width, units], { initialiser }),
      );
      const met = weights.some((weight) => needsOwn(h, weight)) ? axis.own(h) : h;
      return {
        h: met,
        parts: parts.map(({ name, units, initialiser, bias }, i) => {
          const weight = weights[i]!;
          // A weight that nobody owns is multiplied once for all items, in one matrix product.
          const product =
            rank(weight) === shared
              ? spread(matmul(z, weight), met, weight)
              : matmul(
                  spread(z, met, weight),
                  view.parameter(name, [width, units], { initialiser, rank: rank(met) }),
                );
          if (bias === undefined) return product;
          const zeros = { initialiser: { kind: 'zeros' }, decays: false, rank: rank(met) } as const;
          return add(product, view.parameter(bias, [1, units], zeros));
        }),
      };
    },
  };
}

/** The same vector, and whether any layer has taken it. */
export function watched(vector: TaskVector): { readonly vector: TaskVector; readonly used: () => boolean } {
  let used = false;
  const project: TaskVector['project'] = (...given) => {
    used = true;
    return vector.project(...given);
  };
  return { vector: { ...vector, project }, used: () => used };
}

function listOf(spec: SpecInput, axis: TaskAxis, inputs: BatchInputs): Tensor {
  const { descriptor, options } = chooseDescriptor(spec);
  const { tasks, layout } = axis;
  if (inputs.descriptor !== undefined) return inputs.descriptor;
  if (inputs.descriptors !== undefined)
    return layout === 'rows' ? gather(inputs.descriptors, inputs.task!) : inputs.descriptors;
  if (descriptor.name === 'embedding') {
    const shape = [1, options.width];
    const vectors = { initialiser: UNIT_NORMAL, decays: false };
    return squeeze(axis.view('conditioning').parameter('embedding', shape, vectors), -2);
  }
  const codes = constant(Int32Array.from(tasks.keys()), { dtype: 'int32' });
  return oneHot(layout === 'rows' ? inputs.task! : codes, tasks.length);
}

/** Learned vectors start on the scale that described ones are brought to. */
const UNIT_NORMAL: Initialiser = { kind: 'normal', deviation: 1 };
