import type { JsonSchema } from '../../../common/json-schema.ts';
import type { ModelDescription } from '../describe-model.ts';
import { element, format } from './html.ts';

/** Classes that are shown at once, the likeliest; the others are folded away. */
const SHOWN = 8;
/** How long nothing must change before it is read out. */
const SILENCE = 800;
/** Keys of what is said first. */
const ANSWERS = ['label', 'value', 'rate', 'labels'];

export interface Results {
  readonly element: HTMLElement;
  show(
    predictions: readonly Record<string, unknown>[],
    warnings: readonly { readonly message: string }[],
    row: object,
  ): void;
  fail(words: string): void;
}

type Prediction = Readonly<Record<string, unknown>>;

/** Predictions of every task, each number with its unit, and how far each is from that of the typical row. */
export function buildResults(model: ModelDescription): Results {
  const list = element('div', { class: 'tasks' });
  const notes = element('div', { class: 'notes soft' });
  const spoken = element('p', { class: 'hidden', role: 'status' });
  const request = element('pre', { tabindex: 0, 'aria-label': 'The row as JSON' });
  const trouble = element('p', { role: 'alert' });
  let first: readonly Prediction[] | undefined;
  let timer: number | undefined;
  const predictionsOf = (rows: readonly Record<string, unknown>[]): Prediction[] =>
    model.by === undefined
      ? model.tasks.map(({ name }) => rows[0]![name] as Prediction)
      : rows.map((row) => row[model.answer!] as Prediction);
  return {
    element: element(
      'section',
      { 'aria-labelledby': 'predictions' },
      element('h2', { id: 'predictions' }, 'Predictions'),
      trouble,
      list,
      notes,
      element(
        'details',
        {},
        element('summary', {}, 'As a request'),
        element('p', { class: 'soft' }, 'POST /predict'),
        request,
      ),
      spoken,
    ),
    show(rows, warnings, row) {
      const predictions = predictionsOf(rows);
      first ??= predictions;
      const open = new Set(
        [...list.querySelectorAll('details[open]')].map((one) => one.getAttribute('data-task')),
      );
      list.replaceChildren(...predictions.map((one, i) => card(model.tasks[i]!, one, first![i]!, open)));
      notes.replaceChildren(...warnings.map(({ message }) => element('p', {}, message)));
      if (model.tasks.length > predictions.length)
        notes.append(element('p', {}, `The first ${predictions.length} of ${model.tasks.length} tasks.`));
      request.textContent = JSON.stringify(row, null, 2);
      trouble.textContent = '';
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        spoken.textContent = predictions
          .map((one, i) => `${model.tasks[i]!.name}: ${inWords(model.tasks[i]!, one)}`)
          .join('; ');
      }, SILENCE);
    },
    fail(words) {
      trouble.textContent = words;
    },
  };
}

type Task = ModelDescription['tasks'][number];

function card(
  task: Task,
  prediction: Prediction,
  first: Prediction,
  open: ReadonlySet<string | null>,
): HTMLElement {
  const { properties = {} } = task.schema;
  const answer = ANSWERS.find((key) => key in properties);
  const parts = Object.entries(properties).filter(([key]) => key !== answer);
  return element(
    'article',
    { class: 'task' },
    element('h3', {}, task.name),
    element('p', { class: 'answer' }, inWords(task, prediction), ...difference(answer, prediction, first)),
    ...parts.map(([key, schema]) => part(key, schema, prediction[key], task, open)),
  );
}

function inWords({ schema, unit }: Task, prediction: Prediction): string {
  const answer = ANSWERS.find((key) => key in (schema.properties ?? {}));
  const value = answer === undefined ? undefined : prediction[answer];
  if (typeof value === 'number') return unit === undefined ? format(value) : `${format(value)} ${unit}`;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return String(value);
}

/** How far a number is from that of the row one started from. */
function difference(answer: string | undefined, prediction: Prediction, first: Prediction): HTMLElement[] {
  const [now, then] = [prediction[answer ?? ''], first[answer ?? '']];
  if (typeof now !== 'number' || typeof then !== 'number' || format(now) === format(then)) return [];
  const by = now - then;
  return [element('span', { class: 'soft' }, ` ${by > 0 ? '+' : '−'}${format(Math.abs(by))}`)];
}

const isProbability = ({ minimum, maximum }: JsonSchema): boolean => minimum === 0 && maximum === 1;

function part(
  key: string,
  schema: JsonSchema,
  value: unknown,
  { unit, name }: Task,
  open: ReadonlySet<string | null>,
): HTMLElement {
  if (typeof value === 'number')
    return isProbability(schema)
      ? bars([[schema.description?.replace(/^of /, '') ?? key, value]])
      : element('p', { class: 'soft' }, `${key} ${format(value)}${unit === undefined ? '' : ` ${unit}`}`);
  const entries = Object.entries((value ?? {}) as Readonly<Record<string, number>>);
  if (!Object.values(schema.properties ?? {}).every(isProbability))
    return element(
      'dl',
      {},
      ...entries.flatMap(([level, one]) => [
        element('dt', {}, `${format(100 * Number(level))} % of such rows lie below`),
        element('dd', {}, `${format(one)}${unit === undefined ? '' : ` ${unit}`}`),
      ]),
    );
  if (entries.length <= SHOWN) return bars(entries);
  const sorted = entries.toSorted((a, b) => b[1] - a[1]);
  return element(
    'div',
    {},
    bars(sorted.slice(0, SHOWN)),
    element(
      'details',
      { 'data-task': name, open: open.has(name) },
      element('summary', {}, `${sorted.length - SHOWN} more`),
      bars(sorted.slice(SHOWN)),
    ),
  );
}

/** A bar for each probability. */
function bars(entries: readonly (readonly [string, number])[]): HTMLElement {
  return element(
    'dl',
    { class: 'bars' },
    ...entries.flatMap(([name, share]) => {
      const bar = element('span', { class: 'fill' });
      bar.style.width = `${100 * share}%`;
      return [
        element('dt', {}, name),
        element(
          'dd',
          {},
          element('span', { class: 'track', 'aria-hidden': 'true' }, bar),
          element('span', { class: 'number' }, percent(share)),
        ),
      ];
    }),
  );
}

function percent(share: number): string {
  const digits = share > 0.1 && share < 0.9 ? 0 : share > 0.01 && share < 0.99 ? 1 : 2;
  return `${(100 * share).toFixed(digits)} %`;
}
