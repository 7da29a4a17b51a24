import { type Diagnosis, effort, portionOf, summariseQuicker } from '../../diagnosis/index.ts';
import type { RunResult } from '../result.ts';
import { score, signed, signedRange } from './format.ts';
import { noVerdict } from './no-verdict.ts';
import { terminalSizes } from './terminal-sizes.ts';
import { terminalTable } from './terminal-table.ts';
import { ascii, printable, wrap } from './terminal-text.ts';
import { byDelta, extremes, MANY_TASKS, type TaskView, taskViews } from './view.ts';

export interface TerminalOptions {
  /** Whether escape codes may be used; without them the text is plain, and ASCII but for names. */
  readonly colour: boolean;
  /** Columns of the terminal; no line is longer, but for paths, which are there to be copied. */
  readonly width: number;
}

export type Style = 'bold' | 'dim' | 'good' | 'bad';
const CODES: Record<Style, [number, number]> = { bold: [1, 22], dim: [2, 22], good: [36, 39], bad: [31, 39] };
const EFFECTS = { helped: 'helped', hurt: 'hurt', equal: 'the same', undecided: 'not settled' } as const;
const NONE = '-';
/** Longer lines of prose are hard to read. */
const READABLE = 88;

/**
 * What a run found, for a terminal: the verdict in words, a table of the tasks, and where to look further.
 *
 * @example console.log(renderVerdict(result, { colour: process.stdout.isTTY, width: process.stdout.columns ?? 80 }));
 */
export function renderVerdict(result: RunResult, { colour, width }: TerminalOptions): string {
  const paint = paintWith(colour);
  const [answer, ...rest] = sentences(result);
  const next = rest.at(-1)?.startsWith('Next: ') ? rest.splice(-1) : [];
  const measure = Math.min(width, READABLE);
  const lines = [
    ...wrap(answer!, measure).map((line) => paint('bold', line)),
    ...wrap(rest.join(' '), measure),
    ...next.flatMap((sentence) => wrap(sentence, measure)).map((line) => paint('bold', line)),
    '',
    ...table(result, width, paint),
    ...terminalSizes(result, width),
    ...gains(result, measure),
    ...searched(result, measure),
    ...warnings(result, measure).map((line) => paint('bad', line)),
    '',
    ...path('Report', result.report, width),
    ...path('Model', result.model, width),
  ];
  return lines.join('\n');
}

/** Styles text where escape codes may be used. */
export function paintWith(colour: boolean): (style: Style, text: string) => string {
  return (style, text) => {
    const [on, off] = CODES[style];
    return colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
}

function sentences(result: RunResult): string[] {
  const { diagnosis } = result;
  return diagnosis === undefined ? ['No verdict.', noVerdict(result)] : diagnosis.words.map(printable);
}

function table(result: RunResult, width: number, paint: (style: Style, text: string) => string): string[] {
  const all = taskViews(result);
  const { best, worst } = extremes(all, 5);
  const many = all.length >= MANY_TASKS;
  const tasks = !many ? all : best.length > 0 ? byDelta([...best, ...worst]) : all.slice(0, 10);
  const judged = result.diagnosis !== undefined;
  const column = (
    title: string,
    align: 'left' | 'right',
    rank: number,
    cell: (task: TaskView) => string,
  ) => ({
    title,
    align,
    rank,
    cells: tasks.map((task) => ascii(cell(task))),
  });
  const lines = terminalTable(
    [
      { ...column('task', 'left', 0, () => ''), cells: tasks.map(({ name }) => printable(name)) },
      column('metric', 'left', 4, ({ facts }) => facts.metric),
      column(
        result.multi.sharing === 'independent' ? 'alone' : 'together',
        'right',
        2,
        ({ multi, independent }) => score(multi, independent),
      ),
      ...(result.independent
        ? [column('alone', 'right', 3, (task) => score(task.independent, task.multi))]
        : []),
      ...(judged
        ? [
            column('change', 'right', 0, ({ diagnosis }) =>
              diagnosis?.delta ? `${signed(diagnosis.delta.mean)} %` : NONE,
            ),
            column(
              '95 % interval',
              'left',
              5,
              ({ diagnosis }) => (diagnosis?.delta && signedRange(diagnosis.delta)) || NONE,
            ),
            column('verdict', 'left', 1, ({ diagnosis }) => EFFECTS[diagnosis?.effect ?? 'undecided']),
          ]
        : [column('constant', 'right', 5, ({ facts }) => score(facts.constant))]),
    ],
    width,
    (text, title, row) => {
      if (row < 0) return paint('dim', text);
      const effect = tasks[row]!.diagnosis?.effect;
      if (title !== 'change' && title !== 'verdict') return text;
      return effect === 'helped' ? paint('good', text) : effect === 'hurt' ? paint('bad', text) : text;
    },
  );
  if (!many) return lines;
  const hidden = all.length - tasks.length;
  return [...lines, ...wrap(`The extremes of ${all.length} tasks; ${hidden} more in the report.`, width)];
}

/** What words said at length, a line each. */
function gains({ diagnosis, tasks }: RunResult, width: number): string[] {
  if (diagnosis === undefined) return [];
  const { steps, rows, reached, compared } = summariseQuicker(diagnosis.tasks.map(({ quicker }) => quicker));
  const { parameters, fileBytes, latency } = diagnosis.smaller;
  const quicker =
    steps === null ? [] : [`Quicker: ${effort(steps, rows)}, on ${reached} of ${compared} tasks.`];
  const smaller = `Smaller: ${portionOf(parameters, 'parameters', 'about as many parameters')}, ${portionOf(fileBytes, 'file size')}, ${portionOf(latency, 'prediction time')}.`;
  const better = tasks.length > 1 ? [everyMetric(diagnosis)] : [];
  return ['', ...[...better, ...quicker, smaller].flatMap((line) => wrap(ascii(line), width))];
}

/** The mean over every metric by both conventions, and the seesaw. */
function everyMetric({ conventions, seesaw, tasks }: Diagnosis): string {
  const { meanOverTasks, meanOverMetrics } = conventions;
  const means =
    meanOverTasks === null || meanOverMetrics === null
      ? ''
      : ` every metric ${signed(meanOverTasks.mean)} % (mean over tasks), ${signed(meanOverMetrics.mean)} % (mean over metrics);`;
  return `Better:${means} up on ${seesaw.improved} of ${tasks.length} tasks, down on ${seesaw.harmed}.`;
}

/** What a search tried and chose, and the first of its leaderboard. */
function searched({ search }: RunResult, width: number): string[] {
  if (search === undefined) return [];
  const first = search.leaderboard.slice(0, 3).map(({ name, side, score: own }) => {
    return `${own === null ? '-' : own.toPrecision(4)}  ${side}  ${name}`;
  });
  return [
    '',
    ...wrap(ascii(search.words.join(' ')), width),
    ...first.flatMap((line) => wrap(ascii(line), width)),
  ];
}

/** What training showed; what was odd about the data was said before it. */
function warnings({ warnings: all = [] }: RunResult, width: number): string[] {
  return all.flatMap(({ message, help }) => ['', ...wrap(ascii(`Warning: ${message} ${help}`), width)]);
}

function path(label: string, path: string, width: number): string[] {
  const line = `${label.padEnd(7)} ${printable(path)}`;
  return line.length <= width ? [line] : [label, printable(path)];
}
