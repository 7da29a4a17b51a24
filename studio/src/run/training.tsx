import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { learningCurve } from '../../../src/experiment/report/charts/learning-curve.ts';
import { score } from '../../../src/experiment/report/format.ts';
import { objectiveSection } from '../../../src/experiment/report/sections/objective.ts';
import { watchedFigures } from '../../../src/experiment/report/sections/sharing.ts';
import { curveView, hueOf, MANY_TASKS, type TaskMark } from '../../../src/experiment/report/view.ts';
import type { WatchedTable } from '../../../src/optimization/watching.ts';
import { Drawn } from './drawn.tsx';
import { GradientsOverTime } from './gradients.tsx';
import type { Told, ToldTraining } from './told.ts';

/** Of many tasks, so many are drawn. */
const FEW = 6;

/** The trainings of a run that learns, as far as they have come: what its report is going to show of them over time. */
export function Training({ told }: { told: Told }): JSX.Element | null {
  const { tasks, trainings, seeds } = told;
  const marks = useMemo(
    () => tasks.map(({ name }, index): TaskMark => ({ name, index, hue: hueOf(index) })),
    [tasks],
  );
  const own = trainings.filter(({ rows }) => rows === undefined);
  const joint = own.find(({ sharing }) => sharing !== 'independent') ?? own[0];
  const alone = own.find((training) => training !== joint && training.sharing === 'independent');
  const watched = useMemo(() => joint && newestTables(joint), [joint?.curve, joint?.tables]);
  if (joint === undefined) return null;
  const { curve } = joint;
  return (
    <>
      <Curves tasks={tasks} marks={marks} joint={joint} alone={alone} />
      <Drawn
        from={[curve, marks, seeds]}
        draw={() => objectiveSection({ multi: { curve }, seeds }, marks, { matrix: false })}
      />
      <GradientsOverTime trained={joint} tasks={marks} />
      {watched && (
        <section class="sharing">
          <h2>Sharing</h2>
          <Drawn
            from={[watched, curve, marks, seeds]}
            draw={() => watchedFigures({ watched, curve }, marks, seeds, 'at the newest evaluation')}
          />
        </section>
      )}
    </>
  );
}

function Curves({
  tasks,
  marks,
  joint,
  alone,
}: Pick<Told, 'tasks'> & {
  marks: readonly TaskMark[];
  joint: ToldTraining;
  alone: ToldTraining | undefined;
}): JSX.Element {
  const shown = marks.length < MANY_TASKS ? marks : marks.slice(0, FEW);
  return (
    <section>
      <h2>While learning</h2>
      <p class="note">
        {shown !== marks && `The first ${shown.length} of ${marks.length} tasks. `}Validation metric over
        training steps. <span class="key joint">{joint.sharing}</span>
        {alone && <span class="key alone"> alone</span>}
      </p>
      <div class="curves">
        {shown.map(({ name, index, hue }) => {
          const { metric, higherIsBetter } = tasks[index]!;
          return (
            <figure key={name} class="multiple" style={`--h:${hue}`}>
              <figcaption>
                <span class="swatch" />
                <b class="name">{name}</b>{' '}
                <span class="soft">
                  {metric} {last(joint, index)}
                </span>
              </figcaption>
              <Drawn
                from={[joint.curve, alone?.curve, tasks]}
                draw={() =>
                  learningCurve({
                    id: `curve-${index}`,
                    title: `${name}: ${metric} on the validation rows over training steps`,
                    multi: curveView(joint.curve, index),
                    independent: alone && curveView(alone.curve, index),
                    higherIsBetter,
                  })
                }
              />
            </figure>
          );
        })}
      </div>
    </section>
  );
}

function last({ curve }: ToldTraining, task: number): string {
  const { mean } = curveView(curve.slice(-1), task);
  return score(mean.at(-1)?.metric ?? null);
}

/** The tables of the newest point, as a result has them; undefined where there are none. */
function newestTables({ tables = [], curve }: ToldTraining): WatchedTable[] | undefined {
  const values = curve.at(-1)?.watched;
  const known = tables.flatMap((names) => {
    const table = values?.[names.name];
    return table ? [{ ...names, values: [table] }] : [];
  });
  return known.length > 0 ? known : undefined;
}
