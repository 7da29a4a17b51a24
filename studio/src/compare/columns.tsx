import type { JSX } from 'preact';
import type { Interval } from '../../../src/diagnosis/index.ts';
import { intervalBar } from '../../../src/experiment/report/charts/interval-bar.ts';
import { duration, NONE, signed, signedRange } from '../../../src/experiment/report/format.ts';
import type { ComparedRuns } from '../api.ts';
import { follow } from '../router.ts';
import type { StandingRun } from './standing.ts';

/** Tasks of the most whose Δ stands in a column of its own. */
const MOST_TASKS = 12;

/** A column of the leaderboard. */
export interface Column {
  readonly key: string;
  readonly title: string;
  /** Place of the task whose Δ it has. */
  readonly task?: number;
  /** What it is sorted by, the best first. */
  value(run: StandingRun): number | string;
  /** A cell. @param reach where the axis of intervals ends */
  show(run: StandingRun, reach: number): JSX.Element;
}

/** Name, gains, ranks and costs. */
export function columnsOf(tasks: ComparedRuns['tasks']): Column[] {
  const means = tasks.length > 1;
  return [
    {
      key: 'name',
      title: 'Run',
      value: ({ run }) => run.name,
      show: ({ id, run, short, isBaseline }) => (
        <th scope="row" key="name">
          <a href={`/run/${id}`} title={run.name} onClick={follow}>
            {short}
          </a>
          {isBaseline && <span class="soft"> baseline</span>}
        </th>
      ),
    },
    {
      key: 'delta',
      title: means ? 'Mean Δ, %' : 'Δ, %',
      value: ({ delta }) => delta?.mean ?? Number.NEGATIVE_INFINITY,
      show: ({ delta, run }, reach) => <Gain key="delta" delta={delta} reach={reach} label={run.name} />,
    },
    ...tasks.slice(0, means ? MOST_TASKS : 0).map(
      ({ name }, t): Column => ({
        key: `task ${t}`,
        title: name,
        task: t,
        value: (run) => run.tasks[t]?.mean ?? Number.NEGATIVE_INFINITY,
        show: (run, reach) => <Delta key={`task ${t}`} delta={run.tasks[t] ?? null} reach={reach} />,
      }),
    ),
    number(
      'rank',
      'Mean rank',
      ({ run }) => -(run.meanRank ?? Infinity),
      ({ run }) => run.meanRank?.toFixed(1) ?? NONE,
    ),
    number(
      'parameters',
      'Parameters',
      ({ run }) => run.parameters,
      ({ run }) => run.parameters.toLocaleString('en'),
    ),
    number(
      'seconds',
      'Training',
      ({ run }) => run.trainSeconds,
      ({ run }) => duration(run.trainSeconds),
    ),
    number(
      'seeds',
      'Seeds',
      ({ run }) => run.seeds.length,
      ({ run }) => `${run.seeds.length}`,
    ),
  ];
}

/** A column of numbers, and how they are written. */
function number(
  key: string,
  title: string,
  value: Column['value'],
  text: (run: StandingRun) => string,
): Column {
  return {
    key,
    title,
    value,
    show: (run) => (
      <td key={key} class="number">
        {text(run)}
      </td>
    ),
  };
}

/** Δ with its interval as a picture and in words. */
function Gain({
  delta,
  reach,
  label,
}: {
  delta: Interval | null;
  reach: number;
  label: string;
}): JSX.Element {
  if (delta === null) return <td class="number">{NONE}</td>;
  const bar = intervalBar(delta, reach, label).text;
  return (
    <td class={`gain ${delta.mean < 0 ? 'hurt' : 'helped'}`}>
      <b>{signed(delta.mean)}</b> <span dangerouslySetInnerHTML={{ __html: bar }} />{' '}
      <span class="range">{signedRange(delta) ?? 'one seed'}</span>
    </td>
  );
}

/** The number, on a ground that says which way and how far. */
function Delta({ delta, reach }: { delta: Interval | null; reach: number }): JSX.Element {
  if (delta === null) return <td class="number">{NONE}</td>;
  const tint = Math.round(8 + 30 * Math.min(1, Math.abs(delta.mean) / reach));
  return (
    <td
      class={`number cell ${delta.mean < 0 ? 'worse' : 'better'}`}
      style={`--tint:${tint}%`}
      title={signedRange(delta) ?? undefined}
    >
      {signed(delta.mean)}
    </td>
  );
}
