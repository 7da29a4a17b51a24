import type { SpecInput } from '../common/options.ts';
import type { Activation } from '../model/index.ts';
import type { ObjectiveInput } from '../objective/index.ts';

/** Settings of a task: the column, the kind, and options of the kind. */
export interface TaskConfig {
  /** The column that holds the labels; default: the name of the task. */
  readonly column?: string | undefined;
  /** binary, multiclass, multilabel, regression, count or ordinal; default: inferred. */
  readonly kind?: string | undefined;
  /** What its numbers are measured in, such as "minutes": shown beside predictions. */
  readonly unit?: string | undefined;
  /** What is known of the task: a sentence, or key-values; see `model.descriptor`. */
  readonly descriptor?: string | Readonly<Record<string, unknown>> | undefined;
  readonly [option: string]: unknown;
}

/** How rows are divided: shares as text, or by column, group or time. */
export type SplitConfig =
  | string
  | {
      readonly ratio?: string | readonly number[] | undefined;
      readonly column?: string | undefined;
      readonly values?:
        | Partial<Record<'train' | 'validation' | 'test', readonly (string | number | boolean)[]>>
        | undefined;
      readonly group?: string | undefined;
      readonly time?: string | undefined;
      readonly stratify?: string | undefined;
      readonly by?: string | undefined;
      readonly validation?: number | undefined;
    };

export interface ReadConfig {
  readonly missing?: readonly (string | number)[] | undefined;
  readonly types?: Readonly<Record<string, 'number' | 'string' | 'boolean' | 'date'>> | undefined;
  readonly encoding?: string | undefined;
  readonly limit?: number | undefined;
  readonly header?: boolean | readonly string[] | undefined;
}

/** A method with its options: "mmoe:experts=8", or { name, …options }, which is what a checked config holds. */
export type MethodConfig = SpecInput;

export interface ModelConfig {
  readonly sharing: MethodConfig;
  /** What goes from task to task after the representation. */
  readonly flow: MethodConfig;
  /** How z, a description of the task, enters. */
  readonly conditioning: MethodConfig;
  /** What z is. */
  readonly descriptor: MethodConfig;
  /** What kind of network the trunk is. */
  readonly encoder: MethodConfig;
  /** How numbers enter the trunk. */
  readonly numeric: MethodConfig;
  readonly hidden: readonly number[];
  readonly tower: readonly number[];
  readonly activation: Activation;
  readonly dropout: number;
  readonly norm: 'none' | 'layer';
  readonly embedding: number;
  readonly textEmbedding: number;
}

/** "uncertainty+cagrad:c=0.4", one method, or both by their parts, which is what a checked config holds. */
export type ObjectiveConfig = ObjectiveInput;

export interface SamplingConfig {
  readonly name: 'proportional' | 'uniform' | 'temperature' | 'annealed' | 'capped' | 'given';
  readonly temperature?: number | undefined;
  readonly cap?: number | undefined;
  readonly probabilities?: Readonly<Record<string, number>> | undefined;
  readonly batches?: 'mixed' | 'single' | 'blocks' | undefined;
}

/** A name and its options: an optimiser, a schedule, an encoder. */
export interface NamedConfig {
  readonly kind: string;
  readonly [option: string]: unknown;
}

export interface TrainingConfig {
  readonly batchSize: number;
  readonly maxEpochs: number;
  /** Evaluations without improvement before stopping. */
  readonly patience: number;
  readonly epochsPerEvaluation?: number | undefined;
  readonly learningRate: number;
  readonly optimiser: NamedConfig;
  readonly schedule: NamedConfig;
  readonly clipNorm?: number | undefined;
  /** Decay of a moving average of θ, which is then judged and kept in place of θ. */
  readonly average?: number | undefined;
  /** Keep the state that is best on the mean over tasks, or one for each task. */
  readonly checkpoint: 'mean' | 'task';
}

/** A run with every default filled in; `polytask config schema` prints it with descriptions. */
export interface RunConfig {
  /** A path, several paths, { sql }, { database, table | sql }, { perTask }, rows or columns. */
  readonly data?: unknown;
  readonly read: ReadConfig;
  readonly tasks: Readonly<Record<string, TaskConfig>>;
  /** The column whose every value is a task. */
  readonly by?: string | undefined;
  readonly inputs?: readonly string[] | undefined;
  readonly exclude: readonly string[];
  readonly encoders: Readonly<Record<string, string | NamedConfig>>;
  readonly weight?: string | undefined;
  readonly split: SplitConfig;
  readonly model: ModelConfig;
  readonly objective: ObjectiveConfig;
  /** How what tasks gain from each other is measured while they are learned together. */
  readonly affinity: MethodConfig;
  readonly sampling: SamplingConfig;
  readonly training: TrainingConfig;
  /** How many folds, each of which is once the test; the first is the run's own split. */
  readonly folds?: number | undefined;
  /** Shares of the training rows to train on as well. */
  readonly fractions?: readonly number[] | undefined;
  readonly seeds: number;
  readonly seed: number;
  /** Whether each task alone is trained as well; or a run folder that has these models. */
  readonly baseline: boolean | string;
  /** Seconds: for the search of the best way, or, where nothing is chosen, of training, divided between models. */
  readonly timeLimit?: number | undefined;
  /** Steps of training for the search, in place of seconds. */
  readonly stepLimit?: number | undefined;
  /** Search the best way to learn; default: where there is a limit. */
  readonly choose?: boolean | undefined;
  /** What best means: `mean` over tasks, `worst`, or a task by its name. */
  readonly objectiveOfChoice: string;
  /** Export the mean of the models of all seeds, as one graph, in place of the best one. */
  readonly committee: boolean;
  readonly runtime: 'auto' | 'native' | 'wasm' | 'webgpu';
  readonly threads?: number | undefined;
  readonly out?: string | undefined;
}

type Sections = 'read' | 'model' | 'sampling' | 'training';

/** What users write: data and tasks, and whatever should differ from the defaults. */
export type RunConfigInput = Partial<Omit<RunConfig, Sections | 'data' | 'tasks'>> &
  Pick<RunConfig, 'data' | 'tasks'> & { readonly [S in Sections]?: Partial<RunConfig[S]> };

/** The seeds of a run, one after the other. */
export function seedList({ seed, seeds }: Pick<RunConfig, 'seed' | 'seeds'>): number[] {
  return Array.from({ length: seeds }, (_, i) => seed + i);
}
