import { truncate } from '../format.ts';
import { html, type Markup } from '../html.ts';

/** Degrees of the colour of each task, by its name. */
export type Hues = ReadonlyMap<string, number>;

const LONGEST_NAME = 28;

/** A name that may be long, with its colour if it is a task's. */
export function taskLabel(name: string, hues: Hues): Markup {
  const hue = hues.get(name);
  const text = html`<span class="name" title="${name}">${truncate(name, LONGEST_NAME)}</span>`;
  return hue === undefined ? text : html`<span style="--h:${hue}"><span class="swatch"></span>${text}</span>`;
}
