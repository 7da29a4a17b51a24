import type { RunResult } from '../../result.ts';
import type { LeaderboardEntry, SearchResult } from '../../search/result.ts';
import { scoreStrip } from '../charts/score-strip.ts';
import { NONE, signed, signedRange, unbroken, whole } from '../format.ts';
import { html, type Markup } from '../html.ts';

/** So many are shown; the rest is folded away. */
const SHOWN = 10;
const GOALS: Readonly<Record<string, string>> = {
  mean: 'the mean over tasks',
  worst: 'the task that is worst off',
};

/** What was tried and what was chosen, where the run searched. */
export function searchSection({ search }: RunResult): Markup {
  if (search === undefined) return html``;
  const { leaderboard, words, chosen, objective } = search;
  const range = chosen.delta && signedRange(chosen.delta);
  const gain =
    chosen.delta &&
    html` Against each task alone, found with as much: <b>${signed(chosen.delta.mean)} %</b>${range !== null && ` (${range} %)`} on the test rows.`;
  const scale = scaleOf(leaderboard);
  const rows = leaderboard.map((entry, i) => row(entry, i, scale, search));
  return html`<section class="search"><h2>What was tried</h2><p class="note">${unbroken(words.join(' '))}${gain}</p>
<p class="note">Scores are of the validation rows: ${GOALS[objective] ?? objective}, where 0 is the best constant and 1 is perfect; a tick is a seed.</p>
${table(rows.slice(0, SHOWN))}
${rows.length > SHOWN && html`<details><summary>${rows.length - SHOWN} more</summary>${table(rows.slice(SHOWN))}</details>`}
</section>`;
}

function table(rows: readonly Markup[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="What was tried"><table><thead><tr><th scope="col" class="number">#</th><th scope="col">Way</th><th scope="col">Side</th><th scope="col" class="number">Score</th><th scope="col"><span class="hidden">Seeds</span></th><th scope="col" class="number">Steps</th><th scope="col" class="number">Seconds</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function row(
  entry: LeaderboardEntry,
  index: number,
  scale: readonly [number, number],
  { chosen }: SearchResult,
): Markup {
  const { side, name, score, scores, steps, seconds, finished, failure, groups } = entry;
  const isChosen = chosen.parts.some((part) => part.side === side && part.name === name);
  const label = `${name}: ${score === null ? 'broke down' : score.toPrecision(4)}`;
  const divided =
    groups && html` <span class="soft">${groups.map((group) => group.join(', ')).join(' | ')}</span>`;
  return html`<tr class="${side}${isChosen ? ' chosen' : ''}"><td class="number soft">${index + 1}</td><td class="way-name"><span class="name">${name}</span>${isChosen && html` <b class="mark">chosen</b>`}${divided}${failure !== undefined && html` <span class="hurt">diverged</span>`}</td><td>${side}</td><td class="number strong">${score === null ? NONE : score.toPrecision(4)}</td><td>${score !== null && scores !== undefined && scoreStrip(scores, score, scale, label)}</td><td class="number">${whole(steps)}${!finished && html`<span class="soft" title="not trained to its end">…</span>`}</td><td class="number">${seconds.toFixed(1)}</td></tr>`;
}

/** From the middle of the field to the best: whoever is far behind stands at the left edge. */
function scaleOf(leaderboard: readonly LeaderboardEntry[]): [number, number] {
  const means = leaderboard.flatMap(({ score }) => (score === null ? [] : [score])).sort((a, b) => b - a);
  const best = Math.max(
    ...leaderboard.slice(0, SHOWN).flatMap(({ scores = [] }) => [...scores]),
    means[0] ?? 1,
  );
  return [means[Math.min(SHOWN, means.length - 1)] ?? 0, best];
}
