import { choice, integer, type Options } from '../../../common/options.ts';
import {
  add,
  concat,
  type Dim,
  expand,
  rank,
  reshape,
  slice,
  squeeze,
  type Tensor,
} from '../../../engine/index.ts';
import { type Encoder, runLayers } from '../../encoder.ts';
import { swapRows } from '../../layers.ts';
import type { TaskAxis } from '../../task-axis.ts';
import { expertView, sharedView } from '../../view.ts';
import type { Representation, Sharing, SharingContext, SketchContext } from '../sharing.ts';
import { mix, numbered, runExperts } from './experts.ts';
import { commonGate, taskGates } from './gate.ts';
import { checkExperts, EXPERT_OPTIONS, type ExpertOptions, expertWidths } from './options.ts';

import { sketchExtraction } from './sketch.ts';

interface GateControlOptions extends ExpertOptions {
  readonly shared: number;
  readonly own: number;
  readonly embeddings: 'shared' | 'own';
}

interface ExtractionOptions extends GateControlOptions {
  readonly levels: number;
}

const OPTIONS: Options<GateControlOptions> = {
  shared: integer({ default: 2, about: 'How many experts tasks share (at each level).' }),
  own: integer({ min: 1, default: 2, about: 'How many experts each task has for itself (at each level).' }),
  ...EXPERT_OPTIONS,
  embeddings: choice(['shared', 'own'], {
    default: 'shared',
    about: 'Whose the embedding tables are; with shared=0 nothing is shared any more.',
  }),
};

/**
 * Customised gate control: shared experts and each task's own, mixed by each task's gate:
 * hᵢ = Σₑ softmax(x Wᵢ)ₑ [f⁰(x); fⁱ(x)]ₑ with shared experts f⁰ and own experts fⁱ.
 *
 * H. Tang, J. Liu, M. Zhao, X. Gong: Progressive layered extraction (PLE): a novel multi-task learning model for
 * personalized recommendations. RecSys 2020.
 */
export const cgc: Sharing<GateControlOptions> = {
  name: 'cgc',
  title: 'Customised gate control',
  about: 'Experts that tasks share and experts of each task, mixed by each task’s gate.',
  options: OPTIONS,
  check: (options, context) => checkExtraction({ ...options, levels: 1 }, context),
  represent: (context, options) => extract(context, { ...options, levels: 1 }),
  sketch: (context, options) => sketchExtraction(context, { ...options, levels: 1 }),
};

/**
 * Progressive layered extraction: levels of customised gate control. Below the last level a shared gate mixes all
 * experts, the tasks' own among them, to what the shared experts of the next level see; a task's experts see what its
 * own gate mixed.
 *
 * H. Tang, J. Liu, M. Zhao, X. Gong: Progressive layered extraction (PLE): a novel multi-task learning model for
 * personalized recommendations. RecSys 2020.
 */
export const ple: Sharing<ExtractionOptions> = {
  name: 'ple',
  title: 'Progressive layered extraction',
  about: 'Several levels of shared and own experts; tasks separate from level to level.',
  options: { levels: integer({ min: 1, default: 2, about: 'How many levels of experts.' }), ...OPTIONS },
  mixes: true,
  check: checkExtraction,
  represent: extract,
  sketch: sketchExtraction,
};

function checkExtraction(options: ExtractionOptions, { widths }: SketchContext): void {
  checkExperts(options, widths, options.shared + options.own);
}

/** What the experts of a level see: one value for those that tasks share, and one for each task. */
interface Streams {
  readonly shared: Tensor;
  readonly own: Tensor;
}

function extract(context: SharingContext, options: ExtractionOptions): Representation {
  const { axis, encoder } = context;
  const { shared, own, levels } = options;
  const passed = levels * (shared + own * (axis.layout === 'wide' ? axis.tasks.length : 1));
  const sized = encoder.resized(expertWidths(options, encoder.hidden, passed));
  const x = joined(context, options);
  let streams: Streams = { shared: x, own: axis.own(x) };
  for (let level = 1; level <= levels; level++)
    streams = extractLevel(context, options, sized, level, streams);
  return { value: streams.own, heads: 'leaning' };
}

function joined({ set, axis, inputs, encoder, mode }: SharingContext, options: ExtractionOptions): Tensor {
  if (options.embeddings === 'own')
    return axis.own(encoder.inputs(axis.view('trunk'), axis.ownInputs(inputs)));
  const view = sharedView(set, 'trunk');
  return runLayers(encoder, view, encoder.inputs(view, inputs), mode, { to: options.bottom });
}

/** One level: experts, each task's gate, and, where another level follows, the gate of the shared experts. */
function extractLevel(
  context: SharingContext,
  options: ExtractionOptions,
  encoder: Encoder,
  level: number,
  x: Streams,
): Streams {
  const { set, axis, mode } = context;
  const { shared, levels } = options;
  const at = (part: string): string => `${level}/${part}`;
  const titled = (part: string): string => (levels === 1 ? part : `${part} ${level}`);
  const [sharedNames, ownNames] = [numbered('shared', shared), numbered('own', options.own)];
  const own = runExperts(encoder, axis.view('trunk', [options.own]), x.own, mode, at('own-experts'));
  const gate = { name: at('gate'), title: titled('gate'), experts: [...sharedNames, ...ownNames] };
  const weights = taskGates(context, x.own, gate, options);
  const rowwise = axis.layout === 'rows';
  const fromOwn = mix(slice(weights, -1, shared, gate.experts.length), own, rowwise);
  if (shared === 0) return { shared: x.shared, own: fromOwn };
  const owners = sharedNames.map((expert) => (levels === 1 ? expert : `level ${level} ${expert}`));
  const common = runExperts(encoder, expertView(set, 'trunk', owners), x.shared, mode, at('shared-experts'));
  const ofTasks = add(mix(slice(weights, -1, 0, shared), common, rowwise), fromOwn);
  if (level === levels) return { shared: x.shared, own: ofTasks };
  const all = besideShared(axis, common, own);
  const experts =
    all.shape.at(-3) === gate.experts.length
      ? gate.experts
      : [...sharedNames, ...axis.tasks.flatMap((task) => numbered(task, options.own))];
  const sharedGate = { name: at('shared-gate'), title: titled('shared gate'), experts };
  const mixed = commonGate(context, x.shared, sharedGate, options);
  return { shared: mix(mixed, all, rowwise), own: ofTasks };
}

/**
 * The outputs of all experts that a row passes: [..., E, batch, H] with those of every task for wide rows; of a row of
 * one task, or of what is each task's own from the inputs on, those that tasks share and the task's own.
 */
function besideShared({ layout }: TaskAxis, shared: Tensor, own: Tensor): Tensor {
  const [tasks, experts, ...rest] = own.shape.slice(-4) as [number, number, Dim, Dim];
  if (rank(shared) === rank(own)) {
    const lead = own.shape.slice(0, -3);
    return concat([expand(shared, [...lead, ...shared.shape.slice(-3)]), own], -3);
  }
  const ofRow =
    layout === 'rows'
      ? swapRows(squeeze(own, -2))
      : reshape(own, [...own.shape.slice(0, -4), tasks * experts, ...rest]);
  return concat([shared, ofRow], -3);
}
