import { type TensorData, tensorData } from '../engine/tensor-data.ts';
import type { Features } from './features.ts';

/** Features as the tables (or the batch) that a graph takes. */
export function featureTensors(features: Features, taskOfRow?: Int32Array): Record<string, TensorData> {
  const { rows, numeric, categorical, text } = features;
  return {
    numeric: tensorData(numeric.data, [rows, numeric.names.length]),
    categorical: tensorData(categorical.codes, [rows, categorical.names.length], 'int32'),
    ...Object.fromEntries(
      text.flatMap(({ name, ids, weights, length }) => [
        [`text/${name}/ids`, tensorData(ids, [rows, length], 'int32')],
        [`text/${name}/weights`, tensorData(weights, [rows, length])],
      ]),
    ),
    ...(taskOfRow && { task: tensorData(taskOfRow, [rows], 'int32') }),
  };
}
