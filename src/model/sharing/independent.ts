import { runLayers } from '../encoder.ts';
import { formatWidths, NOBODYS, type Sketch, taskBlock } from '../sketch.ts';
import type { Sharing, SketchContext } from './sharing.ts';

/**
 * A network of its own for every task: ŷᵢ = gᵢ(f(x; θⁱ); θⁱ). Nothing is shared; the networks ride on a task axis and
 * train as one graph of batched products. It is the baseline that every other sharing is measured against, and equal to
 * one network whose parts are gated by the one-hot z: ŷᵢ = Σⱼ 1(z = j) gⱼ(f(x; θʲ); θʲ).
 */
export const independent: Sharing = {
  name: 'independent',
  title: 'Independent networks',
  about: 'A network of its own for every task; nothing is shared.',
  options: {},
  separate: true,
  blocks: true,
  represent: ({ axis, inputs, encoder, mode }) => {
    const view = axis.view('trunk');
    const x = axis.own(encoder.inputs(view, axis.ownInputs(inputs)));
    return { value: runLayers(encoder, view, x, mode), heads: 'own' };
  },
  sketch: sketchSeparate,
};

/** A trunk for each task. */
export function sketchSeparate({ tasks, widths }: SketchContext): Sketch {
  const id = (t: number): string => `trunk ${t}`;
  return {
    blocks: [
      { id: 'inputs', label: 'inputs', owner: NOBODYS, level: 0 },
      ...tasks.map((task, t) => ({
        id: id(t),
        label: 'trunk',
        detail: formatWidths(widths),
        owner: taskBlock(task),
        level: 1,
      })),
    ],
    links: tasks.map((_, t) => ({ from: 'inputs', to: id(t), kind: 'flow' as const })),
    outputs: Object.fromEntries(tasks.map((task, t) => [task, id(t)])),
  };
}
