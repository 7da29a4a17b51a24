import { PolytaskError } from '../../common/error.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import {
  type Attributes,
  apply,
  type DType,
  layerPath,
  type Operator,
  requireFloat,
  type Tensor,
} from '../tensor.ts';
import { add, cast, div, greater, less, mul, neg, sub, where } from './arithmetic.ts';
import { emitErf } from './erf.ts';

export type Unary = ((x: Tensor) => Tensor) & { readonly operator: Operator };

/** The operator of a float function of one operand: y = f(x), and dy/dx from x and y times g. */
function elementwise<A extends Attributes>(
  name: string,
  emit: (graph: GraphBuilder, x: string, attributes: A, dtype: DType) => string,
  vjp: (g: Tensor, x: Tensor, y: Tensor, attributes: A) => Tensor,
): Operator<A> {
  return {
    name,
    infer: ([x]) => {
      requireFloat(name, [x!]);
      return [{ dtype: x!.dtype, shape: x!.shape }];
    },
    emit: (graph, [x], node) => [emit(graph, x!, node.attributes, node.inputs[0]!.dtype)],
    vjp: ({ inputs, outputs, attributes }, [g]) => [g && vjp(g, inputs[0]!, outputs[0]!, attributes)],
  };
}

function unary(
  name: string,
  emit: string | ((graph: GraphBuilder, x: string, dtype: DType) => string),
  vjp: (g: Tensor, x: Tensor, y: Tensor) => Tensor,
): Unary {
  const operator = elementwise(
    name,
    (graph, x, _attributes, dtype) =>
      typeof emit === 'string' ? graph.op(emit, [x]) : emit(graph, x, dtype),
    vjp,
  );
  return Object.assign((x: Tensor): Tensor => apply(operator, [x], {})[0]!, { operator });
}

export const exp: Unary = unary('exp', 'Exp', (g, _x, y) => mul(g, y));
export const log: Unary = unary('log', 'Log', (g, x) => div(g, x));
export const sqrt: Unary = unary('sqrt', 'Sqrt', (g, _x, y) => div(mul(g, 0.5), y));
/** |x|, with derivative 0 at 0. */
export const abs: Unary = unary('abs', 'Abs', (g, x) => mul(g, sign(x)));
export const square: Unary = unary(
  'square',
  (graph, x) => graph.op('Mul', [x, x]),
  (g, x) => mul(g, mul(x, 2)),
);
export const floor: Unary = unary('floor', 'Floor', (g) => mul(g, 0));
/** −1, 0 or 1, by comparison, because not every runtime has a Sign kernel. */
export const sign: Unary = unary(
  'sign',
  (graph, x, dtype) => {
    const zero = graph.scalar(0, dtype);
    const negative = graph.op('Where', [graph.op('Less', [x, zero]), graph.scalar(-1, dtype), zero]);
    return graph.op('Where', [graph.op('Greater', [x, zero]), graph.scalar(1, dtype), negative]);
  },
  (g) => mul(g, 0),
);
const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
export const erf: Unary = unary('erf', emitErf, (g, x) => mul(g, mul(exp(neg(mul(x, x))), TWO_OVER_SQRT_PI)));
export const tanh: Unary = unary('tanh', 'Tanh', (g, _x, y) => mul(g, sub(1, mul(y, y))));
export const sin: Unary = unary('sin', 'Sin', (g, x) => mul(g, cos(x)));
export const cos: Unary = unary('cos', 'Cos', (g, x) => mul(g, neg(sin(x))));
export const sigmoid: Unary = unary('sigmoid', emitSigmoid, (g, _x, y) => mul(g, mul(y, sub(1, y))));
/** In double precision written out: the optimiser would fuse x σ(x) into a kernel that has no double form. */
function emitSigmoid(graph: GraphBuilder, x: string, dtype: DType): string {
  if (dtype !== 'float64') return graph.op('Sigmoid', [x]);
  const one = graph.scalar(1, dtype);
  return graph.op('Div', [one, graph.op('Add', [graph.op('Exp', [graph.op('Neg', [x])]), one])]);
}

/** ln(1 + eˣ) as max(x, 0) + ln(1 + e^−|x|): finite for any finite x. */
export const softplus: Unary = unary(
  'softplus',
  (graph, x, dtype) => {
    const decayed = graph.op('Exp', [graph.op('Neg', [graph.op('Abs', [x])])]);
    const rest = graph.op('Log', [graph.op('Add', [decayed, graph.scalar(1, dtype)])]);
    return graph.op('Add', [graph.op('Max', [x, graph.scalar(0, dtype)]), rest]);
  },
  (g, x) => mul(g, sigmoid(x)),
);

export const relu: Unary = unary('relu', 'Relu', (g, _x, y) => mul(g, cast(greater(y, 0), g.dtype)));
/** x Φ(x) with the normal distribution function: Hendrycks, Gimpel, arXiv 1606.08415. */
export const gelu: Unary = unary(
  'gelu',
  (graph, x, dtype) => {
    const inner = emitErf(graph, graph.op('Mul', [x, graph.scalar(Math.SQRT1_2, dtype)]), dtype);
    const phi = graph.op('Mul', [graph.op('Add', [inner, graph.scalar(1, dtype)]), graph.scalar(0.5, dtype)]);
    return graph.op('Mul', [x, phi]);
  },
  (g, x) => {
    const phi = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
    const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return mul(g, add(phi, mul(x, density)));
  },
);
/** x σ(x), also called swish: Ramachandran et al., arXiv 1710.05941. */
export const silu: Unary = unary(
  'silu',
  (graph, x, dtype) => graph.op('Mul', [x, emitSigmoid(graph, x, dtype)]),
  (g, x) => {
    const s = sigmoid(x);
    return mul(g, mul(s, add(mul(x, sub(1, s)), 1)));
  },
);

type Slope = { alpha: number };

export const leakyReluOperator: Operator<Slope> = elementwise<Slope>(
  'leakyRelu',
  (graph, x, { alpha }, dtype) => {
    const leak = graph.op('Mul', [x, graph.scalar(alpha, dtype)]);
    return graph.op('Where', [graph.op('Greater', [x, graph.scalar(0, dtype)]), x, leak]);
  },
  (g, x, _y, { alpha }) => where(greater(x, 0), g, mul(g, alpha)),
);

/** x where positive, else αx. */
export function leakyRelu(x: Tensor, alpha: number = 0.01): Tensor {
  return apply(leakyReluOperator, [x], { alpha })[0]!;
}

export const eluOperator: Operator<Slope> = elementwise<Slope>(
  'elu',
  (graph, x, { alpha }, dtype) => {
    const zero = graph.scalar(0, dtype);
    // The exponent is clipped at 0, so that the branch not taken cannot overflow.
    const decayed = graph.op('Exp', [graph.op('Min', [x, zero])]);
    const negative = graph.op('Mul', [
      graph.op('Sub', [decayed, graph.scalar(1, dtype)]),
      graph.scalar(alpha, dtype),
    ]);
    return graph.op('Where', [graph.op('Greater', [x, zero]), x, negative]);
  },
  (g, x, y, { alpha }) => where(greater(x, 0), g, mul(g, add(y, alpha))),
);

/** x where positive, else α(eˣ − 1): Clevert et al., arXiv 1511.07289. */
export function elu(x: Tensor, alpha: number = 1): Tensor {
  return apply(eluOperator, [x], { alpha })[0]!;
}

type Bounds = { low: number; high: number };

export const clipOperator: Operator<Bounds> = elementwise<Bounds>(
  'clip',
  (graph, x, { low, high }, dtype) =>
    graph.op('Clip', [x, graph.scalar(low, dtype), graph.scalar(high, dtype)]),
  (g, x, _y, { low, high }) => {
    const inside = mul(cast(greater(x, low), g.dtype), cast(less(x, high), g.dtype));
    return mul(g, inside);
  },
);

/** min(max(x, low), high); no gradient outside the bounds, nor at them. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  if (!(low <= high))
    throw new PolytaskError('operator-invalid', {
      path: layerPath('clip'),
      expected: 'low ≤ high',
      found: `${low} and ${high}`,
      help: 'Swap the bounds.',
    });
  return apply(clipOperator, [x], { low, high })[0]!;
}
