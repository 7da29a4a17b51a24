import type { Architecture } from '../../model/index.ts';
import { architecture } from './charts/architecture.ts';
import { PALETTE } from './style-palette.ts';
import { DRAWING } from './style-sharing.ts';
import { hueOf } from './view.ts';

/**
 * The drawing of a model as an SVG file: light or dark as its reader is, without scripts, loading nothing.
 *
 * @param tasks in the order of the report, for the colours
 */
export function renderDrawing({ sharing, sketch }: Architecture, tasks: readonly string[]): string {
  const hues = new Map(tasks.map((name, index) => [name, hueOf(index)]));
  const { text } = architecture({ title: sharing.title, sketch, hues });
  const style = `<style>${PALETTE}${DRAWING}.architecture { background: var(--paper); }</style>`;
  const file = text
    .replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')
    .replace('</desc>', `</desc>${style}`);
  return `${file}\n`;
}
