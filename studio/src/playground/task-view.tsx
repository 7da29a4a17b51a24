import type { JSX } from 'preact';
import { learningCurve } from '../../../src/experiment/report/charts/learning-curve.ts';
import { score } from '../../../src/experiment/report/format.ts';
import { type CurveView, hueOf, thinned } from '../../../src/experiment/report/view.ts';
import { Sheet } from '../sheet.tsx';
import type { Point } from './messages.ts';
import { Predicted } from './pictures/predicted.tsx';
import type { Playground } from './store.ts';

type Scores = Pick<Point, 'losses' | 'metrics'>;

/** One task: what is predicted, and how it got there, together and alone. */
export function TaskView({ of: playground, task: t }: { of: Playground; task: number }): JSX.Element {
  const { tasks, picture } = playground.opened.value!;
  const { name, metric, higherIsBetter } = tasks[t]!;
  const points = playground.points.value;
  const marks = playground.changes.value;
  const curves = (of: (scores: Scores) => number | null | undefined): [CurveView, CurveView | undefined] => {
    const alone = curveOf(points, ({ alone }) => alone && of(alone));
    return [curveOf(points, of), alone.mean.length > 0 ? alone : undefined];
  };
  const [metrics, metricsAlone] = curves((scores) => scores.metrics[t]);
  const [losses, lossesAlone] = curves((scores) => scores.losses[t]);
  const now = (view: CurveView | undefined): string => score(view?.mean.at(-1)?.metric ?? null);
  return (
    <section class="task" style={`--h:${hueOf(t)}`} aria-label={name}>
      <h2>
        <span class="swatch" />
        {name}
      </h2>
      <div class="pictures">
        <Predicted picture={picture} task={t} values={playground.predictions.value[t]} />
        <figure class="multiple">
          <figcaption>
            <b>{metric}</b> {now(metrics)}
            {metricsAlone && `, alone ${now(metricsAlone)}`}
          </figcaption>
          <Sheet
            of={learningCurve({
              id: `metric-${t}`,
              title: `${name}: ${metric} on the validation rows over training steps`,
              multi: metrics,
              independent: metricsAlone,
              higherIsBetter,
              marks,
            })}
          />
        </figure>
        <figure class="multiple">
          <figcaption>
            <b>loss</b> {now(losses)}
            {lossesAlone && `, alone ${now(lossesAlone)}`}
          </figcaption>
          <Sheet
            of={learningCurve({
              id: `loss-${t}`,
              title: `${name}: training loss over training steps`,
              multi: losses,
              independent: lossesAlone,
              higherIsBetter: false,
              marks,
            })}
          />
        </figure>
      </div>
    </section>
  );
}

function curveOf(points: readonly Point[], of: (point: Point) => number | null | undefined): CurveView {
  const mean = thinned(points).flatMap((point) => {
    const metric = of(point);
    return typeof metric === 'number' ? [{ step: point.step, metric }] : [];
  });
  const values = mean.map(({ metric }) => metric);
  return { mean, low: values, high: values };
}
