import { PolytaskError, suggest } from '../../common/error.ts';

/** How often each task is drawn, as plain data. */
export interface TaskSampling {
  readonly name: 'proportional' | 'uniform' | 'temperature' | 'annealed' | 'capped' | 'given';
  /** For `temperature`: pᵢ ∝ nᵢ^(1/temperature). */
  readonly temperature?: number;
  /** For `capped`: pᵢ ∝ min(nᵢ, cap). */
  readonly cap?: number;
  /** For `given`: probabilities by task, normalised to sum to 1. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** `mixed` batches hold rows of many tasks, `single` batches rows of one, `blocks` as many rows of each task. */
  readonly batches?: 'mixed' | 'single' | 'blocks';
}

type Strategy = (
  sizes: readonly number[],
  sampling: TaskSampling,
  tasks: readonly string[],
  progress: number,
) => number[];

const power = (sizes: readonly number[], exponent: number): number[] =>
  sizes.map((size) => (size === 0 ? 0 : size ** exponent));

/** Unnormalised probabilities; a task without rows has 0. */
const STRATEGIES: Record<TaskSampling['name'], Strategy> = {
  proportional: (sizes) => [...sizes],
  uniform: (sizes) => power(sizes, 0),
  temperature: (sizes, { temperature = 2 }) => power(sizes, 1 / temperature),
  // From proportional to nearly uniform: the exponent falls as 1 − 0.8 · progress.
  annealed: (sizes, _sampling, _tasks, progress) => power(sizes, 1 - 0.8 * progress),
  capped: (sizes, { cap = 1000 }) => sizes.map((size) => Math.min(size, cap)),
  given: (sizes, { probabilities = {} }, tasks) =>
    sizes.map((size, t) =>
      size === 0 || !Object.hasOwn(probabilities, tasks[t]!) ? 0 : probabilities[tasks[t]!]!,
    ),
};

/**
 * The probability of drawing each task, pᵢ ∝ nᵢ^(1/τ) and its kin.
 *
 * Annealed: A. Stickland, I. Murray: BERT and PALs. ICML 2019. Temperature and cap: C. Raffel et al.: Exploring the
 * limits of transfer learning with a unified text-to-text transformer. JMLR 2020.
 *
 * @param sizes training rows of each task
 * @param progress how much of training is done, 0 to 1
 */
export function taskProbabilities(
  sampling: TaskSampling,
  sizes: readonly number[],
  tasks: readonly string[],
  progress: number,
): number[] {
  checkSampling(sampling, tasks);
  const raw = STRATEGIES[sampling.name](sizes, sampling, tasks, progress);
  const total = raw.reduce((a, b) => a + b, 0);
  if (!(total > 0))
    throw new PolytaskError('sampling-invalid', {
      path: 'sampling',
      expected: 'at least one task with rows and a positive probability',
      found: JSON.stringify(raw),
      help: 'Give a positive probability to a task that has training rows.',
    });
  return raw.map((value) => value / total);
}

function checkSampling(
  { name, temperature, cap, probabilities = {} }: TaskSampling,
  tasks: readonly string[],
): void {
  const fail = (path: string, expected: string, found: unknown, help: string): never => {
    throw new PolytaskError('sampling-invalid', {
      path: `sampling.${path}`,
      expected,
      found: String(found),
      help,
    });
  };
  const names = Object.keys(STRATEGIES);
  if (!names.includes(name)) fail('name', names.join(' | '), name, suggest(name, names));
  if (temperature !== undefined && !(temperature > 0))
    fail('temperature', 'a number > 0', temperature, '1 is proportional; large values are nearly uniform.');
  if (cap !== undefined && !(cap > 0))
    fail('cap', 'a number of rows > 0', cap, 'Tasks count at most this many rows.');
  for (const [task, p] of Object.entries(probabilities)) {
    if (!tasks.includes(task))
      fail(`probabilities.${task}`, 'the name of a task', task, suggest(task, tasks));
    if (!(p >= 0 && Number.isFinite(p)))
      fail(`probabilities.${task}`, 'a finite number ≥ 0', p, 'They need not sum to 1.');
  }
}

/** Splits `total` draws by probabilities with the method of largest remainders. */
export function quotas(probabilities: readonly number[], total: number): number[] {
  const exact = probabilities.map((p) => p * total);
  const counts = exact.map(Math.floor);
  const order = exact
    .map((value, i) => ({ i, rest: value - counts[i]! }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  let left = total - counts.reduce((a, b) => a + b, 0);
  for (const { i } of order) {
    if (left-- <= 0) break;
    counts[i]!++;
  }
  return counts;
}
