import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { JournalEntry } from '../../../src/experiment/live/journal.ts';
import { hear, NOTHING_TOLD, type Told } from './told.ts';

/** Milliseconds between two drawings: a run may tell more often than one can look. */
const EVERY = 1000;

/**
 * What a run tells, as it tells it, at most once a second, and only while the page is looked at. The browser connects anew by itself
 * when the server was gone, and gets another snapshot.
 */
export function useTold(id: string): Signal<Told> {
  const told = useMemo(() => signal(NOTHING_TOLD), [id]);
  useEffect(() => {
    const source = new EventSource(`/api/runs/${id}/events`);
    let heard = NOTHING_TOLD;
    let timer: number | undefined;
    const show = (): void => {
      timer = undefined;
      if (document.visibilityState === 'visible') told.value = heard;
    };
    const listen = (event: string, from: () => Told, wait: number): void =>
      source.addEventListener(event, ({ data }: MessageEvent<string>) => {
        heard = (JSON.parse(data) as readonly JournalEntry[]).reduce(hear, from());
        timer ??= window.setTimeout(show, wait);
      });
    listen('snapshot', () => NOTHING_TOLD, 0);
    listen('entries', () => heard, EVERY);
    document.addEventListener('visibilitychange', show);
    return () => {
      source.close();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', show);
    };
  }, [id]);
  return told;
}
