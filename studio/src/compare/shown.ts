import { type Signal, signal } from '@preact/signals';
import { has } from '../filter.tsx';
import type { StandingRun } from './standing.ts';

/** The run that the pointer or the keyboard is on, by id: pointed out in all drawings. */
export const lit: Signal<string | undefined> = signal(undefined);

/** Words that a run must have to be kept in sight. */
export const filter: Signal<string> = signal('');

/** Parts of axes that a run must lie in to be kept in sight, by the key of the axis. */
export const ranges: Signal<ReadonlyMap<string, readonly [number, number]>> = signal(new Map());

/** Whether a run has all the words. */
export function matches({ run: { name, sharing, objective, settings } }: StandingRun): boolean {
  return has([name, sharing, objective, ...Object.values(settings).map(String)].join(' '), filter);
}
