import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { tabbed } from '../../../src/experiment/report/charts/carried.ts';
import { hueOf } from '../../../src/experiment/report/view.ts';
import type { ComparedFits } from '../../../src/studio/compared-runs.ts';
import type { ComparedRuns } from '../api.ts';
import { useChart } from '../charts/use-chart.ts';
import { type Axis, axesOf } from './axes.ts';
import { lit, matches, ranges } from './shown.ts';
import type { StandingRun } from './standing.ts';

/** Pixels from one axis to the next, and where in them the axis lies. */
const ROW = 68;
const LINE = 30;

/**
 * Parallel coordinates, an axis below each other, better to the right: a line for each run. Each axis has two handles that
 * keep in sight what lies between them.
 *
 * A. Inselberg: The plane with parallel coordinates. The Visual Computer 1, 1985.
 */
export function Parallel({
  runs,
  fits,
  tasks,
}: {
  runs: readonly StandingRun[];
  fits: ComparedFits;
  tasks: ComparedRuns['tasks'];
}): JSX.Element {
  const axes = useMemo(() => axesOf(runs, fits, tasks), [runs]);
  const kept = runs.filter((run) => matches(run) && axes.every((axis) => isWithin(axis, run)));
  const height = ROW * axes.length;
  const chart = useChart();
  // Axes of other runs are others.
  useEffect(
    () => () => {
      ranges.value = new Map();
    },
    [],
  );
  const title = `Settings and results of ${runs.length} runs, an axis each`;
  return (
    <section>
      <h2>What settings do</h2>
      <p class="note">
        A line for each run, through its settings and what it reached on the test rows; better is to the
        right. <span class="key helped">gains</span> <span class="key hurt">loses</span> {kept.length} of{' '}
        {runs.length} are in sight: handles on each axis narrow it.{' '}
        {ranges.value.size > 0 && (
          <button
            type="button"
            onClick={() => {
              ranges.value = new Map();
            }}
          >
            Show all
          </button>
        )}
      </p>
      <figure class="parallel" ref={chart}>
        <svg role="img" width="100%" height={height}>
          <title>{title}</title>
          <metadata>{dataOf(runs, axes)}</metadata>
          {axes.map(({ key }, row) => (
            <line key={key} class="base" x1="4%" x2="96%" y1={ROW * row + LINE} y2={ROW * row + LINE} />
          ))}
          {[...runs]
            .sort((a, b) => Number(a.id === lit.value) - Number(b.id === lit.value))
            .map((run) => (
              <Line key={run.id} run={run} axes={axes} faint={!kept.includes(run)} />
            ))}
        </svg>
        {axes.map((axis, row) => (
          <AxisRow key={axis.key} axis={axis} top={ROW * row} />
        ))}
      </figure>
    </section>
  );
}

function Line({
  run,
  axes,
  faint,
}: {
  run: StandingRun;
  axes: readonly Axis[];
  faint: boolean;
}): JSX.Element {
  const stops = axes.flatMap((axis, row) => {
    const at = axis.at(run);
    return at === undefined ? [] : [{ x: percent(at), y: ROW * row + LINE }];
  });
  const way = run.delta === null ? '' : run.delta.mean < 0 ? 'hurt' : 'helped';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: rows of the leaderboard point out the same run by keys.
    <g
      class={`run ${way} ${faint ? 'faint' : ''} ${lit.value === run.id ? 'lit' : ''}`}
      onMouseEnter={() => {
        lit.value = run.id;
      }}
      onMouseLeave={() => {
        lit.value = undefined;
      }}
    >
      <title>{run.run.name}</title>
      {stops.slice(1).map((to, i) => (
        <line key={to.y} x1={stops[i]!.x} y1={stops[i]!.y} x2={to.x} y2={to.y} />
      ))}
      {stops.map(({ x, y }) => (
        <circle key={y} cx={x} cy={y} r="3.5" />
      ))}
    </g>
  );
}

/** The name of an axis, its marks, and two handles. */
function AxisRow({ axis, top }: { axis: Axis; top: number }): JSX.Element {
  const { key, name, detail, task, marks } = axis;
  const [low, high] = ranges.value.get(key) ?? [0, 1];
  const narrow = (next: readonly [number, number]): void => {
    const others = [...ranges.value].filter(([other]) => other !== key);
    const all = next[0] === 0 && next[1] === 1;
    ranges.value = new Map(all ? others : [...others, [key, next]]);
  };
  return (
    <div class="axis-row" style={`top:${top}px${task === undefined ? '' : `;--h:${hueOf(task)}`}`}>
      <div class="axis-name">
        <b class="name">{name}</b> <span class="soft">{detail}</span>
      </div>
      <Handle
        side="least"
        name={name}
        value={low}
        onInput={(value) => narrow([Math.min(value, high), high])}
      />
      <Handle side="most" name={name} value={high} onInput={(value) => narrow([low, Math.max(value, low)])} />
      {marks.map(({ at, text }) => (
        <span
          key={text}
          class="mark"
          style={
            at < 0.25
              ? `left:${percent(at)}`
              : at > 0.75
                ? `right:${percent(1 - at)}`
                : `left:${percent(at)};translate:-50%`
          }
        >
          {text}
        </span>
      ))}
    </div>
  );
}

function Handle({
  side,
  name,
  value,
  onInput,
}: {
  side: 'least' | 'most';
  name: string;
  value: number;
  onInput(value: number): void;
}): JSX.Element {
  return (
    <input
      type="range"
      class={`handle ${side}`}
      min={0}
      max={1}
      step={0.01}
      value={value}
      aria-label={`${name}: the ${side} that is in sight`}
      aria-valuetext={`${Math.round(100 * value)} % of the axis`}
      onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
    />
  );
}

/** A run without a value is in sight as long as the axis is whole. */
function isWithin(axis: Axis, run: StandingRun): boolean {
  const range = ranges.value.get(axis.key);
  if (range === undefined) return true;
  const at = axis.at(run);
  return at !== undefined && at >= range[0] - 1e-9 && at <= range[1] + 1e-9;
}

/** What the drawing shows, as a table. */
function dataOf(runs: readonly StandingRun[], axes: readonly Axis[]): string {
  return tabbed(
    ['run', ...axes.map(({ name }) => name)],
    runs.map((run) => [run.run.name, ...axes.map((axis) => axis.value(run))]),
  );
}

const percent = (share: number): string => `${(4 + 92 * share).toFixed(2)}%`;
