import { PolytaskError } from '../common/error.ts';
import { merge, substitute } from './graph.ts';
import { halves } from './halves.ts';
import { input, inputName, inputRole, type Role } from './leaf.ts';
import { compile, inputLeaves, type Port, type Program } from './program.ts';
import { compileStep, type Step, type StepOptions, type StepProgram } from './step.ts';
import type { Shape, Tensor } from './tensor.ts';
import type { TensorData } from './tensor-data.ts';

/**
 * A step in two halves, between which the host decides: the first half computes what is asked, a mediator answers, the
 * second half goes on with the answers. For what no graph can do well, such as solving a quadratic program of the tasks.
 */
export interface MediatedStep extends Step {
  /** What the mediator is shown. */
  readonly asked: Readonly<Record<string, Tensor>>;
  /** Input leaves that stand for what it answers. */
  readonly answers: readonly Tensor[];
  /** The same step where answers are at hand without asking: its per-step inputs among others. It need not compute what is asked. */
  readonly held?: Step;
}

/** Which mediator stands in a step, as plain data: the code is with the runtime, which may be in another thread. */
export interface MediatorSpec {
  readonly name: string;
  readonly settings: unknown;
}

/** Decides between the halves of a step. */
export interface Mediator {
  /** @returns the answers by name */
  answer(asked: Readonly<Record<string, TensorData>>): Readonly<Record<string, TensorData>>;
  /** Answers for at most so many steps to come that need no asking, if there are any: it counts these steps as taken. */
  ahead?(most: number): HeldAnswers | undefined;
  /** Plain JSON that travels with a checkpoint: all that it remembers from step to step. */
  state: unknown;
}

/** Answers that hold for some steps, of which each is the same. */
export interface HeldAnswers {
  readonly steps: number;
  readonly answers: Readonly<Record<string, TensorData>>;
}

/** Mediators by name; whoever opens a runtime hands them in. */
export type Mediators = Readonly<Record<string, (settings: unknown) => Mediator>>;

/** A compiled step in two halves: itself the second one. */
export interface MediatedProgram extends StepProgram {
  readonly mediation: {
    readonly mediator: MediatorSpec;
    /** Its outputs are what is asked, and what the second half takes over. */
    readonly first: Program;
    readonly asked: readonly string[];
    readonly answers: readonly string[];
    /** Outputs of the step that the first half computes: their names, and how they are called there. */
    readonly reported: readonly (readonly [name: string, from: string])[];
    /** For steps of which the answers are known. */
    readonly held?: StepProgram;
  };
}

const OVER = 'over/';

/**
 * Compiles a step in two halves. A value that the first half has computed and the second needs is handed over; views of
 * leaves are made in both.
 */
export function compileMediated(
  step: MediatedStep,
  mediator: MediatorSpec,
  options: Omit<StepOptions, 'driver'> & Partial<Pick<StepOptions, 'driver'>>,
): MediatedProgram {
  const outputs = Object.keys(step.outputs);
  const asked = Object.keys(step.asked);
  const merged = merge([
    ...step.state.map(({ next }) => next),
    ...Object.values(step.outputs),
    ...Object.values(step.asked),
  ]);
  const targets = merged.slice(0, step.state.length + outputs.length);
  const questions = merged.slice(targets.length);
  const answers = step.answers.map(inputName);
  const states = targets.slice(0, step.state.length);
  const { handed, early, loop } = halves(states, targets.slice(states.length), questions, new Set(answers));
  if (loop >= 0)
    throw new PolytaskError('operator-invalid', {
      path: asked[loop]!,
      expected: 'questions that do not depend on the answers',
      found: 'one that does',
      help: 'Put the answer into what comes after.',
    });
  const { name = 'step' } = options;
  // Each value leaves the first half once, whoever wants it: under the name of the question, or of what is reported.
  const told = new Map(questions.map((value, i) => [value, asked[i]!]));
  const reported = outputs.flatMap((own, i) => {
    const value = targets[step.state.length + i]!;
    if (!early.has(value)) return [];
    if (!told.has(value)) told.set(value, own);
    return [{ name: own, from: told.get(value)!, value }];
  });
  handed.forEach((value, i) => {
    if (!told.has(value)) told.set(value, `${OVER}${i}`);
  });
  const image = new Map(
    handed.map((value) => [
      value,
      input(told.get(value)!, value.shape, { dtype: value.dtype, role: 'step' }),
    ]),
  );
  const rest = substitute(targets, image);
  const isEarly = new Set(reported.map((own) => own.name));
  const second = compileStep(
    {
      state: step.state.map(({ leaf }, i) => ({ leaf, next: rest[i]! })),
      outputs: Object.fromEntries(
        outputs.flatMap((own, i) => (isEarly.has(own) ? [] : [[own, rest[step.state.length + i]!] as const])),
      ),
    },
    { ...options, driver: 'stepwise' },
  );
  const first = compile(Object.fromEntries([...told].map(([value, own]) => [own, value])), {
    name: `${name}/first`,
    dims: options.dims ?? {},
  });
  const held =
    step.held &&
    compileStep(step.held, { ...options, driver: options.driver ?? 'looped', name: `${name}/held` });
  const leaves = inputLeaves(merged).filter((leaf) => !answers.includes(inputName(leaf)));
  const ports = (role: Role): Port[] =>
    leaves
      .filter((leaf) => inputRole(leaf) === role)
      .map((leaf) => ({
        name: inputName(leaf),
        dtype: leaf.dtype,
        shape: [...(role === 'step' ? ['steps'] : []), ...resolve(leaf.shape, options.dims)],
      }));
  return {
    ...second,
    // What the host feeds is what either half needs; what stands between them is not its business.
    data: ports('data'),
    step: ports('step'),
    outputs: [...second.outputs, ...reported.map(({ name: own, value }) => portOf(own, value, options.dims))],
    key: `${second.key}+${first.key}`,
    mediation: {
      mediator,
      first,
      asked,
      answers,
      reported: reported.map(({ name: own, from }) => [own, from]),
      ...(held && { held }),
    },
  };
}

const portOf = (name: string, { dtype, shape }: Tensor, dims?: Readonly<Record<string, number>>): Port => ({
  name,
  dtype,
  shape: resolve(shape, dims),
});

function resolve(shape: Shape, dims: Readonly<Record<string, number>> = {}): Shape {
  return shape.map((dim) => (typeof dim === 'string' ? (dims[dim] ?? dim) : dim));
}
