import { gradient } from './gradient.ts';
import { input, inputName } from './leaf.ts';
import { scalarInputs } from './optimiser/feeds.ts';
import type { Optimiser } from './optimiser/optimiser.ts';
import type { Step } from './step.ts';
import type { Tensor } from './tensor.ts';
import { type TensorData, tensorData } from './tensor-data.ts';

/**
 * The step that descends a loss: gradients by the parameters, one update of the optimiser each.
 *
 * @param loss a scalar, or a tensor whose elements are summed
 * @param parameters input leaves of role `state` and static shape
 * @param outputs what each step reports; default: the loss
 * @example
 * const step = minimise(loss, [w], parseOptimiser('adam'));
 * await stepper.write(startState(step, { w: start }));
 * await stepper.advance(1, { x, y, ...scalarFeeds(adam, 1, [1e-3]) });
 */
export function minimise(
  loss: Tensor,
  parameters: readonly Tensor[],
  optimiser: Optimiser,
  outputs: Readonly<Record<string, Tensor>> = { loss },
): Step {
  const scalars = scalarInputs(optimiser);
  const gradients = gradient(loss, parameters);
  const state = parameters.flatMap((parameter, i) => {
    const slots = Object.fromEntries(
      optimiser.slots.map((slot) => [
        slot,
        input(`${inputName(parameter)}/${slot}`, parameter.shape, { role: 'state', dtype: parameter.dtype }),
      ]),
    );
    const next = optimiser.update({ parameter, gradient: gradients[i]!, slots, scalars });
    return [
      { leaf: parameter, next: next.parameter },
      ...optimiser.slots.map((slot) => ({ leaf: slots[slot]!, next: next.slots[slot]! })),
    ];
  });
  return { state, outputs };
}

/** The state of a step, zero wherever no value is given: what `stepper.write` wants, slots included. */
export function startState(
  { state }: Step,
  values: Readonly<Record<string, TensorData>>,
): Record<string, TensorData> {
  return Object.fromEntries(
    state.map(({ leaf }) => {
      const given = values[inputName(leaf)];
      if (given !== undefined) return [inputName(leaf), given];
      const shape = leaf.shape as readonly number[];
      const size = shape.reduce((a, b) => a * b, 1);
      return [inputName(leaf), tensorData(new Array<number>(size).fill(0), shape, leaf.dtype)];
    }),
  );
}
