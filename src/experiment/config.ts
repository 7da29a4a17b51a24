import { z } from 'zod';
import { PolytaskError, suggest } from '../common/error.ts';
import { chooseDescriptor, DESCRIPTORS } from '../data/descriptors/index.ts';
import {
  ACTIVATIONS,
  CONDITIONINGS,
  chooseConditioning,
  chooseEncoder,
  chooseFlow,
  chooseNumeric,
  chooseSharing,
  ENCODERS,
  FLOWS,
  NUMERIC_EMBEDDINGS,
  SHARINGS,
} from '../model/index.ts';
import {
  AGGREGATIONS,
  BY,
  chooseObjective,
  LOSS_WEIGHTINGS,
  type ObjectiveInput,
  OVER,
  objectiveSpec,
  optionsOf,
} from '../objective/index.ts';
import { AFFINITIES, chooseAffinity } from './grouping/affinity-method.ts';
import { method, methodSchema } from './method-config.ts';
import type { RunConfig } from './run-config.ts';

const nonNegative = z.number().min(0);
const positive = z.number().positive();
const count = z.int().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const names = <T extends object>(record: T): [keyof T & string, ...(keyof T & string)[]] =>
  Object.keys(record) as [keyof T & string, ...(keyof T & string)[]];

const task = z
  .looseObject({
    column: z
      .string()
      .optional()
      .describe('The column that holds the labels; default: the name of the task.'),
    kind: z
      .string()
      .optional()
      .describe('binary, multiclass, multilabel, regression, count or ordinal; default: inferred.'),
    unit: z
      .string()
      .optional()
      .describe('What its numbers are measured in, such as "minutes": shown beside predictions.'),
    descriptor: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .describe('What is known of the task, for model.descriptor: a sentence, or key-values.'),
  })
  .describe('A task; further keys are options of its kind.');

const split = z.union([
  z.string().describe('Shares of train/validation/test, such as "0.6/0.2/0.2".'),
  z.strictObject({
    ratio: z.union([z.string(), z.array(z.number())]).optional(),
    column: z.string().optional().describe('A column that holds train, validation and test.'),
    values: z.partialRecord(z.enum(['train', 'validation', 'test']), z.array(scalar)).optional(),
    group: z.string().optional().describe('No value of this column is on two sides.'),
    time: z.string().optional().describe('The earliest rows train, the latest test.'),
    stratify: z.string().optional(),
    by: z.string().optional(),
    validation: z.number().optional(),
  }),
]);

const read = z.strictObject({
  missing: z
    .array(z.union([z.string(), z.number()]))
    .optional()
    .describe('Values that mean "missing", such as -200.'),
  types: z.record(z.string(), z.enum(['number', 'string', 'boolean', 'date'])).optional(),
  encoding: z.string().optional(),
  limit: count.optional().describe('Read only the first rows.'),
  header: z.union([z.boolean(), z.array(z.string())]).optional(),
});

const model = z.strictObject({
  sharing: method.default('shared-bottom').describe('How θ is split between tasks.'),
  flow: method.default('none').describe('What goes from task to task after the representation.'),
  conditioning: method.default('none').describe('How z, a description of the task, enters.'),
  descriptor: method.default('one-hot').describe('What z is.'),
  encoder: method.default('mlp').describe('What kind of network the trunk is.'),
  numeric: method.default('plain').describe('How numbers enter the trunk.'),
  hidden: z.array(count).default([128, 64]).describe('Hidden sizes of the trunk.'),
  tower: z.array(count).default([]).describe('Hidden sizes of each task’s tower.'),
  activation: z.enum(names(ACTIVATIONS)).default('relu'),
  dropout: z.number().min(0).lt(1).default(0.3),
  norm: z.enum(['none', 'layer']).default('none'),
  embedding: count.default(4).describe('Width of a category’s embedding.'),
  textEmbedding: count.default(32).describe('Width of a text column’s bag of n-grams.'),
});

const objective: z.ZodType<ObjectiveInput> = z.union([
  method,
  z.strictObject({
    weighting: method.optional(),
    aggregation: method.optional(),
    over: z.union([z.enum(OVER), z.array(z.string()).min(1)]).optional(),
    by: z.enum(BY).optional(),
  }),
]);

const sampling = z.strictObject({
  name: z
    .enum(['proportional', 'uniform', 'temperature', 'annealed', 'capped', 'given'])
    .default('proportional'),
  temperature: positive.optional(),
  cap: positive.optional(),
  probabilities: z.record(z.string(), nonNegative).optional(),
  batches: z
    .enum(['mixed', 'single', 'blocks'])
    .optional()
    .describe('Rows of one task each. Default: mixed; blocks where an aggregation compares gradients.'),
});

const named = (description: string, kind: string) =>
  z.looseObject({ kind: z.string().default(kind) }).describe(description);

const training = z.strictObject({
  batchSize: count.default(256),
  maxEpochs: count.default(100),
  patience: count.default(10).describe('Evaluations without improvement before stopping.'),
  epochsPerEvaluation: count.optional().describe('Default: 1, more where an epoch has few steps.'),
  learningRate: positive.default(1e-3),
  optimiser: named('An optimiser: kind and its options.', 'adamw').default({
    kind: 'adamw',
    weightDecay: 0.01,
  }),
  schedule: named('A learning-rate schedule: kind and its options.', 'constant').default({
    kind: 'plateau',
    goal: 'max',
    factor: 0.3,
    patience: 3,
    threshold: 1e-3,
    floor: 0.01,
  }),
  average: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe(
      'Decay of a moving average of the parameters, such as 0.999, which is then kept in their place.',
    ),
  clipNorm: positive.optional().describe('Longest gradient, as the norm over all parameters.'),
  checkpoint: z
    .enum(['mean', 'task'])
    .default('mean')
    .describe('Keep the state that is best on the mean over tasks, or one for each task.'),
});

/** The schema of a run: what `polytask train --config` reads and `fit` takes. */
const runConfigSchema = z.strictObject({
  data: z.unknown().describe('A path, several paths, { sql }, { database, table | sql } or { perTask }.'),
  read: read.prefault({}),
  tasks: z.record(z.string(), task).describe('The tasks by name.'),
  by: z.string().optional().describe('The column whose every value is a task (long tables).'),
  inputs: z
    .array(z.string())
    .optional()
    .describe('The only columns to learn from; default: all that are left.'),
  exclude: z.array(z.string()).default([]),
  encoders: z.record(z.string(), z.union([z.string(), z.looseObject({ kind: z.string() })])).default({}),
  weight: z.string().optional().describe('A column that says how much each row counts.'),
  split: split.default('0.7/0.15/0.15'),
  model: model.prefault({}),
  objective: objective.default('equal').describe('How losses and their gradients become one direction.'),
  affinity: method
    .default('first-order')
    .describe('How what tasks gain from each other is measured while they are learned together.'),
  sampling: sampling.prefault({}),
  training: training.prefault({}),
  folds: count
    .min(2)
    .max(50)
    .optional()
    .describe('Tests every row once, in so many folds; the first of them is exported.'),
  fractions: z
    .array(z.number().gt(0).max(1))
    .min(1)
    .optional()
    .describe('Shares of the training rows to train on as well: [0.1, 0.3].'),
  seeds: count.max(64).default(3).describe('How many seeds are trained; intervals are paired over them.'),
  seed: z.int().min(0).default(0).describe('The first seed; it also draws the split.'),
  baseline: z
    .union([z.boolean(), z.string()])
    .default(true)
    .describe(
      'Train each task alone as well, and compare; or a run folder that has these models already, of `polytask baselines`.',
    ),
  timeLimit: positive
    .optional()
    .describe(
      'Seconds: for the search of the best way, or, with choose: false, of training, divided between models.',
    ),
  stepLimit: count
    .optional()
    .describe('Steps of training for the search, in place of seconds: the same seed makes the same choices.'),
  choose: z
    .boolean()
    .optional()
    .describe('Search the best way to learn; what is set here stays. Default: where there is a limit.'),
  objectiveOfChoice: z
    .string()
    .default('mean')
    .describe(
      'What best means: mean (over tasks), worst (the task that is worst off), or a task by its name.',
    ),
  committee: z
    .boolean()
    .default(false)
    .describe('Export the mean of the models of all seeds, as one graph, in place of the best one.'),
  runtime: z.enum(['auto', 'native', 'wasm', 'webgpu']).default('auto'),
  threads: count.max(256).optional(),
  out: z.string().optional().describe('The run folder; default: a new folder under runs/.'),
});

/**
 * Checks a config and fills in the defaults.
 *
 * @throws `config-invalid` with the path of the first thing that does not fit
 */
export function parseConfig(input: unknown): RunConfig {
  const result = runConfigSchema.safeParse(input, { reportInput: true });
  if (result.success) return withMethods(result.data satisfies RunConfig);
  const issue = deepest(result.error.issues[0]!);
  throw configError(issue);
}

/** Methods with every option filled in. */
function withMethods(config: RunConfig): RunConfig {
  const { sharing, options } = chooseSharing(config.model.sharing);
  const chosen = chooseFlow(config.model.flow);
  const flow = { name: chosen.flow.name, ...chosen.options };
  const z = chooseConditioning(config.model.conditioning);
  const conditioning = { name: z.conditioning.name, ...z.options };
  chooseDescriptor(config.model.descriptor);
  const network = chooseEncoder(config.model.encoder);
  const encoder = { name: network.family.name, ...network.options };
  const affinity = chooseAffinity(config.affinity);
  const numbers = chooseNumeric(config.model.numeric);
  const numeric = { name: numbers.embedding.name, ...numbers.options };
  const model = { ...config.model, flow, conditioning, encoder, numeric };
  return {
    ...config,
    model: { ...model, sharing: { name: sharing.name, ...options } },
    objective: objectiveSpec(chooseObjective(config.objective)),
    affinity: { name: affinity.method.name, ...affinity.options },
  };
}

/** Unions report every branch: the branch that got furthest tells what was meant. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const branches = issue.errors.map((issues) => deepest(issues[0]!));
  const best = branches.reduce((a, b) => (b.path.length > a.path.length ? b : a));
  return { ...best, path: [...issue.path, ...best.path] };
}

function configError(issue: z.core.$ZodIssue): PolytaskError {
  const path = issue.path.join('.') || 'config';
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const known = keysAt(issue.path);
    return new PolytaskError('config-invalid', {
      path: [...issue.path, key].join('.'),
      expected: 'a known setting',
      found: `"${key}"`,
      help: suggest(key, known),
    });
  }
  const { expected, found } = describeIssue(issue);
  return new PolytaskError('config-invalid', {
    path,
    expected,
    found,
    help: 'polytask config schema prints every setting with its default.',
  });
}

function describeIssue(issue: z.core.$ZodIssue): { expected: string; found: string } {
  const found = JSON.stringify(issue.input) ?? 'nothing';
  if (issue.code === 'invalid_value') return { expected: issue.values.join(' | '), found };
  if (issue.code === 'invalid_type')
    return { expected: issue.expected === 'nonoptional' ? 'a value' : issue.expected, found };
  if (issue.code === 'too_small') return { expected: `at least ${issue.minimum}`, found };
  if (issue.code === 'too_big') return { expected: `at most ${issue.maximum}`, found };
  return { expected: issue.message, found };
}

/** The settings that exist at a path, for suggestions. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = z.toJSONSchema(runConfigSchema, { unrepresentable: 'any', io: 'input' });
  for (const key of path) schema = propertiesOf(schema)[String(key)];
  return Object.keys(propertiesOf(schema));
}

/** The settings of a schema, those of every branch where it has several. */
function propertiesOf(schema: unknown): Record<string, unknown> {
  const { properties, anyOf = [] } = (schema ?? {}) as {
    properties?: Record<string, unknown>;
    anyOf?: unknown[];
  };
  return Object.assign({}, properties, ...anyOf.map(propertiesOf));
}

/** The JSON Schema of a config, for editors. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(runConfigSchema, { unrepresentable: 'any', io: 'input' });
  const { properties } = propertiesOf(schema).model as { properties: Record<string, object> };
  Object.assign(properties.sharing!, methodSchema(SHARINGS));
  Object.assign(properties.flow!, methodSchema(FLOWS));
  Object.assign(properties.conditioning!, methodSchema(CONDITIONINGS));
  Object.assign(properties.descriptor!, methodSchema(DESCRIPTORS));
  Object.assign(properties.encoder!, methodSchema(ENCODERS));
  Object.assign(properties.numeric!, methodSchema(NUMERIC_EMBEDDINGS));
  const top = propertiesOf(schema) as Record<string, object>;
  Object.assign(top.objective!, objectiveSchema());
  Object.assign(top.affinity!, methodSchema(AFFINITIES));
  return { ...schema, title: 'Polytask run' };
}

/** A weighting of losses, an aggregation of gradients, or both. */
function objectiveSchema(): object {
  const weightings = Object.fromEntries(
    Object.entries(LOSS_WEIGHTINGS).map(([name, own]) => [name, { ...own, options: optionsOf(own) }]),
  );
  const { anyOf } = methodSchema({ ...weightings, ...AGGREGATIONS }) as { anyOf: object[] };
  const parts = {
    type: 'object',
    properties: {
      weighting: methodSchema(weightings),
      aggregation: methodSchema(AGGREGATIONS),
      over: { anyOf: [{ enum: OVER }, { type: 'array', items: { type: 'string' } }], default: 'shared' },
      by: { enum: BY, default: 'whole' },
    },
    additionalProperties: false,
  };
  return { anyOf: [...anyOf, parts] };
}
