import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { deltaReach } from '../../../src/experiment/report/charts/scale.ts';
import { hueOf } from '../../../src/experiment/report/view.ts';
import type { ComparedRuns } from '../api.ts';
import { useChart } from '../charts/use-chart.ts';
import { Filter } from '../filter.tsx';
import { change } from './address.ts';
import { type Column, columnsOf } from './columns.tsx';
import { filter, lit, matches } from './shown.ts';
import type { StandingRun } from './standing.ts';

const order: Signal<{ readonly key: string; readonly falling: boolean }> = signal({
  key: 'delta',
  falling: true,
});

/** Runs by what they gain. */
export function Leaderboard({
  runs,
  tasks,
  ids,
}: {
  runs: readonly StandingRun[];
  tasks: ComparedRuns['tasks'];
  ids: readonly string[];
}): JSX.Element {
  const columns = columnsOf(tasks);
  const { key, falling } = order.value;
  const by = columns.find((column) => column.key === key) ?? columns[1]!;
  const shown = sorted(runs.filter(matches), by, falling);
  const reach = deltaReach(runs.map(({ delta }) => delta));
  const chart = useChart<HTMLDivElement>();
  return (
    <section>
      <h2>Leaderboard</h2>
      <Filter words={filter} hint="name, sharing, setting …" />
      <p class="note" aria-live="polite">
        {shown.length} of {runs.length} runs. Change of the metrics on the test rows in per cent, mean over
        tasks, with 95 % intervals; more is better.
      </p>
      <div ref={chart}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys to be scrolled by them. */}
        <section class="scroll" tabIndex={0} aria-label="Leaderboard">
          <table class="leaderboard">
            <thead>
              <tr>
                {columns.map((column) => (
                  <Head key={column.key} column={column} />
                ))}
                <th scope="col">
                  <span class="hidden">Leave out</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((run) => (
                <Row key={run.id} run={run} columns={columns} reach={reach} ids={ids} />
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </section>
  );
}

function Head({ column: { key, title, task } }: { column: Column }): JSX.Element {
  const { key: by, falling } = order.value;
  const own = by === key;
  return (
    <th
      scope="col"
      class={key === 'name' || key === 'delta' ? undefined : 'number'}
      style={task === undefined ? undefined : `--h:${hueOf(task)}`}
      aria-sort={own ? (falling ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        onClick={() => {
          order.value = { key, falling: own ? !falling : true };
        }}
      >
        {task !== undefined && <span class="swatch" />}
        {title}
        <span aria-hidden="true">{own ? (falling ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

interface RowProps {
  readonly run: StandingRun;
  readonly columns: readonly Column[];
  readonly reach: number;
  readonly ids: readonly string[];
}

function Row({ run, columns, reach, ids }: RowProps): JSX.Element {
  const point = (id: string | undefined) => () => {
    lit.value = id;
  };
  return (
    <tr
      class={lit.value === run.id ? 'lit' : undefined}
      onMouseEnter={point(run.id)}
      onMouseLeave={point(undefined)}
      onFocusIn={point(run.id)}
      onFocusOut={point(undefined)}
    >
      {columns.map((column) => column.show(run, reach))}
      <td>
        {ids.length > 1 && (
          <button
            type="button"
            class="leave"
            aria-label={`Leave out ${run.run.name}`}
            title="Leave out"
            onClick={() =>
              change({ runs: ids.filter((id) => id !== run.id), ...(run.isBaseline && { baseline: '' }) })
            }
          >
            ×
          </button>
        )}
      </td>
    </tr>
  );
}

function sorted(runs: readonly StandingRun[], { value }: Column, falling: boolean): readonly StandingRun[] {
  const sign = falling ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return sign * (x < y ? -1 : x > y ? 1 : 0);
  });
}
