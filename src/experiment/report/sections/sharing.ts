import { formatValue } from '../../../common/options.ts';
import type { RunResult, TrialResult } from '../../result.ts';
import { architecture, drawingKey } from '../charts/architecture.ts';
import { heatmap } from '../charts/heatmap.ts';
import { useOverTime } from '../charts/use-over-time.ts';
import { html, type Markup } from '../html.ts';
import type { TaskMark } from '../view.ts';
import { type WatchedView, watchedViews } from '../watched.ts';
import { ownershipFigure } from './ownership.ts';

type Hues = ReadonlyMap<string, number>;

/** Small multiples for this many rows; of more, for their mean. */
const MULTIPLES = 8;

/** How the joint model shares: its drawing, who owns how much of it, and what tasks made of what they share. */
export function sharingSection(result: RunResult, tasks: readonly TaskMark[]): Markup {
  const { multi, seeds } = result;
  const hues: Hues = new Map(tasks.map(({ name, hue }) => [name, hue]));
  if (multi.parameters.total === 0 && !multi.watched?.length) return html``;
  return html`<section class="sharing"><h2>Sharing</h2>${drawing(result, hues)}${ownershipFigure(multi, hues)}${watchedFigures(multi, tasks, seeds, 'at the state that was kept')}</section>`;
}

/**
 * What the model let be watched: use of experts, also over time, and matrices of parameters.
 *
 * @param when what the last tables are of
 */
export function watchedFigures(
  trained: Pick<TrialResult, 'watched' | 'curve'>,
  tasks: readonly TaskMark[],
  seeds: RunResult['seeds'],
  when: string,
): Markup {
  const hues: Hues = new Map(tasks.map(({ name, hue }) => [name, hue]));
  return html`${watchedViews(trained).map((view) =>
    view.kind === 'use' ? useFigure(view, hues, seeds, when) : matrixFigure(view, hues, seeds, when),
  )}`;
}

function drawing({ multi }: RunResult, hues: Hues): Markup {
  if (multi.architecture === undefined) return html``;
  const { sharing, sketch } = multi.architecture;
  const options = Object.entries(sharing.options).map(([name, value]) => `${name} ${formatValue(value)}`);
  const title = `${sharing.title}: the model from its inputs to its tasks`;
  return html`<p class="note">${sharing.title}. ${sharing.about}${options.length > 0 && html` <span class="options">${options.join(', ')}</span>`}</p><figure><div class="wide" tabindex="0" role="region" aria-label="${title}">${architecture({ title, sketch, hues })}</div><figcaption>${drawingKey(sketch)}</figcaption></figure>`;
}

const UNUSED = 'hardly used: less than a tenth of an even share';

function useFigure(view: WatchedView, hues: Hues, seeds: RunResult['seeds'], when: string): Markup {
  const { name, rows, columns, kept, unused } = view;
  const title = `${name}: how much of each expert a task uses, in per cent`;
  const names = [...unused].map((column) => columns[column]!);
  const which =
    seeds.length > 1 ? ` Of seed ${seeds[0]}: what an expert learns differs from seed to seed.` : '';
  return html`<h3>Use of experts: <span class="name">${name}</span></h3><p class="note">Mean weight on the validation rows ${when}, in per cent.${which}${names.length > 0 && html` <strong class="unused">Hardly used by any task:</strong> ${names.join(', ')}.`}</p>${heatmap(
    {
      title,
      rows,
      columns,
      table: kept,
      scale: 'share',
      marked: { columns: unused, why: UNUSED },
      hues,
    },
  )}${overTime(view, hues)}`;
}

function overTime({ rows, columns, history }: WatchedView, hues: Hues): Markup {
  if (history.length < 2) return html``;
  const steps = history.map(({ step }) => step);
  const lines =
    rows.length <= MULTIPLES
      ? rows.map((row, r) => ({ row, use: history.map(({ table }) => table[r] ?? []) }))
      : [{ row: `mean of ${rows.length} tasks`, use: history.map(({ table }) => meanRow(table)) }];
  return html`<div class="curves time">${lines.map(({ row, use }) => {
    const hue = hues.get(row);
    const title = `${row}: use of experts over training steps`;
    return html`<figure class="multiple"${hue !== undefined && html` style="--h:${hue}"`}><figcaption>${hue !== undefined && html`<span class="swatch"></span>`}<b class="name">${row}</b></figcaption>${useOverTime({ title, columns, steps, use })}</figure>`;
  })}</div>`;
}

function meanRow(table: readonly (readonly number[])[]): number[] {
  return (table[0] ?? []).map((_, c) => table.reduce((sum, row) => sum + row[c]!, 0) / table.length);
}

function matrixFigure(
  { name, rows, columns, kept }: WatchedView,
  hues: Hues,
  seeds: RunResult['seeds'],
  when: string,
): Markup {
  const note = `Parameters ${when}${seeds.length > 1 ? `, the mean over ${seeds.length} seeds` : ''}; blue is above 0, rust below.`;
  return html`<h3><span class="name">${name}</span></h3><p class="note">${note}</p>${heatmap({ title: name, rows, columns, table: kept, scale: 'signed', hues })}`;
}
