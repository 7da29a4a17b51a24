import { apply, broadcastShapes, dtypeError, type Operator, type Tensor } from '../tensor.ts';

export type Logical = ((a: Tensor, b: Tensor) => Tensor) & { readonly operator: Operator };

function truth(name: string, onnx: string): Operator {
  return {
    name,
    infer: (inputs) => {
      if (inputs.some(({ dtype }) => dtype !== 'bool')) throw dtypeError(name, 'bool operands', inputs);
      return [{ dtype: 'bool', shape: broadcastShapes(name, inputs) }];
    },
    emit: (graph, inputs) => [graph.op(onnx, inputs)],
    vjp: ({ inputs }) => inputs.map(() => undefined),
  };
}

function logical(name: string, onnx: string): Logical {
  const operator = truth(name, onnx);
  return Object.assign((a: Tensor, b: Tensor): Tensor => apply(operator, [a, b], {})[0]!, { operator });
}

export const logicalAnd: Logical = logical('logicalAnd', 'And');
export const logicalOr: Logical = logical('logicalOr', 'Or');

export const logicalNotOperator: Operator = truth('logicalNot', 'Not');

export function logicalNot(x: Tensor): Tensor {
  return apply(logicalNotOperator, [x], {})[0]!;
}
