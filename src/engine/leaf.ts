import { apply, type ConstantData, type DType, type Operator, type Shape, type Tensor } from './tensor.ts';
import { tensorData } from './tensor-data.ts';

/**
 * How a leaf gets its value: `data` once before training, `step` anew at every step,
 * `state` carried from step to step.
 */
export type Role = 'data' | 'step' | 'state';

type InputAttributes = { name: string; role: Role; shape: Shape; dtype: DType };

export const inputOperator: Operator<InputAttributes> = {
  name: 'input',
  infer: (_, { dtype, shape }) => [{ dtype, shape }],
  emit: (graph, _, node) => [graph.inputValue(node)],
  vjp: () => [],
};

/**
 * A named value that is fed from outside.
 *
 * @param name unique in a program
 * @param shape sizes or names, such as `['batch', 32]`
 * @example const x = input('x', ['batch', 32]);
 */
export function input(
  name: string,
  shape: Shape,
  options: { readonly dtype?: DType; readonly role?: Role } = {},
): Tensor {
  const { dtype = 'float32', role = 'data' } = options;
  return apply(inputOperator, [], { name, role, shape, dtype })[0]!;
}

/** The name of an input leaf. */
export function inputName(tensor: Tensor): string {
  return (tensor.node.attributes as InputAttributes).name;
}

export function inputRole(tensor: Tensor): Role {
  return (tensor.node.attributes as InputAttributes).role;
}

type ConstantAttributes = { data: ConstantData; shape: Shape; dtype: DType };

export const constantOperator: Operator<ConstantAttributes> = {
  name: 'constant',
  infer: (_, { dtype, shape }) => [{ dtype, shape }],
  emit: (graph, _, { attributes: { dtype, shape, data } }) => [
    graph.constant(dtype, shape as readonly number[], data),
  ],
  vjp: () => [],
};

/** A constant from elements in row-major order; a scalar when `shape` is empty. */
export function constant(
  values: number | readonly number[] | ConstantData,
  options: { readonly shape?: readonly number[]; readonly dtype?: DType } = {},
): Tensor {
  const list = typeof values === 'number' ? [values] : values;
  const shape = options.shape ?? (typeof values === 'number' ? [] : [list.length]);
  const dtype = options.dtype ?? 'float32';
  const { data } = tensorData(list, shape, dtype);
  return apply(constantOperator, [], { data, shape, dtype })[0]!;
}

/** The T × T identity: the cotangent from which a Jacobian starts. */
export function identity(size: number, dtype: DType = 'float32'): Tensor {
  const values = new Array<number>(size * size).fill(0);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return constant(values, { shape: [size, size], dtype });
}
