import type { GraphBuilder } from '../onnx/builder.ts';
import type { DType } from '../tensor.ts';

/**
 * The error function. ONNX Runtime has no kernel for it in double precision, so there it is written out:
 * erf(x) = sign(x) (1 − t exp(−x² + P(t))), t = 2 / (2 + |x|), P a Chebyshev series in 4t − 2.
 *
 * W. Press et al.: Numerical Recipes, 3rd ed., section 6.2.2; relative error below 2e-16 for the complement.
 */
export function emitErf(graph: GraphBuilder, x: string, dtype: DType): string {
  if (dtype !== 'float64') return graph.op('Erf', [x]);
  const number = (value: number): string => graph.scalar(value, dtype);
  const size = graph.op('Abs', [x]);
  const t = graph.op('Div', [number(2), graph.op('Add', [size, number(2)])]);
  const ty = graph.op('Sub', [graph.op('Mul', [t, number(4)]), number(2)]);
  let [d, dd] = [number(0), number(0)];
  for (let j = CHEBYSHEV.length - 1; j > 0; j--) {
    const next = graph.op('Add', [graph.op('Sub', [graph.op('Mul', [ty, d]), dd]), number(CHEBYSHEV[j]!)]);
    [dd, d] = [d, next];
  }
  const series = graph.op('Sub', [
    graph.op('Mul', [graph.op('Add', [graph.op('Mul', [ty, d]), number(CHEBYSHEV[0]!)]), number(0.5)]),
    dd,
  ]);
  const exponent = graph.op('Sub', [series, graph.op('Mul', [x, x])]);
  const complement = graph.op('Mul', [t, graph.op('Exp', [exponent])]);
  const positive = graph.op('Sub', [number(1), complement]);
  return graph.op('Where', [graph.op('Less', [x, number(0)]), graph.op('Neg', [positive]), positive]);
}

const CHEBYSHEV: readonly number[] = [
  -1.3026537197817094, 0.6419697923564903, 1.9476473204185836e-2, -9.56151478680863e-3, -9.46595344482036e-4,
  3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6, 1.30365583558e-6,
  1.5626441722e-8, -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10,
  9.6467911e-11, 2.394038e-12, -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15,
  -1.523e-15, -9.4e-17, 1.21e-16, -2.8e-17,
];
