import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Playground } from './store.ts';
import './drop-target.css';

/** The whole page takes files that are dropped on it, and shows so while one is held above it. */
export function DropTarget({ of: playground }: { of: Playground }): JSX.Element | null {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const ended = new AbortController();
    const listen = (name: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void) =>
      addEventListener(name, (event) => holdsFiles(event) && act(event), { signal: ended.signal });
    const hold = (event: DragEvent): void => {
      // What is not prevented is opened by the browser in the page's place.
      event.preventDefault();
      setHeld(true);
    };
    listen('dragenter', hold);
    listen('dragover', hold);
    // Between two elements of the page there is another that is entered; out of the window there is none.
    listen('dragleave', ({ relatedTarget }) => relatedTarget === null && setHeld(false));
    listen('drop', (event) => {
      event.preventDefault();
      setHeld(false);
      const [file] = event.dataTransfer!.files;
      if (file) void playground.take(file);
    });
    return () => ended.abort();
  }, [playground]);
  return held ? <div class="drop-target">Drop the CSV to learn from it</div> : null;
}

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;
