import { PolytaskError } from '../common/error.ts';
import type { ConstantData, DType } from './tensor.ts';

/** A tensor's elements in memory, row-major. */
export interface TensorData {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: ConstantData;
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

/** Elements with a shape; numbers become an array of the dtype. */
export function tensorData(
  data: ConstantData | readonly number[] | number,
  shape?: readonly number[],
  dtype: DType = 'float32',
): TensorData {
  const list = typeof data === 'number' ? [data] : data;
  const array = ArrayBuffer.isView(list) && list instanceof ARRAYS[dtype] ? list : fromNumbers(list, dtype);
  const dims = shape ?? (typeof data === 'number' ? [] : [array.length]);
  const size = dims.reduce((a, b) => a * b, 1);
  if (size !== array.length)
    throw new PolytaskError('shape-mismatch', {
      path: 'tensorData',
      expected: `${size} elements for shape [${dims.join(', ')}]`,
      found: `${array.length}`,
      help: 'The product of the shape must be the number of elements.',
    });
  return { dtype, shape: dims, data: array };
}

function fromNumbers(values: ConstantData | readonly number[], dtype: DType): ConstantData {
  if (dtype === 'int64') return BigInt64Array.from(Array.from(values as ArrayLike<number | bigint>, BigInt));
  return ARRAYS[dtype].from(values as ArrayLike<number>);
}

/** Elements as plain numbers. */
export function numbers({ data }: TensorData): number[] {
  return Array.from(data as ArrayLike<number | bigint>, Number);
}
