/**
 * A shared-bottom network of two hidden layers with one linear head a task.
 *
 * @typedef {{ name: string, batch: number, inputs: number, hidden: number, tasks: number }} Size
 */

/** @type {readonly Size[]} */
export const SIZES = [
  { name: 'small', batch: 256, inputs: 32, hidden: 64, tasks: 4 },
  { name: 'medium', batch: 512, inputs: 128, hidden: 256, tasks: 8 },
  { name: 'large', batch: 1024, inputs: 512, hidden: 1024, tasks: 8 },
];

/** Rows of the table from which batches are drawn. */
export const TABLE_ROWS = 8192;

/**
 * Floating-point operations of the matrix products of one step: forward, the gradients of all weights, and those of
 * the inputs of every layer but the first. Nothing else is counted.
 *
 * @param {Size} size
 */
export function stepFlops({ batch, inputs, hidden, tasks }) {
  const first = inputs * hidden;
  const others = hidden * hidden + hidden * tasks;
  return 2 * batch * (2 * first + 3 * others);
}

/**
 * Shapes of the weights and biases, layer by layer.
 *
 * @param {Size} size
 */
export function layerShapes({ inputs, hidden, tasks }) {
  return [
    [inputs, hidden],
    [hidden, hidden],
    [hidden, tasks],
  ];
}

export const format = ({ batch, inputs, hidden, tasks }) =>
  `${batch} × ${inputs} × ${hidden}, ${tasks} tasks`;
