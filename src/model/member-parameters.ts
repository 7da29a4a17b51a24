import { type Tensor, transpose } from '../engine/index.ts';
import type { Parameter } from './parameter.ts';

/** Where the members' axis stands in a parameter: after that of its owners, which is the first. */
const placeOf = ({ owner }: Parameter): number => Number(owner.kind === 'task' || owner.kind === 'expert');

/** A parameter of which each member of an ensemble has a copy of its own, as random values go each another one. */
export function memberCopies(parameter: Parameter, members: number): Parameter {
  const { shape, initialiser } = parameter;
  const place = placeOf(parameter);
  const owners = place === 0 ? 1 : shape[0]!;
  const copies = (values: readonly number[]): number[] => {
    const size = values.length / owners;
    return Array.from({ length: owners }, (_, o) =>
      Array.from({ length: members }, () => values.slice(o * size, (o + 1) * size)),
    ).flat(2);
  };
  return {
    ...parameter,
    shape: [...shape.slice(0, place), members, ...shape.slice(place)],
    initialiser:
      initialiser.kind === 'values' ? { kind: 'values', values: copies(initialiser.values) } : initialiser,
  };
}

/** The leaf of such a parameter, [replicas…, members, ...shape]. */
export function membersFirst(leaf: Tensor, parameter: Parameter, replicas: number): Tensor {
  const axes = leaf.shape.map((_, axis) => axis);
  const at = replicas + placeOf(parameter);
  return transpose(leaf, [
    ...axes.slice(0, replicas),
    at,
    ...axes.slice(replicas).filter((axis) => axis !== at),
  ]);
}
