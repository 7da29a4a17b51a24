import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { JournalEntry } from '../../../src/experiment/live/journal.ts';
import { hear, NOTHING_TOLD, type Told } from './told.ts';

/** What a run tells, as it tells it. The browser connects anew by itself when the server was gone, and gets another snapshot. */
export function useTold(id: string): Signal<Told> {
  const told = useMemo(() => signal(NOTHING_TOLD), [id]);
  useEffect(() => {
    const source = new EventSource(`/api/runs/${id}/events`);
    const read = (event: MessageEvent<string>): readonly JournalEntry[] => JSON.parse(event.data);
    source.addEventListener('snapshot', (event) => {
      told.value = read(event).reduce(hear, NOTHING_TOLD);
    });
    source.addEventListener('entries', (event) => {
      told.value = read(event).reduce(hear, told.value);
    });
    return () => source.close();
  }, [id]);
  return told;
}
