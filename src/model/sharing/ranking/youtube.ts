import { PolytaskError, suggest } from '../../../common/error.ts';
import { integer, list, number, type Options, text, wordOr } from '../../../common/options.ts';
import { sourceColumns } from '../../aside.ts';
import type { HeadSpec } from '../../heads.ts';
import { NOBODYS, SHARED_BLOCK, type Sketch } from '../../sketch.ts';
import { mmoe } from '../experts/mmoe.ts';
import type { Sharing, SharingProblem } from '../sharing.ts';
import { tabulate, towerOffset } from './shallow-tower.ts';

type MixtureOptions = Parameters<typeof mmoe.represent>[1];

interface YoutubeOptions extends Omit<MixtureOptions, 'bottom'> {
  readonly bottom: 'auto' | number;
  readonly position: readonly string[];
  readonly tasks: 'binary' | readonly string[];
  readonly drop: number;
  readonly tower: readonly number[];
}

const columns = list(text({ default: '', about: '' }), { default: [], about: '' });

const OPTIONS: Options<YoutubeOptions> = {
  ...mmoe.options,
  position: {
    ...columns,
    about: 'Columns that say how a row was shown: its position, and others such as the device.',
  },
  tasks: wordOr(['binary'], columns, {
    default: 'binary',
    about: 'Tasks that the way of showing biases: all binary ones, or names.',
  }),
  drop: number({
    max: 0.99,
    default: 0.1,
    about: 'Share of the training rows in which these columns are missing, as they are when serving.',
  }),
  tower: list(integer({ min: 1, default: 1, about: '' }), {
    default: [],
    about: 'Hidden sizes of the shallow tower; none: one logit for each value.',
  }),
  bottom: wordOr(['auto'], integer({ default: 0, about: '' }), {
    default: 'auto',
    about: 'How many of the trunk’s layers all tasks share below the experts; auto: 1 where there are two.',
  }),
};

/**
 * The ranker of "what to watch next": a multi-gate mixture of experts over shared layers, which does not see how a row
 * was shown, and a shallow tower that sees nothing else: logitᵢ = gᵢ(h(x)) + bᵢ(position) for tasks that the position
 * biases. In training the position is missing in some rows; when serving it always is, so that ranking is by gᵢ.
 *
 * Z. Zhao et al.: Recommending what video to watch next: a multitask ranking system. RecSys 2019.
 */
export const youtube: Sharing<YoutubeOptions> = {
  name: 'youtube',
  title: 'Multitask ranking system',
  about: 'A mixture of experts that does not see positions, and a shallow tower that learns their bias.',
  options: OPTIONS,
  aside: ({ position }) => position,
  check: (options, problem) => {
    mmoe.check?.(mixtureOptions(options, problem.widths), problem);
    checkColumns(options.position, problem);
    checkTasks(options.tasks, problem);
  },
  represent: (context, options) => {
    const { set, aside, heads, mode, record, encoder } = context;
    const representation = mmoe.represent(context, mixtureOptions(options, encoder.widths));
    const tasks = options.position.length === 0 ? [] : biasedTasks(options.tasks, heads);
    if (tasks.length === 0) return representation;
    const tower = { hidden: options.tower, tasks };
    const { value, rows } = tabulate(set, aside.features, tower, mode);
    record.matrix('position bias', value, rows, tasks);
    return { ...representation, offset: towerOffset(set, aside, tower, options.drop, mode) };
  },
  sketch: (context, options) =>
    withTower(
      mmoe.sketch(context, mixtureOptions(options, context.widths)),
      options,
      biasedTasks(options.tasks, context.heads ?? []),
    ),
};

function mixtureOptions(options: YoutubeOptions, widths: readonly number[]): MixtureOptions {
  const { bottom } = options;
  return { ...options, bottom: bottom === 'auto' ? Number(widths.length > 1) : bottom };
}

function biasedTasks(tasks: YoutubeOptions['tasks'], heads: readonly HeadSpec[]): readonly string[] {
  if (tasks !== 'binary') return tasks;
  return heads.filter(({ kind }) => kind === 'binary').map(({ name }) => name);
}

/** A model that is built from sizes alone has no columns to name. */
function checkColumns(position: readonly string[], { features }: SharingProblem): void {
  if (features?.sources === undefined) return;
  const known = sourceColumns(features);
  if (position.length === 0)
    throw invalid('position', 'columns that say how a row was shown', 'none', 'Write position=rank.');
  const stray = position.find((name) => !known.includes(name));
  if (stray !== undefined)
    throw invalid('position', 'columns that the model reads', stray, suggest(stray, known));
  const text = features.text.find(({ name }) => position.includes(name));
  if (text !== undefined)
    throw invalid('position', 'numbers or categories', `the text "${text.name}"`, 'Leave it out.');
  if (known.every((name) => position.includes(name)))
    throw invalid(
      'position',
      'a column that is left for the ranking',
      position.join(', '),
      'Name only columns that say how a row was shown.',
    );
}

function checkTasks(asked: YoutubeOptions['tasks'], { heads }: SharingProblem): void {
  if (heads?.every(({ kind }) => kind === undefined) ?? true) return;
  const names = heads!.map(({ name }) => name);
  const tasks = biasedTasks(asked, heads!);
  const stray = tasks.find((name) => !names.includes(name));
  if (stray !== undefined) throw invalid('tasks', 'names of tasks', stray, suggest(stray, names));
  const wide = heads!.find(({ name, width }) => tasks.includes(name) && width !== 1);
  if (wide !== undefined)
    throw invalid('tasks', 'tasks of one logit', `${wide.name}, of kind ${wide.kind}`, 'Leave it out.');
  if (tasks.length === 0)
    throw invalid('tasks', 'a task that positions bias', 'no binary task', 'Name some: tasks=watched.');
}

function invalid(option: string, expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('sharing-invalid', { path: `model.sharing.${option}`, expected, found, help });
}

/** The shallow tower beside the mixtures; what it gives goes past the towers, straight to the logits. */
function withTower(
  { blocks, links, outputs }: Sketch,
  { position, tower }: YoutubeOptions,
  tasks: readonly string[],
): Sketch {
  const level = Math.max(...blocks.map((block) => block.level));
  const detail = [position.join(', ') || 'position', ...tower].join(' → ');
  return {
    blocks: [
      ...blocks,
      { id: 'position', label: 'position', owner: NOBODYS, level: 0 },
      { id: 'shallow tower', label: 'shallow tower', detail, owner: SHARED_BLOCK, level },
    ],
    links: [...links, { from: 'position', to: 'shallow tower', kind: 'flow' }],
    outputs,
    beside: Object.fromEntries(tasks.map((task) => [task, 'shallow tower'])),
  };
}
