import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';

/** Words by which a table is narrowed. */
export function Filter({ words, hint }: { words: Signal<string>; hint: string }): JSX.Element {
  return (
    <label class="filter">
      Filter
      <input
        type="search"
        placeholder={hint}
        value={words.value}
        onInput={(event) => {
          words.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

/** Whether a text has all the words. */
export function has(text: string, words: Signal<string>): boolean {
  const all = text.toLowerCase();
  return words.value
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
