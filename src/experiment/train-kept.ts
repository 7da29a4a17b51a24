import type { Runtime } from '../engine/index.ts';
import type { TrainingProgress } from '../optimization/index.ts';
import type { Checkpoints } from './run-folder.ts';
import { type KeptTrial, type Trial, trainTrial } from './trial.ts';

/** How training goes. */
export interface TrainingEvent {
  readonly phase: 'training';
  readonly sharing: string;
  /** Of a sweep: how much each task matters. */
  readonly preference?: Readonly<Record<string, number>>;
  /** Which rows, where a run trains on several choices of them: "fold 2 of 5". */
  readonly rows?: string;
  /** Which of how many models is trained. */
  readonly trial: number;
  readonly trials: number;
  readonly progress: TrainingProgress;
}

export interface LearningHooks {
  readonly signal?: AbortSignal;
  onEvent?(event: TrainingEvent): void;
  /** Waits where the run is paused; asked after each evaluation. */
  pass?(): Promise<void>;
  /** Whether training is to come to its end, with what it has. */
  ending?(): boolean;
  /** Milliseconds that were spent waiting: they are nobody's time. */
  waited?(): number;
}

/** Trains a trial of a run from its last checkpoint on, within its part of the time. */
export async function trainKept(
  runtime: Runtime,
  folder: Checkpoints,
  trial: Trial,
  { name, ...told }: Omit<TrainingEvent, 'phase' | 'progress'> & { readonly name: string },
  hooks: LearningHooks,
): Promise<KeptTrial> {
  const { timeLimit } = trial.config;
  const resume = await folder.readCheckpoint(name);
  const budget = timeLimit === undefined ? undefined : timeLimit / told.trials - (resume?.seconds ?? 0);
  const begun = performance.now() - (hooks.waited?.() ?? 0);
  return trainTrial(runtime, trial, {
    resume,
    signal: hooks.signal,
    get deadline() {
      if (hooks.ending?.()) return 0;
      return budget === undefined ? undefined : begun + budget * 1000 + (hooks.waited?.() ?? 0);
    },
    onCheckpoint: async (checkpoint) => {
      await folder.writeCheckpoint(name, checkpoint);
      await hooks.pass?.();
    },
    onProgress: (progress) => hooks.onEvent?.({ phase: 'training', ...told, progress }),
  });
}
