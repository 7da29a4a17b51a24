import type { JSX } from 'preact';
import type { Spread } from '../../../src/experiment/front/result.ts';
import { score } from '../../../src/experiment/report/format.ts';
import { shell } from '../../../src/experiment/report/sections/usage.ts';
import type { ShownModel } from '../../../src/studio/shown-models.ts';
import type { ComparedRuns } from '../api.ts';
import { follow } from '../router.ts';

/** What models of each task alone are called. */
export const ALONE: ShownModel['which'] = 'each alone';

interface PickedProps {
  readonly model: ShownModel;
  readonly label: string;
  readonly tasks: ComparedRuns['tasks'];
  /** Places of the tasks that the preference is about. */
  readonly about: readonly number[];
}

/** The model to take, what it reaches, and how to use it. */
export function Picked({
  model: { run, which, validation, test, model },
  label,
  tasks,
  about,
}: PickedProps): JSX.Element {
  return (
    <div class="taken">
      <p role="status">
        Take{' '}
        <a href={`/run/${run}`} onClick={follow}>
          {label}
        </a>
        {': '}
        {about.map((t, i) => (
          <span key={t}>
            {i > 0 && ', '}
            <b class="name">{tasks[t]!.name}</b> {tasks[t]!.metric} {told(validation[t])}{' '}
            <span class="soft">({told(test[t])} on test rows)</span>
          </span>
        ))}
        .
      </p>
      {model === undefined ? (
        <p class="note">
          Its run kept the other way, which is better on the validation rows over all tasks. With{' '}
          <code>{which === ALONE ? '--sharing independent' : '--no-baseline'}</code> it keeps this one.
        </p>
      ) : (
        <pre>
          <code>{`polytask predict ${shell(model)} rows.csv --out predictions.csv`}</code>
        </pre>
      )}
    </div>
  );
}

const told = (spread: Spread | null | undefined): string => score(spread?.mean ?? null);
