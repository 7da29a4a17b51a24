import type { ColumnPlan, Warning } from '../data/index.ts';
import type {
  Causes,
  Diagnosis,
  LabelStatistics,
  ObservedGradients,
  WidthProbe,
} from '../diagnosis/index.ts';
import type { Architecture, ParameterCount } from '../model/index.ts';
import type { EvaluationPoint, WatchedTable } from '../optimization/index.ts';
import type { FittedTask } from '../problem/index.ts';
import type { ExportedResult } from './exported.ts';
import type { Repeated } from './repeats/result.ts';
import type { SearchResult } from './search/result.ts';

/** What one way of sharing reached; arrays run over seeds. */
export interface TrialResult {
  readonly sharing: string;
  readonly objective: string;
  /** The mean training losses of the tasks' own independent models that the objective weighed by, [seed][task]. */
  readonly baselines?: readonly (readonly number[])[];
  /** Primary metric on the test rows, [seed][task]; null where it is undefined. */
  readonly test: readonly (readonly (number | null)[])[];
  /** The same on the validation rows, at the state that was kept. */
  readonly validation: readonly (readonly (number | null)[])[];
  /** The same on some of the training rows. */
  readonly training?: readonly (readonly (number | null)[])[];
  /** Every metric on the test rows, [seed][task]. */
  readonly everyMetric?: readonly (readonly Readonly<Record<string, number | null>>[])[];
  /** The same averaged over seeds, [task]. */
  readonly allMetrics: readonly Readonly<Record<string, number | null>>[];
  /** Long problems: every metric over the test rows of all tasks together, averaged over seeds. */
  readonly pooled?: Readonly<Record<string, number | null>>;
  readonly curve: readonly EvaluationPoint[];
  /** What the model let be watched, at the state that was kept, over the validation rows: [seed][row][column]. */
  readonly watched?: readonly WatchedTable[];
  /** How the tasks' gradients met in training, and what each task gains from each other; of the first seed. */
  readonly observed?: ObservedGradients;
  readonly parameters: ParameterCount;
  /** Blocks and links of the model, and who owns how much of θ. */
  readonly architecture?: Architecture;
  /** Seconds of training, all seeds together. */
  readonly trainSeconds: number;
  readonly stepsPerEpoch: number;
  readonly steps: number;
  /** Rows that a step draws, those of all tasks together; known of one model. */
  readonly rowsPerStep?: number;
  /** Median milliseconds to predict one row, all tasks. */
  readonly latencyMs: number;
  /** Bytes of the exported ONNX file. */
  readonly fileBytes: number;
}

export interface TaskFacts {
  readonly task: FittedTask;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** What the best constant prediction reaches on the test rows. */
  readonly constant: number | null;
  /** The same on the other rows that are judged, by the same metric. */
  readonly constants?: { readonly training: number | null; readonly validation: number | null };
  readonly labelled: { readonly train: number; readonly validation: number; readonly test: number };
}

export interface DataFacts {
  readonly source: string;
  readonly fingerprint: string;
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  /** Tells whether another run divides the rows in the same way. */
  readonly split?: string;
  readonly columns: readonly ColumnPlan[];
  readonly warnings: readonly Warning[];
  /** Long problems: the column that names each row's task. */
  readonly by?: string;
}

/** Everything a run found: written as `result.json`, drawn by the report, printed by the command line. */
export interface RunResult extends Repeated {
  readonly version: 1;
  readonly polytask: string;
  readonly created: string;
  /** The run folder. */
  readonly run: string;
  readonly seeds: readonly number[];
  readonly data: DataFacts;
  /** In the order of the model's heads; TrialResult's [task] axes follow it. */
  readonly tasks: readonly TaskFacts[];
  readonly multi: TrialResult;
  /** Absent when the baseline was switched off. */
  readonly independent?: TrialResult;
  readonly diagnosis?: Diagnosis;
  /** Why sharing helped or hurt, where tasks were compared. */
  readonly causes?: Causes;
  /** How the labels of tasks meet on training rows; absent where a row belongs to one task alone. */
  readonly labels?: LabelStatistics;
  /** What `advise` measured: the same models, twice as wide. */
  readonly width?: WidthProbe;
  /** What was tried and chosen, where the run searched. */
  readonly search?: SearchResult;
  /** What the training of the joint model showed. */
  readonly warnings?: readonly Warning[];
  /** What the exported model itself reached on the test rows. */
  readonly exported?: ExportedResult;
  /** Which of the two was exported. */
  readonly best: { readonly sharing: string; readonly objective: string; readonly seed: number };
  readonly machine: { readonly runtime: string; readonly cores: number; readonly node: string };
  readonly model: string;
  readonly report: string;
}
