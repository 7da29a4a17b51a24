import { PolytaskError } from '../../common/error.ts';
import { choice, integer, wordOr } from '../../common/options.ts';
import { runLayers } from '../encoder.ts';
import { formatWidths, NOBODYS, SHARED_BLOCK, type Sketch, taskBlock } from '../sketch.ts';
import { sharedView } from '../view.ts';
import { independent, sketchSeparate } from './independent.ts';
import type { Representation, Sharing, SharingContext, SketchContext } from './sharing.ts';

interface SharedBottomOptions {
  /** How many layers of the trunk are shared; below them the embeddings are too, unless nothing is. */
  readonly split: 'all' | 'nothing' | number;
  readonly heads: 'own' | 'shared';
}

/**
 * One trunk for all tasks, up to a split point, and a tower for each: h = f(x; θˢʰ), ŷᵢ = gᵢ(h; θⁱ).
 *
 * R. Caruana: Multitask Learning. Machine Learning 28, 1997.
 */
export const sharedBottom: Sharing<SharedBottomOptions> = {
  name: 'shared-bottom',
  title: 'Shared bottom',
  about: 'One trunk for all tasks up to a split point, then each task’s own layers (hard sharing).',
  options: {
    split: wordOr(['all', 'nothing'], integer({ default: 0, about: '' }), {
      default: 'all',
      about: 'Layers of the trunk that tasks share: all, a number (0: the embeddings alone), or nothing.',
    }),
    heads: choice(['own', 'shared'], {
      default: 'own',
      about: 'Whose the towers and output layers are; "shared" with split=all shares every parameter.',
    }),
  },
  check: ({ split, heads }, { widths }) => {
    if (typeof split === 'number' && split > widths.length)
      throw new PolytaskError('sharing-invalid', {
        path: 'model.sharing.split',
        expected: `at most the ${widths.length} layers of the trunk`,
        found: String(split),
        help: 'Use "all" for the whole trunk.',
      });
    if (heads === 'shared' && split !== 'all')
      throw new PolytaskError('sharing-invalid', {
        path: 'model.sharing.heads',
        expected: 'own heads where the layers below them are each task’s own',
        found: `shared heads with split=${split}`,
        help: 'Use split=all to share everything.',
      });
  },
  represent: (context, options) =>
    options.split === 'nothing' ? independent.represent(context, {}) : splitTrunk(context, options),
  sketch: (context, { split }) =>
    split === 'nothing' ? sketchSeparate(context) : sketchSplit(context, split),
};

function splitTrunk(
  { set, axis, inputs, encoder, mode }: SharingContext,
  { split, heads }: SharedBottomOptions,
): Representation {
  const shared = sharedView(set, 'trunk');
  const depth = encoder.widths.length;
  const point = split === 'all' ? depth : (split as number);
  const h = runLayers(encoder, shared, encoder.inputs(shared, inputs), mode, { to: point });
  const ownership = heads === 'shared' ? 'shared' : 'leaning';
  if (point === depth) return { value: h, heads: ownership };
  const value = runLayers(encoder, axis.view('trunk/own'), axis.own(h), mode, { from: point });
  return { value, heads: ownership };
}

function sketchSplit({ tasks, widths }: SketchContext, split: 'all' | number): Sketch {
  const point = split === 'all' ? widths.length : split;
  const whole = point === widths.length;
  const own = (t: number): string => `own ${t}`;
  return {
    blocks: [
      { id: 'inputs', label: 'inputs', owner: NOBODYS, level: 0 },
      {
        id: 'trunk',
        label: 'shared trunk',
        detail: formatWidths(widths.slice(0, point)),
        owner: SHARED_BLOCK,
        level: 1,
      },
      ...(whole
        ? []
        : tasks.map((task, t) => ({
            id: own(t),
            label: 'own layers',
            detail: formatWidths(widths.slice(point)),
            owner: taskBlock(task),
            level: 2,
          }))),
    ],
    links: [
      { from: 'inputs', to: 'trunk', kind: 'flow' },
      ...(whole ? [] : tasks.map((_, t) => ({ from: 'trunk', to: own(t), kind: 'flow' as const }))),
    ],
    outputs: Object.fromEntries(tasks.map((task, t) => [task, whole ? 'trunk' : own(t)])),
  };
}
