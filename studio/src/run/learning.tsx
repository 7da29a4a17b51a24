import type { JSX } from 'preact';
import { learningCurve } from '../../../src/experiment/report/charts/learning-curve.ts';
import { score } from '../../../src/experiment/report/format.ts';
import { curveView, hueOf } from '../../../src/experiment/report/view.ts';
import type { ListedRun } from '../api.ts';
import { Sheet } from '../sheet.tsx';
import type { Told, ToldTraining } from './told.ts';
import { useTold } from './use-told.ts';

/** A run that is not finished: its curves, as they grow. */
export function Learning({ run }: { run: ListedRun }): JSX.Element {
  const told = useTold(run.id).value;
  return (
    <>
      <p class="note">{wordsOf(run, told)}</p>
      {told.searching && <Searching of={told.searching} />}
      <Curves told={told} />
    </>
  );
}

const STANDS: Readonly<Record<ListedRun['state'], string>> = {
  running: 'It learns.',
  paused: 'It is paused, and goes on when you ask it to.',
  finished: 'It is finished.',
  stopped: 'It was stopped. "polytask resume" goes on where it was.',
  failed: 'It failed. What it had learned is kept; "polytask resume" goes on from there.',
  interrupted:
    'Its process is gone without a word. What was saved is kept: "polytask resume" goes on from the last checkpoint.',
};

function wordsOf({ state }: ListedRun, { rows, runtime, trainings }: Told): string {
  const data = rows && `${rows.train} rows to learn from, ${rows.validation} to judge by, on ${runtime}.`;
  const nothing = trainings.length === 0 && 'There is no evaluation yet; curves begin with the first.';
  return [STANDS[state], data, nothing].filter(Boolean).join(' ');
}

function Searching({ of }: { of: NonNullable<Told['searching']> }): JSX.Element {
  const { side, stage, candidate, leader, spent, limit, tried } = of;
  return (
    <section>
      <h2>Searching</h2>
      <progress max={limit.total} value={spent} aria-label="Part of the limit that is spent" />
      <p>
        {side === 'together' ? 'Together' : 'Each alone'}, stage {stage}: <b>{candidate ?? 'beginning'}</b>.{' '}
        {tried} tried{leader !== undefined && `, ${leader} leads`}.
      </p>
    </section>
  );
}

function Curves({ told }: { told: Told }): JSX.Element | null {
  const { tasks, trainings } = told;
  const own = trainings.filter(({ rows }) => rows === undefined);
  const joint = own.find(({ sharing }) => sharing !== 'independent') ?? own[0];
  const alone = own.find((training) => training !== joint && training.sharing === 'independent');
  if (joint === undefined) return null;
  return (
    <section>
      <h2>While learning</h2>
      <p class="note">
        Validation metric over training steps. <span class="key joint">{joint.sharing}</span>
        {alone && <span class="key alone"> alone</span>}
      </p>
      <div class="curves">
        {tasks.map((task, t) => (
          <figure key={task.name} class="multiple" style={`--h:${hueOf(t)}`}>
            <figcaption>
              <span class="swatch" />
              <b class="name">{task.name}</b>{' '}
              <span class="soft">
                {task.metric} {last(joint, t)}
              </span>
            </figcaption>
            <Sheet
              of={learningCurve({
                id: `curve-${t}`,
                title: `${task.name}: ${task.metric} on the validation rows over training steps`,
                multi: curveView(joint.curve, t),
                independent: alone && curveView(alone.curve, t),
                higherIsBetter: task.higherIsBetter,
              })}
            />
          </figure>
        ))}
      </div>
    </section>
  );
}

function last({ curve }: ToldTraining, task: number): string {
  const { mean } = curveView(curve.slice(-1), task);
  return score(mean.at(-1)?.metric ?? null);
}
