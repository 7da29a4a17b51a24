import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { MOST_COMPARED } from '../../../src/studio/compared-runs.ts';
import { type ComparedRuns, compareRuns, type ListedRun, listRuns } from '../api.ts';
import { usePolled } from '../polled.ts';
import { follow } from '../router.ts';
import { Trouble } from '../trouble.tsx';
import { address, change } from './address.ts';
import { type Ground, groundsOf } from './grounds.ts';
import { Leaderboard } from './leaderboard.tsx';
import { Parallel } from './parallel.tsx';
import { Significance } from './significance.tsx';
import { standingRuns } from './standing.ts';
import { TradeOff } from './trade-off.tsx';
import './compare.css';

/** Runs that are compared unless others are asked for. */
const MOST_AT_FIRST = 20;

/** Runs of one table side by side: which does best, what settings do, what two tasks cost each other, and what stands. */
export function ComparePage(): JSX.Element {
  const listed = usePolled(listRuns, 5000, 'runs').value;
  document.title = 'Compare, Polytask';
  if (listed.value === undefined) return <Trouble error={listed.error} waiting="Looking for runs" />;
  const grounds = groundsOf(listed.value);
  const wanted = address.value.runs;
  const ids = wanted.length > 0 ? wanted : firstOf(grounds[0]);
  return (
    <section class="compare">
      <h1>Compare</h1>
      <Trouble error={listed.error} />
      {ids.length === 0 ? (
        <Empty />
      ) : (
        <Compared key={ids.join()} ids={ids} grounds={grounds} listed={listed.value} />
      )}
    </section>
  );
}

const firstOf = (ground: Ground | undefined): string[] =>
  ground?.runs.slice(0, MOST_AT_FIRST).map(({ id }) => id) ?? [];

interface Props {
  readonly ids: readonly string[];
  readonly grounds: readonly Ground[];
  readonly listed: readonly ListedRun[];
}

function Compared({ ids, grounds, listed }: Props): JSX.Element {
  const { baseline } = address.value;
  const answer = usePolled(() => compareRuns(ids, baseline), 30_000, [baseline, ...ids].join()).value;
  const ground = grounds.find(({ runs }) => runs.some(({ id }) => ids.includes(id)));
  const all = ground?.runs.slice(0, MOST_COMPARED) ?? [];
  return (
    <>
      <div class="chosen">
        <label>
          Table
          <select
            value={ground?.key}
            onChange={(event) => {
              const next = grounds.find(({ key }) => key === event.currentTarget.value);
              change({ runs: firstOf(next), baseline: '', between: [0, 1] });
            }}
          >
            {grounds.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Against
          <select
            value={baseline ?? ''}
            onChange={(event) => change({ baseline: event.currentTarget.value })}
          >
            <option value="">each task alone, of each run</option>
            {listed
              .filter(({ id, kind }) => ids.includes(id) && kind === 'fit')
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
          </select>
        </label>
        {all.length > ids.length && (
          <button type="button" onClick={() => change({ runs: all.map(({ id }) => id) })}>
            All {all.length} of this table
          </button>
        )}
      </div>
      {answer.value === undefined ? (
        answer.error === undefined ? (
          <Trouble error={undefined} waiting="Comparing" />
        ) : (
          <p class="trouble" role="alert">
            {answer.error}
          </p>
        )
      ) : (
        <Shown answer={answer.value} ids={ids} />
      )}
    </>
  );
}

function Shown({ answer, ids }: { answer: ComparedRuns; ids: readonly string[] }): JSX.Element {
  const { fits } = answer;
  const { baseline } = address.value;
  const runs = useMemo(() => (fits ? standingRuns(answer, fits, baseline) : []), [answer, baseline]);
  return (
    <>
      {fits ? (
        <>
          <Leaderboard runs={runs} tasks={answer.tasks} ids={ids} />
          <Parallel runs={runs} fits={fits} tasks={answer.tasks} />
        </>
      ) : (
        <p class="note">
          A leaderboard takes two runs of one table: train another way, with another <code>--sharing</code> or{' '}
          <code>--objective</code> and the same <code>--split</code> and seeds.
        </p>
      )}
      {answer.tasks.length > 1 && <TradeOff answer={answer} />}
      {fits && <Significance runs={runs} fits={fits} />}
    </>
  );
}

function Empty(): JSX.Element {
  return (
    <div class="empty">
      <p>
        Nothing is finished yet that could be compared. Train the same tasks in two ways, or look at{' '}
        <a href="/" onClick={follow}>
          what is learning
        </a>
        :
      </p>
      <pre>
        <code>
          polytask fit people.csv --task income --task hours{'\n'}
          polytask fit people.csv --task income --task hours --sharing mmoe
        </code>
      </pre>
    </div>
  );
}
