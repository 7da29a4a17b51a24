import type { AffinityJSON } from '../../../diagnosis/index.ts';
import { affinityFrom } from '../../../diagnosis/index.ts';
import type { AffinityResult, GroupResult, ProposedGrouping, Verification } from '../../grouping/result.ts';
import { signed } from '../format.ts';
import { paintWith, type TerminalOptions } from '../terminal.ts';
import { type TerminalColumn, terminalTable } from '../terminal-table.ts';
import { ascii, printable, wrap } from '../terminal-text.ts';

/** Tasks of the most whose matrix a terminal shows. */
const MOST_SHOWN = 12;
const NONE = '-';
const KINDS = {
  'first-order': 'to the first order, for a unit of learning rate',
  'look-ahead': 'by a look ahead, for a unit of learning rate',
} as const;

/** What tasks gain from each other, and the groups that this proposes, for a terminal. */
export function renderAffinity(result: AffinityResult, options: TerminalOptions): string {
  const { affinity, looks, tasks, groupings, run } = result;
  const words = `What each task (row) gains from each other (column), ${KINDS[affinity.kind]}; ${looks} looks. More is better, and only what is more counts.`;
  const few = tasks.length <= MOST_SHOWN;
  return [
    ...(few ? [...wrap(words, options.width), '', ...matrix(affinity.values, options), ''] : []),
    ...groupings.flatMap((grouping) => lines(grouping, tasks, options)),
    '',
    `Try them: polytask group ${run} --verify`,
  ].join('\n');
}

/** Groups, and what they were worth if they were verified, for a terminal. */
export function renderGroups(result: GroupResult, options: TerminalOptions): string {
  const { groupings, verification, tasks, run } = result;
  const proposed = groupings.flatMap((grouping, i) => [
    ...lines(grouping, tasks, options),
    ...(verification === undefined ? [] : [gained(verification.groupings[i]!.gain)]),
  ]);
  if (verification === undefined)
    return [...proposed, '', `Try them: polytask group ${run} --verify`].join('\n');
  return [...proposed, '', ...found(verification, tasks, options)].join('\n');
}

function lines(
  { most, groups, servedBy }: ProposedGrouping,
  tasks: readonly string[],
  options: TerminalOptions,
): string[] {
  const paint = paintWith(options.colour);
  const named = groups.map((group, g) => {
    // A task that only helps stands in brackets.
    const names = group.map((name) => (servedBy[tasks.indexOf(name)] === g ? name : `(${name})`));
    return printable(names.join(', '));
  });
  return [
    paint('bold', most === 'any' ? 'As many groups as gain' : `At most ${most} groups`),
    ...named.flatMap((names) =>
      wrap(names, options.width - 4).map((line, i) => (i === 0 ? `  - ${line}` : `    ${line}`)),
    ),
  ];
}

const perCent = (gain: number | null): string => (gain === null ? NONE : `${ascii(signed(gain))} %`);
const gained = (gain: number | null): string => `  ${perCent(gain)} on the validation rows`;

function found(
  { groups, correlation, best, test, groupings }: Verification,
  tasks: readonly string[],
  { width, colour }: TerminalOptions,
): string[] {
  const cells = groups.map(({ tasks: own, predicted, gains }) => ({
    name: own.length === tasks.length ? 'all tasks' : printable(own.join(', ')),
    predicted: mean(predicted),
    gain: mean(gains),
  }));
  const column = (title: string, rank: number, texts: readonly string[]): TerminalColumn => ({
    ...{ title, rank, cells: texts },
    align: rank === 0 ? 'left' : 'right',
  });
  const table = terminalTable(
    [
      column(
        'Group',
        0,
        cells.map(({ name }) => name),
      ),
      column(
        'predicted',
        2,
        cells.map(({ predicted }) => (predicted === null ? NONE : predicted.toPrecision(3))),
      ),
      column(
        'gained',
        1,
        cells.map(({ gain }) => perCent(gain)),
      ),
    ],
    width,
    (text) => text,
  );
  const answer =
    best === 'alone'
      ? 'Best is each task alone.'
      : best === 'together'
        ? `Best is one model for all: ${perCent(test.gain)} on the test rows against each alone.`
        : `Best are the ${groupings[best]!.groups.length} groups that ${groupings[best]!.most === 'any' ? 'gain' : `are at most ${groupings[best]!.most}`}: ${perCent(test.gain)} on the test rows against each alone.`;
  const known =
    correlation === null
      ? ''
      : ` What the affinity predicts and what was gained have a rank correlation of ${ascii(correlation.toFixed(2))}.`;
  return [...table, '', ...wrap(answer + known, width).map((line) => paintWith(colour)('bold', line))];
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function matrix(json: AffinityJSON, { width }: TerminalOptions): string[] {
  const { tasks, benefit } = affinityFrom(json);
  const say = (to: number, from: number): string =>
    to === from ? '' : (benefit(to, from)?.toPrecision(2) ?? NONE);
  const columns = tasks.map(
    (name, from): TerminalColumn => ({
      title: printable(name).slice(0, 12),
      align: 'right',
      rank: from + 1,
      cells: tasks.map((_, to) => say(to, from)),
    }),
  );
  const names: TerminalColumn = { title: '', align: 'left', rank: 0, cells: tasks.map(printable) };
  return terminalTable([names, ...columns], width, (text) => text);
}
