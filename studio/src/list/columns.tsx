import type { JSX } from 'preact';
import { signed, signedRange } from '../../../src/experiment/report/format.ts';
import type { ListedRun } from '../api.ts';
import { follow } from '../router.ts';
import { Choose } from './choice.tsx';

/** A column of the table of runs. */
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly number?: boolean;
  /** What it is sorted by. */
  value(run: ListedRun): number | string;
  show(run: ListedRun): JSX.Element | string;
}

const NOTHING = '–';

export const COLUMNS: readonly Column[] = [
  {
    key: 'name',
    title: 'Run',
    value: ({ name }) => name,
    show: (run) => (
      <>
        <Choose run={run} />{' '}
        <a href={`/run/${run.id}`} onClick={follow}>
          {run.name}
        </a>
      </>
    ),
  },
  { key: 'state', title: 'State', value: ({ state }) => state, show: (run) => <State run={run} /> },
  {
    key: 'delta',
    title: 'Mean Δ, %',
    number: true,
    value: ({ summary }) => summary?.delta?.mean ?? Number.NEGATIVE_INFINITY,
    show: ({ summary }) => {
      const delta = summary?.delta;
      if (!delta) return NOTHING;
      return (
        <span class={delta.mean < 0 ? 'worse' : 'better'} title={signedRange(delta) ?? undefined}>
          {signed(delta.mean)}
        </span>
      );
    },
  },
  {
    key: 'sharing',
    title: 'Sharing',
    value: ({ summary }) => summary?.sharing ?? '',
    show: ({ summary }) => summary?.sharing ?? NOTHING,
  },
  {
    key: 'objective',
    title: 'Objective',
    value: ({ summary }) => summary?.objective ?? '',
    show: ({ summary }) => summary?.objective ?? NOTHING,
  },
  {
    key: 'tasks',
    title: 'Tasks',
    value: ({ summary }) => summary?.taskCount ?? 0,
    show: ({ summary }) => {
      if (summary === undefined) return NOTHING;
      const names = summary.tasks.slice(0, 2).map(({ name }) => name);
      const more = summary.taskCount - names.length;
      return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    },
  },
  {
    key: 'parameters',
    title: 'Parameters',
    number: true,
    value: ({ summary }) => summary?.parameters ?? 0,
    show: ({ summary }) => summary?.parameters?.toLocaleString('en') ?? NOTHING,
  },
  {
    key: 'changed',
    title: 'Changed',
    value: ({ changed }) => changed,
    show: ({ changed }) => new Date(changed).toISOString().slice(0, 16).replace('T', ' '),
  },
];

const WORDS: Readonly<Record<ListedRun['state'], string>> = {
  running: 'learning',
  paused: 'paused',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
  interrupted: 'interrupted',
};

/** How a run stands, and how far it is. */
export function State({ run }: { run: ListedRun }): JSX.Element {
  const { state, epoch, maxEpochs, spent, limit, error } = run;
  const far =
    spent !== undefined && limit !== undefined
      ? ` ${Math.round((100 * spent) / limit)} %`
      : epoch !== undefined && state !== 'finished'
        ? ` epoch ${epoch} of ${maxEpochs}`
        : '';
  return (
    <span class={`state ${state}`} title={error}>
      {WORDS[state]}
      {state === 'finished' ? '' : far}
    </span>
  );
}

export function sorted(
  runs: readonly ListedRun[],
  { column, falling }: { readonly column: string; readonly falling: boolean },
): readonly ListedRun[] {
  const { value } = COLUMNS.find(({ key }) => key === column)!;
  const sign = falling ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return sign * (x < y ? -1 : x > y ? 1 : 0);
  });
}
