import { list, text } from '../../common/options.ts';
import { add, concat, logSumExp, minimum, neg, type Tensor } from '../../engine/index.ts';
import { applyHeads, type Family, type HeadSpec, type Logits } from '../heads.ts';
import { readTask, writeTasks } from './columns.ts';
import type { Flow } from './flow.ts';
import { checkPath } from './order.ts';

interface EsmmOptions {
  readonly path: readonly string[];
}

/**
 * The entire space multi-task model: along a path of events each of which needs the one before, a head gives the
 * probability of its event where the one before has happened, and the task's own is the product,
 * p(conversion | x) = p(visit | x) · p(conversion | visit, x), learned and judged over all rows.
 *
 * X. Ma et al.: Entire space multi-task model. SIGIR 2018.
 */
export const esmm: Flow<EsmmOptions> = {
  name: 'esmm',
  title: 'Entire space multi-task model',
  about:
    'Along a path of events a task is the product of the one before and its own conditional probability.',
  options: {
    path: list(text({ default: '', about: '' }), {
      default: [],
      about: 'Binary tasks, first to last, each of which happens only where the one before does.',
    }),
  },
  check: ({ path }, { heads }) => checkPath(path, heads, ['binary']),
  logits: (representation, context, { path }) => {
    const families = context.families.map((family) => conditionalStart(family, path, context.families));
    const own = applyHeads(representation, { ...context, families });
    return along(path, own, families, jointLogit);
  },
  bound: (outputs, { families }, { path }) => along(path, outputs, families, (p, q) => minimum(p, q)),
};

/** Values along a path, each one made of the one before, as it has become, and its own. */
function along(
  path: readonly string[],
  values: Logits,
  families: readonly Family[],
  next: (before: Tensor, own: Tensor) => Tensor,
): Logits {
  let before = readTask(values, families, path[0]!);
  const written = new Map<string, Tensor>();
  for (const task of path.slice(1)) {
    before = next(before, readTask(values, families, task));
    written.set(task, before);
  }
  return writeTasks(values, families, written);
}

/** logit(σ(a) σ(b)) = −ln(e^−a + e^−b + e^(−a − b)), finite for any finite a and b. */
export function jointLogit(a: Tensor, b: Tensor): Tensor {
  const parts = [neg(a), neg(b), neg(add(a, b))];
  return neg(logSumExp(concat(parts, -1), -1, { keepDims: true }));
}

/** Heads of the path start at the base rate where the event before has happened: rate / rate before. */
function conditionalStart(family: Family, path: readonly string[], families: readonly Family[]): Family {
  const rates = new Map(families.flatMap(({ heads }) => heads.map((head) => [head.name, rateOf(head)])));
  const heads = family.heads.map((head) => {
    const at = path.indexOf(head.name);
    if (at < 1) return head;
    const rate = Math.min(rates.get(head.name)! / rates.get(path[at - 1]!)!, MOST);
    return { ...head, initialBias: [Math.log(rate) - Math.log1p(-rate)] };
  });
  return { ...family, heads };
}

/** Labels of some rows alone, or weighted classes, can make a rate larger than the one before. */
const MOST = 0.99;

function rateOf({ initialBias }: HeadSpec): number {
  return 1 / (1 + Math.exp(-initialBias[0]!));
}
