import type { TrialResult } from '../../result.ts';
import { type OwnedShare, ownershipBar } from '../charts/ownership-bar.ts';
import { whole } from '../format.ts';
import { html, type Markup } from '../html.ts';

/** Of more tasks or experts than this, one entry stands for all. */
const MOST_LISTED = 8;

/** θ = (shared, experts, tasks): who owns how much, as a bar with its numbers, and what a row costs. */
export function ownershipFigure(
  { parameters, architecture }: TrialResult,
  hues: ReadonlyMap<string, number>,
): Markup {
  const { total, shared } = parameters;
  if (total === 0) return html``;
  const experts = Object.entries(parameters.experts);
  const tasks = Object.entries(parameters.tasks);
  const parts: OwnedShare[] = [
    ...(shared > 0 ? [{ label: 'shared', count: shared, owner: 'shared' } as const] : []),
    ...entries(experts, 'expert', 'experts', () => undefined),
    ...entries(tasks, 'task', 'tasks', (name) => hues.get(name)),
  ];
  const per = (count: number): string => `${whole(count)}, ${percentOf(count, total)}`;
  const title = `Who owns the ${whole(total)} parameters: ${parts.map(({ label, count }) => `${label} ${per(count)}`).join('; ')}`;
  return html`<h3>Who owns the parameters</h3><figure>${ownershipBar(parts, title)}<figcaption><ul class="owned">${parts.map(
    ({ label, count, owner, hue }) =>
      html`<li class="${owner}"${hue !== undefined && html` style="--h:${hue}"`}><span class="name">${label}</span> <b>${whole(count)}</b> ${percentOf(count, total)}</li>`,
  )}</ul></figcaption></figure>${architecture && html`<p class="note">${whole(total)} parameters; ${whole(architecture.flops)} floating-point operations to predict a row.</p>`}`;
}

function entries(
  counts: readonly (readonly [string, number])[],
  owner: 'expert' | 'task',
  all: string,
  hueOf: (name: string) => number | undefined,
): OwnedShare[] {
  const own = counts.filter(([, count]) => count > 0);
  if (own.length === 0) return [];
  if (own.length > MOST_LISTED || owner === 'expert') {
    const count = own.reduce((sum, [, one]) => sum + one, 0);
    return [{ label: own.length === 1 ? own[0]![0] : `${own.length} ${all}`, count, owner }];
  }
  return own.map(([label, count]) => {
    const hue = hueOf(label);
    return { label, count, owner, ...(hue !== undefined && { hue }) };
  });
}

/** `3.1 %`, and never `0.0 %` for what is something. */
export function percentOf(count: number, total: number): string {
  const percent = (100 * count) / total;
  if (percent > 0 && percent < 0.05) return 'under 0.1\u00a0%';
  return `${percent >= 9.95 ? percent.toFixed(0) : percent.toFixed(1)}\u00a0%`;
}
