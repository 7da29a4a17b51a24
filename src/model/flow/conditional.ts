import { choice, flag } from '../../common/options.ts';
import {
  concat,
  constant,
  greater,
  mul,
  stopGradient,
  type Tensor,
  unsqueeze,
  where,
} from '../../engine/index.ts';
import { applyHeads, type Family, type Logits } from '../heads.ts';
import { joinColumns } from '../inputs.ts';
import type { Representation } from '../sharing/sharing.ts';
import { taskAxis } from '../task-axis.ts';
import { pick, readTask } from './columns.ts';
import type { Flow, FlowContext } from './flow.ts';
import { flowError, levelsOf, type Parents, requireAcyclic, requireKinds, requireTasks } from './order.ts';
import { parentsOf, parentsOption, type Step } from './parents.ts';
import { SIGNALS } from './signals.ts';

interface ConditionalOptions {
  readonly parents: readonly Step[];
  readonly given: 'predictions' | 'labels';
  readonly gradients: boolean;
}

/**
 * Conditional heads: p(y₁, …, y_T | x) = Π p(y_i | x, parents of i). The tower and output layer of a task see, beside
 * the representation, what its parents predict: probabilities, standardised numbers; or, in training, their labels
 * (teacher forcing; R. Williams, D. Zipser: A learning algorithm for continually running fully recurrent neural
 * networks. Neural Computation 1, 1989).
 */
export const conditional: Flow<ConditionalOptions> = {
  name: 'conditional',
  title: 'Conditional heads',
  about: 'The head of a task sees what other tasks predict, or in training their labels.',
  options: {
    parents: parentsOption,
    given: choice(['predictions', 'labels'], {
      default: 'predictions',
      about: 'What heads see in training: predictions, or labels (where one is missing, the prediction).',
    }),
    gradients: flag({
      default: true,
      about: 'Whether a loss also moves the heads of the parents, through their predictions.',
    }),
  },
  check: ({ parents: steps }, { heads }) => {
    if (steps.length === 0)
      throw flowError('parents', {
        expected: 'at least one step from task to task',
        found: 'none',
        help: 'Write parents=click>buy.',
      });
    requireTasks(steps.flat(), heads, 'parents');
    requireAcyclic(parentsOf(steps), 'parents');
    const seen = steps.map(([parent]) => parent);
    requireKinds(seen, heads, Object.keys(SIGNALS), 'parents');
  },
  logits: (representation, context, options) => {
    const parents = parentsOf(options.parents);
    const levels = levelsOf(context.axis.tasks, parents);
    const signals = new Map<string, Tensor>();
    const parts = levels.map((tasks, level) => {
      const own = withTasks(context, tasks, level);
      const logits = applyHeads(seeing(representation, tasks, parents, signals, context), own);
      for (const { heads } of own.families)
        for (const { name, kind } of heads)
          if (options.parents.some(([parent]) => parent === name))
            signals.set(name, signalOf(name, kind!, readTask(logits, own.families, name), context, options));
      return { families: own.families, logits };
    });
    return together(context.families, parts);
  },
};

/** The heads of one level alone. */
function withTasks(context: FlowContext, tasks: readonly string[], level: number): FlowContext {
  const families = context.families.flatMap((family): Family[] => {
    const heads = family.heads.filter(({ name }) => tasks.includes(name));
    return heads.length === 0 ? [] : [{ ...family, heads, start: tasks.indexOf(heads[0]!.name) }];
  });
  const axis = taskAxis(context.set, 'wide', tasks);
  return { ...context, families, axis, prefix: `heads/level ${level}` };
}

/** What the heads of a level see: the representation and the signals of their parents, 0 where one is not theirs. */
function seeing(
  representation: Representation,
  tasks: readonly string[],
  parents: Parents,
  signals: ReadonlyMap<string, Tensor>,
  { axis }: FlowContext,
): Representation {
  const { value } = representation;
  const differ = axis.isOwn(value) && value.shape.at(-3) === axis.tasks.length;
  const places = tasks.map((task) => axis.tasks.indexOf(task));
  const own = differ ? pick(value, places, -3) : value;
  const seen = [...signals.keys()].filter((task) => tasks.some((child) => parents[child]?.includes(task)));
  if (seen.length === 0) return { ...representation, value: own };
  const columns = concat(
    seen.map((task) => signals.get(task)!),
    -1,
  );
  const masks = tasks.map((child) =>
    seen.flatMap((task) => {
      const size = signals.get(task)!.shape.at(-1) as number;
      return new Array<number>(size).fill(Number(parents[child]?.includes(task) ?? false));
    }),
  );
  if (!axis.isOwn(own) && masks.flat().every((mask) => mask === 1))
    return { ...representation, value: joinColumns([own, columns]) };
  const mask = constant(masks.flat(), { shape: [tasks.length, 1, masks[0]!.length] });
  return { ...representation, value: joinColumns([axis.own(own), mul(unsqueeze(columns, -3), mask)]) };
}

/** What the children of a task see of it. */
function signalOf(
  task: string,
  kind: string,
  logits: Tensor,
  { labels, families, mode }: FlowContext,
  { given, gradients }: ConditionalOptions,
): Tensor {
  const { ofLogits, ofLabels } = SIGNALS[kind]!;
  const predicted = gradients ? ofLogits(logits) : stopGradient(ofLogits(logits));
  if (given === 'predictions' || !mode.training || labels === undefined) return predicted;
  const read = (part: (own: { labels: Tensor; weights: Tensor }) => Tensor): Tensor =>
    readTask(new Map([...labels].map(([key, own]) => [key, part(own)])), families, task);
  const labelled = greater(
    read(({ weights }) => unsqueeze(weights, -1)),
    0,
  );
  return where(
    labelled,
    ofLabels(
      read((own) => own.labels),
      logits.shape.at(-1) as number,
    ),
    predicted,
  );
}

/** The logits of all levels, by family. */
function together(
  families: readonly Family[],
  parts: readonly { readonly families: readonly Family[]; readonly logits: Logits }[],
): Logits {
  return new Map(
    families.map(({ key, heads }) => {
      const here = parts.filter(({ logits }) => logits.has(key));
      const names = here.flatMap((part) =>
        part.families.find((family) => family.key === key)!.heads.map(({ name }) => name),
      );
      const all = concat(
        here.map(({ logits }) => logits.get(key)!),
        -2,
      );
      return [
        key,
        pick(
          all,
          heads.map(({ name }) => names.indexOf(name)),
          -2,
        ),
      ];
    }),
  );
}
