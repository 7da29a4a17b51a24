import type { Overfitting } from './overfitting.ts';
import type { Quicker } from './quicker.ts';
import type { SampleEfficiency } from './sample-efficiency.ts';
import type { TaskTransfer, Transfer } from './transfer.ts';

/** Was it worth it, for one task? */
export interface TaskDiagnosis extends TaskTransfer {
  readonly name: string;
  /** Means over seeds, and over folds where there are some, of the primary metric on the test rows. */
  readonly multi: number | null;
  readonly independent: number | null;
  /** Steps, rows and seconds until the joint model first reached the best validation metric of the independent one. */
  readonly quicker: Quicker | null;
  readonly overfitting: { readonly multi: Overfitting | null; readonly independent: Overfitting | null };
}

/** Should these be one model? Numbers, a verdict, and the verdict in words. */
export interface Diagnosis extends Transfer {
  readonly tasks: readonly TaskDiagnosis[];
  /** How the gain depends on the number of training rows, where a run has trained on fewer as well. */
  readonly efficiency?: SampleEfficiency;
  /** The joint model's share of what the independent ones need together: 0.5 is half; 1 where it is not known. */
  readonly smaller: { readonly parameters: number; readonly fileBytes: number; readonly latency: number };
  /** One paragraph of plain words, sentence by sentence. */
  readonly words: readonly string[];
}
