import type { JSX } from 'preact';
import type { ListedRun } from '../api.ts';
import type { Told } from './told.ts';
import { Training } from './training.tsx';
import { useTold } from './use-told.ts';

/** A run that is not finished: what it tells, as it tells it. */
export function Learning({ run }: { run: ListedRun }): JSX.Element {
  const told = useTold(run.id).value;
  return (
    <>
      <p class="note">{wordsOf(run, told)}</p>
      {told.searching && <Searching of={told.searching} />}
      <Training told={told} />
    </>
  );
}

const STANDS: Readonly<Record<ListedRun['state'], string>> = {
  running: 'It learns.',
  paused: 'It is paused, and goes on when you ask it to.',
  finished: 'It is finished, but what it found cannot be read: the file is cut short or damaged.',
  stopped: 'It was stopped. "polytask resume" goes on where it was.',
  failed: 'It failed. What it had learned is kept; "polytask resume" goes on from there.',
  interrupted:
    'Its process is gone without a word. What was saved is kept: "polytask resume" goes on from the last checkpoint.',
};

function wordsOf({ state }: ListedRun, { rows, runtime, trainings }: Told): string {
  const data = rows && `${rows.train} rows to learn from, ${rows.validation} to judge by, on ${runtime}.`;
  const nothing = trainings.length === 0 && 'There is no evaluation yet; curves begin with the first.';
  return [STANDS[state], data, nothing].filter(Boolean).join(' ');
}

function Searching({ of }: { of: NonNullable<Told['searching']> }): JSX.Element {
  const { side, stage, candidate, leader, spent, limit, tried } = of;
  return (
    <section>
      <h2>Searching</h2>
      <progress max={limit.total} value={spent} aria-label="Part of the limit that is spent" />
      <p>
        {side === 'together' ? 'Together' : 'Each alone'}, stage {stage}: <b>{candidate ?? 'beginning'}</b>.{' '}
        {tried} tried{leader !== undefined && `, ${leader} leads`}.
      </p>
    </section>
  );
}
