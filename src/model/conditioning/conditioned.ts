import { PolytaskError } from '../../common/error.ts';
import { add, scope, type Tensor } from '../../engine/index.ts';
import type { Encoder } from '../encoder.ts';
import type { LayerView } from '../view.ts';
import type { ChosenConditioning } from './registry.ts';
import type { Projection, TaskVector } from './task-vector.ts';

/**
 * An encoder into which z enters: it goes with any sharing, because whose the new parameters are is up to the view that
 * a layer is given, as for the layer itself.
 *
 * Wide rows are in each task's own form from the inputs on, with a task axis of 1 up to the place where z enters: what
 * is below is computed once for all tasks.
 */
export function conditioned(encoder: Encoder, chosen: ChosenConditioning, z: TaskVector): Encoder {
  const { conditioning, options } = chosen;
  const depth = encoder.widths.length;
  // Places as counts of the layers below.
  const at = new Set(
    options.at === 'hidden'
      ? encoder.widths.map((_, layer) => layer + 1)
      : options.at.map((place) => (place === 'input' ? 0 : place + 1)),
  );
  const { below = false } = conditioning;
  const isBelow = (place: number): boolean =>
    below && at.has(place) && place < depth && encoder.linear(place);
  const projections = (name: string, width: number, units: number): Projection[] =>
    conditioning.parts(options).map((part) => ({
      name: `${name}/${conditioning.name}/${part.name}`,
      units,
      initialiser:
        part.start === 'zeros' ? { kind: 'zeros' } : { kind: 'uniform', fanIn: width + z.width, gain: 1 },
      ...(part.bias && { bias: `${name}/${conditioning.name}/bias` }),
    }));
  const after = (place: number, view: LayerView, h: Tensor, name: string): Tensor => {
    if (!at.has(place) || isBelow(place)) return h;
    const width = h.shape.at(-1) as number;
    const met = z.project(view, z.meet(h), projections(name, width, width));
    return scope(name, () => conditioning.join(met.h, met.parts, options));
  };
  /** How the layer over h sees its parameters: z adds to its bias. */
  const under = (view: LayerView, h: Tensor, layer: string): LayerView => ({
    parameter: (name, shape, parameter) => {
      const leaf = view.parameter(name, shape, parameter);
      if (name !== `${layer}/bias`) return leaf;
      const width = h.shape.at(-1) as number;
      return add(leaf, z.project(view, h, projections(`${layer}/below`, width, shape.at(-1)!)).parts[0]!);
    },
  });
  return {
    name: encoder.name,
    columns: encoder.columns,
    hidden: encoder.hidden,
    widths: encoder.widths,
    unitwise: false,
    linear: encoder.linear,
    inputs: (view, batch) => after(0, view, z.meet(encoder.inputs(view, batch)), 'inputs'),
    tokens: () => {
      throw new PolytaskError('conditioning-invalid', {
        path: 'model.conditioning',
        expected: 'none, where tasks ask by queries of their own',
        found: conditioning.name,
        help: 'Features as tokens pass no layers at which z could enter.',
      });
    },
    layer: (index, view, h, mode, name = encoder.name) => {
      const met = z.meet(h);
      const own = `${name}/${index}`;
      const seen = isBelow(index) ? under(view, met, own) : view;
      return after(index + 1, view, encoder.layer(index, seen, met, mode, name), own);
    },
    resized: (hidden) => conditioned(encoder.resized(hidden), chosen, z),
  };
}
