import { PolytaskError } from '../../../common/error.ts';
import type { Tensor } from '../../../engine/index.ts';
import { NOBODYS, type Sketch, taskBlock } from '../../sketch.ts';
import { taskAxis } from '../../task-axis.ts';
import { type ParameterView, sharedView } from '../../view.ts';
import type { SharingContext, SketchContext } from '../sharing.ts';

/** Whose the tables of embeddings are. */
export type EmbeddingOwnership = 'shared' | 'own';

/** A network for each task, before its first layer. */
export interface TaskNetworks {
  readonly view: ParameterView;
  /** [...lead, tasks or 1, batch, D] */
  readonly x: Tensor;
}

/**
 * A network for each task that sees every row, also where rows have one task: only so can networks be mixed. What they
 * compute stands as [...lead, tasks, batch, H] and goes back to the layout of the batch by `axis.pick`.
 */
export function taskNetworks(
  { set, tasks, inputs, encoder }: SharingContext,
  embeddings: EmbeddingOwnership,
): TaskNetworks {
  const every = taskAxis(set, 'wide', tasks);
  const view = every.view('trunk');
  const x =
    embeddings === 'own'
      ? encoder.inputs(view, every.ownInputs(inputs))
      : encoder.inputs(sharedView(set, 'trunk'), inputs);
  return { view, x: every.own(x) };
}

/**
 * Refuses a trunk without layers for a sharing that stands between layers.
 *
 * @throws `sharing-invalid`
 */
export function requireLayers({ widths }: SketchContext): void {
  if (widths.length > 0) return;
  throw new PolytaskError('sharing-invalid', {
    path: 'model.sharing',
    expected: 'a trunk of one layer or more',
    found: 'a trunk without layers',
    help: 'Give the trunk hidden layers, or use shared-bottom.',
  });
}

/** n × n row by row: `keep` on the diagonal, the rest of 1 spread over the others. */
export function leaningMatrix(n: number, keep: number): number[] {
  const [own, other] = n === 1 ? [1, 0] : [keep, (1 - keep) / (n - 1)];
  return Array.from({ length: n * n }, (_, i) => (Math.floor(i / n) === i % n ? own : other));
}

/** A layer of every task and a stitch between them, level by level. */
export function sketchStitched({ tasks, widths }: SketchContext): Sketch {
  const layer = (l: number, t: number): string => `layer ${l} of ${t}`;
  const stitch = (l: number): string => (l < 0 ? 'inputs' : `stitch ${l}`);
  return {
    blocks: [
      { id: 'inputs', label: 'inputs', owner: NOBODYS, level: 0 },
      ...widths.flatMap((width, l) => [
        ...tasks.map((task, t) => ({
          id: layer(l, t),
          label: 'layer',
          detail: String(width),
          owner: taskBlock(task),
          level: 2 * l + 1,
        })),
        { id: stitch(l), label: 'stitch', detail: 'α', owner: NOBODYS, level: 2 * l + 2 },
      ]),
    ],
    links: widths.flatMap((_, l) =>
      tasks.flatMap((_task, t) => [
        { from: stitch(l - 1), to: layer(l, t), kind: 'flow' as const },
        { from: layer(l, t), to: stitch(l), kind: 'flow' as const },
      ]),
    ),
    outputs: Object.fromEntries(tasks.map((task) => [task, stitch(widths.length - 1)])),
  };
}
