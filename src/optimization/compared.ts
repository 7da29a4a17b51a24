import { PolytaskError } from '../common/error.ts';
import type { Tensor } from '../engine/index.ts';
import type { Readout } from '../model/heads.ts';
import type { Parameter } from '../model/parameter.ts';
import type { ChosenObjective, Granularity } from '../objective/index.ts';

/** What an aggregation compares and directs. */
export interface SharedLeaves {
  /** Parameters that tasks share, in the order in which the model declares them. */
  readonly names: readonly string[];
  readonly leaves: readonly Tensor[];
  /** The shared representation [...lead, batch, H], where there is one. */
  readonly representation?: Tensor | undefined;
  /** Where heads are one product with the representation. */
  readonly readout?: Readout | undefined;
  /** Leaves as each task sees them, [...lead, T, ...shape], where tasks own blocks of the rows. */
  readonly views: ReadonlyMap<Tensor, Tensor>;
}

/** Whether an aggregation directs a parameter: what no task owns. */
export const isShared = ({ owner }: Parameter): boolean => owner.kind === 'shared' || owner.kind === 'expert';

/** The layer of a parameter, by its name. */
export const layerOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));

/** Layers by the names that a config may give them. */
const layersOf = (names: readonly string[]): string[] =>
  [...new Set(names.map(layerOf))].filter((layer) => layer.includes('/'));

/** What stands for all shared parameters when gradients are compared. */
export function comparedBy(over: ChosenObjective['over'], shared: SharedLeaves): readonly Tensor[] {
  const { names, leaves, representation } = shared;
  if (over === 'shared') return leaves;
  if (over === 'representation') return [representation!];
  const layers = over === 'last' ? [lastLayer(names)] : over;
  return leaves.filter((_, i) => layers.some((layer) => isWithin(names[i]!, layer)));
}

function lastLayer(names: readonly string[]): string {
  return layerOf(names.findLast((name) => !name.startsWith('heads/')) ?? names.at(-1)!);
}

const isWithin = (name: string, layer: string): boolean => name === layer || name.startsWith(`${layer}/`);

/**
 * The leaves that are compared together: all, those of each layer, or each alone.
 *
 * @param names of the leaves that are compared
 */
export function groupsOf(by: Granularity, names: readonly string[]): readonly (readonly number[])[] {
  const keys = names.map((name) => (by === 'whole' ? '' : by === 'layer' ? layerOf(name) : name));
  const groups = new Map<string, number[]>();
  keys.forEach((key, i) => {
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()];
}

/**
 * Refuses to compare gradients where there is nothing to compare them over.
 *
 * @throws `objective-invalid`
 */
export function checkCompared(
  { over }: Pick<ChosenObjective, 'over'>,
  { names, representation }: Pick<SharedLeaves, 'names' | 'representation'>,
): void {
  if (names.length === 0)
    throw new PolytaskError('objective-invalid', {
      path: 'objective',
      expected: 'a sharing in which tasks have parameters in common',
      found: 'an aggregation of gradients, and nothing that is shared',
      help: 'Use a weighting of losses, or another --sharing.',
    });
  if (over === 'representation' && representation === undefined)
    throw new PolytaskError('objective-invalid', {
      path: 'objective.over',
      expected: 'a sharing that hands one representation to all tasks',
      found: 'one in which each task has its own, or rows of one task each',
      help: 'Use over=last or over=shared; for a wide table also --sharing shared-bottom.',
    });
  const stray =
    typeof over === 'string' ? undefined : over.find((layer) => !names.some((name) => isWithin(name, layer)));
  if (stray !== undefined)
    throw new PolytaskError('objective-invalid', {
      path: 'objective.over',
      expected: `shared | last | representation, or layers: ${layersOf(names).join(', ')}`,
      found: stray,
      help: 'Several layers are joined by "+": over=trunk/mlp/0+trunk/mlp/1.',
    });
}
