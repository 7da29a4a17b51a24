import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { frontSections } from '../../../src/experiment/report/front/page.ts';
import { type OpenedRun, openRun } from '../api.ts';
import { State } from '../list/columns.tsx';
import { usePolled } from '../polled.ts';
import { Sheet } from '../sheet.tsx';
import { Trouble } from '../trouble.tsx';
import { Controls } from './controls.tsx';
import { Finished } from './finished.tsx';
import { Learning } from './learning.tsx';

const MOVES = new Set(['running', 'paused']);

/** One run: what it found, or what it does. */
export function RunPage({ id }: { id: string }): JSX.Element {
  const opened = usePolled(() => openRun(id), 2000, id).value;
  const { value, error } = opened;
  const found = useMemo(() => value && foundBy(id, value), [id, value?.run.changed, value?.run.state]);
  if (value === undefined) return <Trouble error={error} waiting="Opening the run" />;
  const { run } = value;
  document.title = `${run.name}, Polytask`;
  return (
    <article class="run">
      <div class="title">
        <h1 class="name">{run.name}</h1>
        <State run={run} />
        {MOVES.has(run.state) && <Controls id={id} state={run.state} />}
      </div>
      <Trouble error={error} />
      {run.error !== undefined && (
        <pre class="trouble">
          <code>{run.error}</code>
        </pre>
      )}
      {found ?? <Learning run={run} />}
    </article>
  );
}

/** What a run found, drawn once and not each time that it is asked for; undefined while it has found nothing. */
function foundBy(id: string, { config, result, front }: OpenedRun): JSX.Element | undefined {
  if (result) return <Finished id={id} result={result} config={config} />;
  return front && <Sheet of={frontSections(front)} />;
}
