import { apply, type DType, negativeAxis, type Operator, rank, type Tensor } from '../tensor.ts';

type SizeAttributes = { axes: readonly number[]; dtype: DType };

export const axisSizeOperator: Operator<SizeAttributes> = {
  name: 'axisSize',
  infer: (_, { dtype }) => [{ dtype, shape: [] }],
  emit: (graph, [x], { inputs, attributes: { axes, dtype } }) => {
    const dims = graph.resolve(inputs[0]!.shape);
    const sizes = axes.map((axis) => dims[dims.length + axis]!);
    if (sizes.every((size) => typeof size === 'number'))
      return [
        graph.scalar(
          sizes.reduce<number>((a, b) => a * (b as number), 1),
          dtype,
        ),
      ];
    const places = graph.int64s(axes.map((axis) => rank(inputs[0]!) + axis));
    const picked = graph.op('Gather', [graph.op('Shape', [x!]), places], { axis: 0 });
    const count = graph.op('ReduceProd', [picked, graph.int64s([0])], { keepdims: 0 });
    return [graph.castTo(count, dtype)];
  },
  vjp: () => [undefined],
};

/** How many elements lie along some axes, as a scalar: known at once when static, else when the program runs. */
export function axisSize(x: Tensor, axes: number | readonly number[], dtype: DType = x.dtype): Tensor {
  const list = (typeof axes === 'number' ? [axes] : axes).map((axis) => negativeAxis('axisSize', x, axis));
  return apply(axisSizeOperator, [x], { axes: list, dtype })[0]!;
}
