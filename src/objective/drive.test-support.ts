import type { SpecInput } from '../common/options.ts';
import { optimised } from '../engine/contract/runtimes.ts';
import { substitute } from '../engine/graph.ts';
import {
  add,
  compileStep,
  gradient,
  input,
  mul,
  numbers,
  reduceSum,
  type Step,
  sub,
  type Tensor,
  tensorData,
} from '../engine/index.ts';
import { slopesAlongValidation, type ValidationRequest } from './along-validation.ts';
import type { ReplicaTask, TaskFacts, WeightingContext } from './loss-weighting.ts';
import { chooseLossWeighting } from './loss-weightings.ts';
import { type ChosenWeighting, epochInputs, weigh } from './weigh.ts';

/** A weighting at work on plain leaves, with plain gradient descent. Lists by replica are flat, [...lead, size]. */
export interface Trial {
  readonly method: SpecInput;
  readonly tasks: readonly ReplicaTask[];
  readonly lead?: readonly number[];
  readonly dtype?: 'float32' | 'float64';
  readonly steps: number;
  readonly stepsPerEpoch?: number;
  /** The losses [...lead, T] of θ [...lead, n] on a batch [...lead, m]; default: the batch is the losses. */
  readonly losses?: (theta: Tensor, batch: Tensor) => Tensor;
  readonly theta?: readonly number[];
  /** The losses of validation rows at θ; default: those of the batch. */
  readonly validation?: (theta: Tensor) => Tensor;
  readonly batch?: (step: number) => readonly number[];
  readonly present?: (step: number) => readonly number[];
  readonly noise?: (step: number) => readonly number[];
  /** Learning rates of θ and of the weighting's own parameters. */
  readonly rate?: number;
  readonly ownRate?: number;
}

/** What each step saw, and the state at the end by name. */
export interface Driven {
  readonly weights: readonly (readonly number[])[];
  readonly losses: readonly (readonly number[])[];
  readonly theta: readonly (readonly number[])[];
  readonly state: Readonly<Record<string, readonly number[]>>;
}

export const tasksOf = (count: number): TaskFacts[] =>
  Array.from({ length: count }, (_, t) => ({ name: `task${t}`, rows: 100 * (t + 1) }));

/** Every loss that a step of one replica sees, the same in all of them. */
export const constantly =
  (values: readonly number[]): (() => readonly number[]) =>
  () =>
    values;

export async function drive(trial: Trial): Promise<Driven> {
  const { tasks, lead = [], dtype = 'float64', steps, stepsPerEpoch = steps, present, noise } = trial;
  const chosen = chooseLossWeighting(trial.method);
  const replicas = lead[0] ?? 1;
  const size = tasks.length;
  const built = buildStep(trial, chosen);
  const stepper = await optimised.loadStep(compileStep(built.step, { driver: 'looped' }));
  try {
    await stepper.bind({});
    await stepper.write(built.start);
    const history: number[][][] = Array.from({ length: replicas }, () => []);
    const seen = { weights: [] as number[][], losses: [] as number[][], theta: [] as number[][] };
    for (let first = 0; first < steps; first += stepsPerEpoch) {
      const inputs = history.map((own) => epochInputs(chosen, own, tasks));
      const feed = (of: (step: number) => readonly number[], width: number) =>
        tensorData(
          Array.from({ length: stepsPerEpoch }, (_, k) => of(first + k)).flat(),
          [stepsPerEpoch, ...lead, width],
          dtype,
        );
      const feeds = {
        batch: feed(trial.batch ?? constantly([]), built.width),
        present: feed(present ?? constantly(new Array<number>(replicas * size).fill(1)), size),
        ...Object.fromEntries(built.noises.map((name) => [name, feed(noise!, size)])),
        ...Object.fromEntries(
          built.epochs.map(({ name, width }) => [
            `epoch/${name}`,
            feed(() => inputs.flatMap((own) => own[name]!), width),
          ]),
        ),
      };
      const outputs = await stepper.advance(stepsPerEpoch, feeds);
      const rows = Object.fromEntries(
        Object.entries(outputs).map(([name, value]) => [name, chunks(numbers(value), stepsPerEpoch)]),
      );
      seen.weights.push(...rows['out/weights']!);
      seen.losses.push(...rows['out/losses']!);
      seen.theta.push(...rows['out/theta']!);
      history.forEach((own, s) => {
        own.push(
          tasks.map((_, t) => {
            const known = rows['out/losses']!.map((row) => row[s * size + t]!).filter((value) => value !== 0);
            return known.reduce((a, b) => a + b, 0) / Math.max(1, known.length);
          }),
        );
      });
    }
    const state = Object.fromEntries(
      Object.entries(await stepper.read()).map(([name, value]) => [name, numbers(value)]),
    );
    return { ...seen, state };
  } finally {
    await stepper.close();
  }
}

function chunks(values: readonly number[], count: number): number[][] {
  const size = values.length / count;
  return Array.from({ length: count }, (_, k) => values.slice(k * size, (k + 1) * size));
}

interface BuiltStep {
  readonly step: Step;
  readonly start: Record<string, ReturnType<typeof tensorData>>;
  readonly noises: readonly string[];
  readonly epochs: readonly { readonly name: string; readonly width: number }[];
  readonly width: number;
}

/** The step that `drive` takes, with its state at the start. */
export function buildStep(trial: Trial, chosen: ChosenWeighting): BuiltStep {
  const { tasks, lead = [], dtype = 'float64', rate = 0.1, ownRate = 0.1, theta: initial = [0] } = trial;
  const replicas = lead[0] ?? 1;
  const shape = (size: number): number[] => [...lead, size];
  const width = (trial.batch?.(0).length ?? 0) / replicas;
  const theta = input('theta', shape(initial.length / replicas), { dtype, role: 'state' });
  const batch = input('batch', shape(width), { dtype, role: 'step' });
  const present = input('present', shape(tasks.length), { dtype, role: 'step' });
  const losses = mul(trial.losses?.(theta, batch) ?? batch, present);

  const start: BuiltStep['start'] = { theta: tensorData(initial, shape(initial.length / replicas), dtype) };
  const noises: string[] = [];
  const epochs = new Map<string, Tensor>();
  const parameters: Tensor[] = [];
  const states = new Map<string, { readonly leaf: Tensor; next: Tensor }>();
  const uses: ((after: Tensor) => void)[] = [];
  const asks: { request: ValidationRequest; use: (slopes: Tensor) => void }[] = [];
  const carried = (name: string, values: readonly number[]): Tensor => {
    const all = Array.from({ length: replicas }, () => values).flat();
    start[name] = tensorData(all, shape(values.length), dtype);
    return input(name, shape(values.length), { dtype, role: 'state' });
  };
  const context: WeightingContext = {
    losses,
    present,
    tasks,
    lead,
    parameter: (name, values) => {
      const leaf = carried(name, values);
      parameters.push(leaf);
      return leaf;
    },
    state: (name, values) => {
      const leaf = carried(name, values);
      states.set(name, { leaf, next: leaf });
      return leaf;
    },
    next: (name, value) => {
      states.get(name)!.next = value;
    },
    epochInput: (name, size) => {
      const leaf = epochs.get(name) ?? input(`epoch/${name}`, shape(size), { dtype, role: 'step' });
      epochs.set(name, leaf);
      return leaf;
    },
    noise: (name, size) => {
      noises.push(name);
      return input(name, shape(size), { dtype, role: 'step' });
    },
    lossesAfter: (use) => void uses.push(use),
    alongValidation: (request, use) => void asks.push({ request, use }),
  };
  const { terms, weights, learns } = weigh(chosen, context);
  // As a training step does: one objective, differentiated by all that it depends on.
  const objective = learns === undefined ? reduceSum(terms) : add(reduceSum(terms), reduceSum(learns));
  const [slope, ...slopes] = gradient(objective, [theta, ...parameters]);
  const moved = sub(theta, mul(slope!, rate));
  const own = parameters.map((leaf, i) => sub(leaf, mul(slopes[i]!, ownRate)));
  const [after] = substitute([losses], new Map([[theta, moved]]));
  for (const use of uses) use(after!);
  // The batch judges itself, unless another is given.
  const lossesAt = (of: Tensor, at: Tensor): Tensor => substitute([of], new Map([[theta, at]]))[0]!;
  const judging = mul(trial.validation?.(theta) ?? losses, 1);
  for (const { request, use } of asks)
    use(
      slopesAlongValidation(
        {
          theta,
          slope: slope!,
          lossesAt: (at) => lossesAt(losses, at),
          validationAt: (at) => lossesAt(judging, at),
        },
        request,
      ),
    );
  return {
    step: {
      state: [
        { leaf: theta, next: moved },
        ...parameters.map((leaf, i) => ({ leaf, next: own[i]! })),
        ...states.values(),
      ],
      outputs: { 'out/weights': weights, 'out/losses': losses, 'out/theta': moved },
    },
    start,
    noises,
    epochs: [...epochs].map(([name, leaf]) => ({ name, width: leaf.shape.at(-1) as number })),
    width,
  };
}
