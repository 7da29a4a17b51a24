import { integer, wordOr } from '../../../common/options.ts';
import { concat, expand, leakyRelu, mul, sigmoid, type Tensor } from '../../../engine/index.ts';
import { dense } from '../../layers.ts';
import { NOBODYS, SHARED_BLOCK, type Sketch, taskBlock } from '../../sketch.ts';
import { type LayerView, sharedView } from '../../view.ts';
import type { Sharing, SketchContext } from '../sharing.ts';
import { requireLayers } from './networks.ts';

interface MtanOptions {
  readonly units: 'layer' | number;
}

/**
 * One trunk, from whose layers each task attends to what it needs: aₗ = σ(W₂ relu(W₁ [hₗ ; aₗ₋₁])) ⊙ hₗ. What a task
 * attended to in the last layer is its representation.
 *
 * S. Liu, E. Johns, A. Davison: End-to-end multi-task learning with attention. CVPR 2019.
 */
export const mtan: Sharing<MtanOptions> = {
  name: 'mtan',
  title: 'Multi-task attention network',
  about: 'One trunk for all tasks, and a soft mask of each task over every layer of it.',
  options: {
    units: wordOr(['layer'], integer({ default: 1, min: 1, about: '' }), {
      default: 'layer',
      about: 'Hidden units of a mask: a number, or as many as the layer has that it masks.',
    }),
  },
  check: (_, context) => requireLayers(context),
  represent: ({ set, axis, inputs, encoder, mode }, { units }) => {
    const shared = sharedView(set, 'trunk');
    const own = axis.view('attention');
    let h = encoder.inputs(shared, inputs);
    let attended: Tensor | undefined;
    encoder.widths.forEach((width, l) => {
      h = encoder.layer(l, shared, h, mode);
      const seen = axis.own(h);
      attended = mul(mask(own, seen, attended, l, units === 'layer' ? width : units), seen);
    });
    return { value: attended!, heads: 'leaning' };
  },
  sketch,
};

/** σ(W₂ relu(W₁ [h ; below])) in each task's own form. */
function mask(own: LayerView, h: Tensor, below: Tensor | undefined, layer: number, units: number): Tensor {
  const seen =
    below === undefined ? h : concat([expand(h, [...below.shape.slice(0, -1), h.shape.at(-1)!]), below], -1);
  // Leaky, so that no mask of few units can die.
  const hidden = leakyRelu(dense(own, seen, { name: `${layer}/hidden`, units, gain: 2 }));
  return sigmoid(dense(own, hidden, { name: `${layer}/mask`, units: h.shape.at(-1) as number }));
}

function sketch({ tasks, widths }: SketchContext): Sketch {
  const trunk = (l: number): string => (l < 0 ? 'inputs' : `trunk ${l}`);
  const attention = (l: number, t: number): string => `attention ${l} of ${t}`;
  return {
    blocks: [
      { id: 'inputs', label: 'inputs', owner: NOBODYS, level: 0 },
      ...widths.flatMap((width, l) => [
        { id: trunk(l), label: 'shared layer', detail: String(width), owner: SHARED_BLOCK, level: 2 * l + 1 },
        ...tasks.map((task, t) => ({
          id: attention(l, t),
          label: 'mask',
          detail: 'σ ⊙ h',
          owner: taskBlock(task),
          level: 2 * l + 2,
        })),
      ]),
    ],
    links: widths.flatMap((_, l) => [
      { from: trunk(l - 1), to: trunk(l), kind: 'flow' as const },
      ...tasks.flatMap((_task, t) => [
        { from: trunk(l), to: attention(l, t), kind: 'flow' as const },
        ...(l === 0 ? [] : [{ from: attention(l - 1, t), to: attention(l, t), kind: 'gate' as const }]),
      ]),
    ]),
    outputs: Object.fromEntries(tasks.map((task, t) => [task, attention(widths.length - 1, t)])),
  };
}
