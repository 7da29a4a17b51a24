import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { type ListedRun, listRuns } from '../api.ts';
import { Filter, has } from '../filter.tsx';
import { usePolled } from '../polled.ts';
import { Trouble } from '../trouble.tsx';
import { Choice } from './choice.tsx';
import { COLUMNS, sorted } from './columns.tsx';
import { VirtualRows } from './virtual-rows.tsx';

const filter = signal('');
const order = signal<{ readonly column: string; readonly falling: boolean }>({
  column: 'changed',
  falling: true,
});

/** All runs of the folder: a table to sort and to filter. */
export function RunsPage(): JSX.Element {
  const runs = usePolled(listRuns, 3000, 'runs').value;
  document.title = 'Runs, Polytask';
  if (runs.value === undefined) return <Trouble error={runs.error} waiting="Looking for runs" />;
  const shown = sorted(
    runs.value.filter((run) => has(textOf(run), filter)),
    order.value,
  );
  return (
    <section class="runs">
      <h1>Runs</h1>
      <Trouble error={runs.error} />
      {runs.value.length === 0 ? (
        <Empty />
      ) : (
        <>
          <Filter words={filter} hint="task, sharing, state …" />
          <p class="note" aria-live="polite">
            {shown.length} of {runs.value.length} runs
          </p>
          <Choice />
          <VirtualRows
            rows={shown}
            columns={COLUMNS}
            order={order.value}
            onOrder={(column) => {
              const { column: before, falling } = order.value;
              order.value = { column, falling: before === column ? !falling : true };
            }}
          />
        </>
      )}
    </section>
  );
}

function textOf({ name, state, summary }: ListedRun): string {
  const { sharing = '', objective = '', source = '', tasks = [] } = summary ?? {};
  return [name, state, sharing, objective, source, ...tasks.map((task) => task.name)].join(' ');
}

function Empty(): JSX.Element {
  return (
    <div class="empty">
      <p>There are no runs here yet. Train one, and it appears while it learns:</p>
      <pre>
        <code>polytask fit people.csv --task income --task hours</code>
      </pre>
    </div>
  );
}
