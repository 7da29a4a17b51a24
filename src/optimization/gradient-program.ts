import { substitute } from '../engine/graph.ts';
import {
  add,
  compile,
  expand,
  gather,
  input,
  mul,
  type Program,
  reshape,
  stack,
  sub,
  type Tensor,
  unsqueeze,
} from '../engine/index.ts';
import { inputName } from '../engine/leaf.ts';
import { inputLeaves } from '../engine/program.ts';
import { ParameterSet } from '../model/parameter.ts';
import { groupsOf, isShared, layerOf } from './compared.ts';
import { byTheta } from './prediction.ts';
import { EPOCH, type LossesSpec, lossesOf, partsOf } from './step-losses.ts';
import { taskRows } from './task-rows.ts';

/** What a look at the tasks' gradients computes, for the tasks that it takes: its sources, S of T. */
export interface GradientProgram {
  /**
   * From θ [n], the rows and dropout keys of a step, `sources` int32 [S], and, where it looks ahead, `rate` []:
   * `losses` [T], `gramians` [layers, M, M], and `after` [S, T].
   */
  readonly program: Program;
  /** M: all tasks where each owns a block of the rows, as one backward pass holds their gradients anyway, else S. */
  readonly compares: 'all' | 'sources';
  /** Of the shared parameters, in the order of the Gramians. */
  readonly layers: readonly string[];
  /** Numbers in θ of one replica. */
  readonly size: number;
}

/** The input that names the tasks of a look. */
export const SOURCES = 'sources';
/** The input that holds η, the length of a step ahead. */
export const RATE = 'rate';

/**
 * The tasks' gradients of the shared parameters as a program of its own, from the graph that training differentiates:
 * their Gramian layer by layer, and, where it looks ahead, the losses L_j(θ − η gᵢ) of all tasks after a step of each source,
 * on the same rows under the same dropout masks. A step moves shared parameters alone.
 *
 * @param sources S, how many tasks a look takes
 * @returns undefined where tasks share nothing
 */
export function gradientProgram(
  spec: LossesSpec,
  sources: number,
  looksAhead: boolean,
): GradientProgram | undefined {
  const tasks = spec.tasks.length;
  const set = new ParameterSet();
  const [rows] = partsOf(spec, [], 1) as [Tensor];
  const { losses } = lossesOf(spec, [], set, rows).losses;
  const apart = set.apartFor(spec.layout === 'blocks' ? tasks : 0);
  const terms = apart === set ? losses : lossesOf(spec, [], apart, rows).losses.losses;
  const places = set.parameters.flatMap((parameter, i) => (isShared(parameter) ? [i] : []));
  if (places.length === 0) return undefined;
  const names = places.map((i) => set.parameters[i]!.name);
  const leaves = places.map((i) => set.leaves[i]!);
  const taken = sources === tasks ? undefined : input(SOURCES, [sources], { dtype: 'int32', role: 'step' });
  const pick = (x: Tensor): Tensor => (taken === undefined ? x : gather(x, taken, 0));
  const inOnePass = leaves.every((leaf) => apart.views.has(leaf));
  const parts = taskRows(inOnePass ? terms : pick(terms), leaves, apart.views, []);
  const gradients = parts.map((part, i) => {
    const all = reshape(part.rows(), [inOnePass ? tasks : sources, ...leaves[i]!.shape]);
    return inOnePass ? pick(all) : all;
  });
  const groups = groupsOf('layer', names);
  const squared = (i: number): Tensor => parts[i]!.squared();
  const gramians = stack(groups.map((group) => group.map(squared).reduce((a, b) => add(a, b))));
  const rate = input(RATE, [], { role: 'step' });
  const moved = new Map(leaves.map((leaf, i) => [leaf, sub(unsqueeze(leaf, 0), mul(rate, gradients[i]!))]));
  const after = looksAhead ? lossesAt(spec, set, moved, sources) : undefined;
  const { values, layout } = byTheta(set, { losses, gramians, ...(after && { after }) });
  return {
    program: compile(values, { name: 'gradients' }),
    compares: inOnePass ? 'all' : 'sources',
    layers: groups.map(([first]) => layerOf(names[first!]!)),
    size: layout.size,
  };
}

/**
 * The losses on the rows of a step at several θ beside each other, [sources, T].
 *
 * @param moved some parameters, [sources, ...shape]; all others stay where they are
 */
function lossesAt(
  spec: LossesSpec,
  set: ParameterSet,
  moved: ReadonlyMap<Tensor, Tensor>,
  sources: number,
): Tensor {
  const lead = [sources];
  const copies = new ParameterSet(lead);
  const { losses } = lossesOf(spec, lead, copies, partsOf(spec, lead, 1)[0]!).losses;
  const spread = (x: Tensor): Tensor => expand(unsqueeze(x, 0), [...lead, ...x.shape]);
  const image = new Map(
    copies.leaves.map((leaf, i) => [leaf, moved.get(set.leaves[i]!) ?? spread(set.leaves[i]!)]),
  );
  for (const leaf of inputLeaves([losses], 'step'))
    if (inputName(leaf) !== EPOCH)
      image.set(
        leaf,
        spread(input(inputName(leaf), leaf.shape.slice(1), { dtype: leaf.dtype, role: 'step' })),
      );
  return substitute([losses], image)[0]!;
}
