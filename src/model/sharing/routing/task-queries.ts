import { PolytaskError } from '../../../common/error.ts';
import { integer } from '../../../common/options.ts';
import { reduceMean, scope, type Tensor, transpose, unsqueeze } from '../../../engine/index.ts';
import { attentionBlock, normed } from '../../attention.ts';
import { NOBODYS, SHARED_BLOCK, type Sketch, taskBlock } from '../../sketch.ts';
import { pickTask, sharedView, taskView } from '../../view.ts';
import type { Sharing, SharingContext, SketchContext } from '../sharing.ts';

interface TaskQueriesOptions {
  readonly width: number;
  readonly latents: number;
  readonly layers: number;
  readonly heads: number;
}

/**
 * Features as tokens, a few latents that attend to them, and a query of each task that attends to the latents:
 * hᵢ = norm(attention(qᵢ, selfᵐ(attention(latents, tokens(x))))). Tasks share all but their queries.
 *
 * A. Jaegle et al.: Perceiver IO: a general architecture for structured inputs & outputs. ICLR 2022.
 */
export const taskQueries: Sharing<TaskQueriesOptions> = {
  name: 'task-queries',
  title: 'Task queries (Perceiver IO)',
  about: 'Latents attend to the features, and a learned query of each task attends to the latents.',
  rowwise: true,
  options: {
    width: integer({ default: 32, min: 1, about: 'Width of tokens, latents and queries.' }),
    latents: integer({ default: 8, min: 1, about: 'Vectors that a row is summed up in.' }),
    layers: integer({ default: 2, about: 'Blocks in which latents attend to each other.' }),
    heads: integer({ default: 4, min: 1, about: 'Heads of every attention; they divide the width.' }),
  },
  check: ({ width, heads }) => {
    if (width % heads === 0) return;
    throw new PolytaskError('sharing-invalid', {
      path: 'model.sharing.heads',
      expected: `a divisor of the width, ${width}`,
      found: String(heads),
      help: 'Heads are equal parts of the width.',
    });
  },
  represent: (context, { width, latents, layers, heads }) => {
    const { set, inputs, encoder, axis, record } = context;
    const view = sharedView(set, 'perceiver');
    const tokens = encoder.tokens(view, inputs, width);
    const learned = view.parameter('latents', [1, latents, width], {
      initialiser: { kind: 'normal', deviation: LATENT_DEVIATION },
      decays: false,
    });
    const block = (name: string, queries: Tensor, to?: Tensor): ReturnType<typeof attentionBlock> =>
      scope(name, () => attentionBlock(view, name, queries, to, heads));
    let z = block('read', learned, tokens).value;
    for (let layer = 0; layer < layers; layer++) z = block(`self/${layer}`, z).value;
    const asked = block('ask', queriesOf(context, width), z);
    const value = normed(view, asked.value, 'norm');
    const names = Array.from({ length: latents }, (_, n) => `latent ${n + 1}`);
    const own = (x: Tensor): Tensor => (axis.layout === 'rows' ? x : rowsLast(x));
    record.use('latents', own(reduceMean(asked.weights, -3)), names);
    return { value: own(value), heads: 'leaning' };
  },
  sketch,
};

/** What the latents of the paper start with. */
const LATENT_DEVIATION = 0.02;

/** The queries that a row is asked: [...lead, 1, tasks, width], or [..., batch, 1, width] where a row has one task. */
function queriesOf({ set, tasks, axis, inputs }: SharingContext, width: number): Tensor {
  const queries = taskView(set, 'query', tasks).parameter('query', [width], {
    initialiser: { kind: 'normal', deviation: 1 },
    decays: false,
  });
  return axis.layout === 'rows'
    ? unsqueeze(pickTask(queries, inputs.task!, set.lead), -2)
    : unsqueeze(queries, -3);
}

/** [..., batch, tasks, ·] → [..., tasks, batch, ·]. */
function rowsLast(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const [batch, tasks, last] = axes.slice(-3) as [number, number, number];
  return transpose(x, [...axes.slice(0, -3), tasks, batch, last]);
}

function sketch({ tasks }: SketchContext, { width, latents, layers }: TaskQueriesOptions): Sketch {
  const query = (t: number): string => `query ${t}`;
  return {
    blocks: [
      { id: 'inputs', label: 'inputs', owner: NOBODYS, level: 0 },
      { id: 'tokens', label: 'tokens', detail: `one a feature, ${width}`, owner: SHARED_BLOCK, level: 1 },
      {
        id: 'latents',
        label: 'latents',
        detail: `${latents} × ${width}, ${layers} blocks`,
        owner: SHARED_BLOCK,
        level: 2,
      },
      ...tasks.map((task, t) => ({
        id: query(t),
        label: 'query',
        detail: String(width),
        owner: taskBlock(task),
        level: 3,
      })),
    ],
    links: [
      { from: 'inputs', to: 'tokens', kind: 'flow' },
      { from: 'tokens', to: 'latents', kind: 'flow' },
      ...tasks.map((_, t) => ({ from: 'latents', to: query(t), kind: 'flow' as const })),
    ],
    outputs: Object.fromEntries(tasks.map((task, t) => [task, query(t)])),
  };
}
