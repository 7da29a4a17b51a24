import type { JSX } from 'preact';
import { heatmap } from '../../../src/experiment/report/charts/heatmap.ts';
import { useOverTime } from '../../../src/experiment/report/charts/use-over-time.ts';
import { hueOf, thinned } from '../../../src/experiment/report/view.ts';
import { Sheet } from '../sheet.tsx';
import { type Line, Lines } from './lines.tsx';
import type { Point, WatchedShape } from './messages.ts';
import type { Playground } from './store.ts';

/** What happens inside: how gradients meet, what losses weigh, how large θ is, who uses which expert. */
export function Inside({ of: playground }: { of: Playground }): JSX.Element {
  const points = thinned(playground.points.value);
  const marks = playground.changes.value;
  const names = playground.opened.value!.tasks.map(({ name }) => name);
  const hues = new Map(names.map((name, t) => [name, hueOf(t)]));
  const last = points.at(-1);
  const line = (
    name: string,
    of: (point: Point) => number | null | undefined,
    style: string = INK,
  ): Line => ({
    name,
    style,
    points: points.flatMap((point) => {
      const value = of(point);
      return typeof value === 'number' ? [{ step: point.step, value }] : [];
    }),
  });
  const pairs = names.flatMap((_, t) => names.slice(0, t).map((_name, u) => [u, t] as const));
  const parts = last?.parts ?? [];
  return (
    <section class="inside">
      <h2>Inside</h2>
      {last === undefined && (
        <p class="note">
          With the first pass this shows how the tasks’ gradients meet, what losses weigh, how large the
          parameters are, and which experts are used.
        </p>
      )}
      <div class="pictures">
        {last?.met && (
          <figure class="multiple">
            <figcaption>
              <b>cosine</b> gradients: apart below 0
            </figcaption>
            <Lines
              title="Cosine of the tasks' gradients over training steps"
              bounds={[-1, 1]}
              marks={marks}
              lines={pairs.map(([u, t]) =>
                line(`${names[u]}, ${names[t]}`, ({ met }) => met?.cosines[u]?.[t]),
              )}
            />
          </figure>
        )}
        {points.some(({ weights }) => weights) && (
          <figure class="multiple">
            <figcaption>
              <b>weights</b> of the tasks’ losses
            </figcaption>
            <Lines
              title="Weights of the losses over training steps"
              marks={marks}
              lines={names.map((name, t) => line(name, ({ weights }) => weights?.[t], `--h:${hueOf(t)}`))}
            />
          </figure>
        )}
        {last && (
          <figure class="multiple">
            <figcaption>
              <b>size of θ</b>{' '}
              {parts.map(({ name, size }) => (
                <span key={name} class="part" style={styleOf(name, hues)}>
                  {name} ({size}){' '}
                </span>
              ))}
            </figcaption>
            <Lines
              title="Root mean square of shared parameters and of each task's over training steps"
              marks={marks}
              lines={parts.map(({ name }) =>
                line(
                  name,
                  (point) => point.parts.find((part) => part.name === name)?.rms,
                  styleOf(name, hues),
                ),
              )}
            />
          </figure>
        )}
        {playground.watched.value.map((table) => (
          <Watched key={table.name} table={table} points={points} hues={hues} />
        ))}
      </div>
    </section>
  );
}

const INK = '--task:var(--ink)';

/** The colour of a task, of experts, or of what all share. */
function styleOf(name: string, hues: ReadonlyMap<string, number>): string {
  if (hues.has(name)) return `--h:${hues.get(name)}`;
  return name === 'experts' ? '--task:var(--expert)' : INK;
}

/** Use of experts as layers over time, a drawing a task; a matrix as it is now. */
function Watched({
  table,
  points,
  hues,
}: {
  table: WatchedShape;
  points: readonly Point[];
  hues: ReadonlyMap<string, number>;
}): JSX.Element {
  const { name, kind, rows, columns } = table;
  const known = points.filter(({ watched }) => watched?.[name]?.[0]?.length === columns.length);
  if (kind === 'matrix')
    return (
      <figure class="multiple">
        <figcaption>
          <b>{name}</b>
        </figcaption>
        <Sheet
          of={heatmap({
            title: name,
            rows,
            columns,
            table: known.at(-1)?.watched?.[name] ?? [],
            scale: 'signed',
            hues,
          })}
        />
      </figure>
    );
  const shown = thinned(known, 80);
  return (
    <>
      {rows.map((row, r) => (
        <figure key={row} class="multiple" style={styleOf(row, hues)}>
          <figcaption>
            <b>{name}</b> of {row}: use of experts
          </figcaption>
          <Sheet
            of={useOverTime({
              title: `${name} of ${row}: use of experts over training steps`,
              columns,
              steps: shown.map(({ step }) => step),
              use: shown.map(({ watched }) => watched![name]![r]!),
            })}
          />
        </figure>
      ))}
    </>
  );
}
