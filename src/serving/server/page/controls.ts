import type { InputColumn } from '../../../artefact/index.ts';
import { element, format } from './html.ts';

/** How a column is filled in. */
export interface Control {
  readonly element: HTMLElement;
  /** null where it is missing. */
  value(): string | number | boolean | null;
  /** Back to the typical value. */
  reset(): void;
}

/** The control that suits a column: a number with a slider, a choice, a switch, a date, a text. */
export function buildControl(input: InputColumn, id: string): Control {
  if (
    input.categories !== undefined &&
    input.categories.length > 0 &&
    input.type !== 'boolean' &&
    input.encoder !== 'text'
  )
    return choice(input, id);
  if (input.type === 'number') return number(input, id);
  if (input.type === 'boolean') return truth(input, id);
  return input.type === 'date' ? date(input, id) : text(input, id);
}

const MISSING = 'missing';

/** A number, a slider over what training rows held, and a box that says it is missing. */
function number({ name, range, typical }: InputColumn, id: string): Control {
  const [min, max] = [Number(range?.min ?? 0), Number(range?.max ?? 0)];
  const whole = [min, max, Number(typical ?? min)].every(Number.isInteger);
  const step = whole ? 1 : stepOf(max - min);
  const box = field({ type: 'number', id, step: 'any', inputmode: 'decimal' });
  const slider = field({ type: 'range', min, max, step, 'aria-label': `${name}, slider` });
  const missing = missingBox(name, typical === null);
  const sync = (): void => {
    box.disabled = slider.disabled = missing.checked;
  };
  const set = (value: number | null): void => {
    box.value = value === null ? '' : String(value);
    slider.value = String(value ?? (min + max) / 2);
    missing.checked = value === null;
    sync();
  };
  slider.addEventListener('input', () => {
    box.value = String(Number(Number(slider.value).toPrecision(6)));
  });
  box.addEventListener('input', () => {
    slider.value = box.value;
  });
  missing.addEventListener('input', () => {
    if (!missing.checked && box.value === '') box.value = slider.value;
    sync();
  });
  set(typical as number | null);
  const span =
    max > min ? element('small', { id: `${id}-range` }, `${format(min)} to ${format(max)} in training`) : '';
  if (span !== '') box.setAttribute('aria-describedby', `${id}-range`);
  return {
    element: row(
      name,
      id,
      element('div', { class: 'pair' }, box, ...(max > min ? [slider] : [])),
      missing,
      span,
    ),
    value: () => (missing.checked || box.value === '' ? null : Number(box.value)),
    reset: () => set(typical as number | null),
  };
}

/** About 200 steps, each 1, 2 or 5 times a power of ten. */
function stepOf(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width / 200));
  return power * ([1, 2, 5].find((one) => one * power * 200 >= width) ?? 10);
}

/** One of the values of the training rows, or none. */
function choice({ name, categories = [], typical, type }: InputColumn, id: string): Control {
  const start = typical === null ? '' : String(typical);
  const select = element(
    'select',
    { id },
    ...categories.map((value) => element('option', { value, selected: value === start }, value)),
    element('option', { value: '', class: 'soft', selected: start === '' }, MISSING),
  ) as HTMLSelectElement;
  const read = (text: string): string | number => (type === 'number' ? Number(text) : text);
  return {
    element: row(name, id, select),
    value: () => (select.value === '' ? null : read(select.value)),
    reset: () => {
      select.value = start;
    },
  };
}

/** Yes, no, or missing. */
function truth({ name, typical }: InputColumn, id: string): Control {
  const start = typical === null ? MISSING : String(typical);
  const options = ['true', 'false', MISSING].map((value, i) => {
    const radio = field({
      type: 'radio',
      name: id,
      value,
      id: i === 0 ? id : `${id}-${i}`,
      checked: value === start,
    });
    return { radio, label: element('label', { for: radio.id }, radio, element('span', {}, value)) };
  });
  const chosen = (): string => options.find(({ radio }) => radio.checked)?.radio.value ?? MISSING;
  return {
    element: element(
      'fieldset',
      { class: 'input' },
      element('legend', {}, name),
      element('div', { class: 'switch' }, ...options.map(({ label }) => label)),
    ),
    value: () => (chosen() === MISSING ? null : chosen() === 'true'),
    reset: () => {
      for (const { radio } of options) radio.checked = radio.value === start;
    },
  };
}

/** A day, or a day with a time where training rows had times; an empty one is missing. */
function date({ name, typical, range }: InputColumn, id: string): Control {
  const timed = [typical, range?.min, range?.max].some(
    (value) => typeof value === 'string' && !/T00:00:00(\.000)?Z$|^.{10}$/.test(value),
  );
  const length = timed ? 16 : 10;
  const start = typeof typical === 'string' ? typical.slice(0, length) : '';
  const box = field({ type: timed ? 'datetime-local' : 'date', id, value: start });
  const missing = missingBox(name, start === '');
  const sync = (): void => {
    box.disabled = missing.checked;
  };
  missing.addEventListener('input', sync);
  sync();
  const words = range
    ? `${String(range.min).slice(0, 10)} to ${String(range.max).slice(0, 10)} in training`
    : '';
  return {
    element: row(name, id, box, missing, words === '' ? '' : element('small', {}, words)),
    value: () => (missing.checked || box.value === '' ? null : timed ? `${box.value}Z` : box.value),
    reset: () => {
      box.value = start;
      missing.checked = start === '';
      sync();
    },
  };
}

/** A text; an empty one is missing. */
function text({ name, typical }: InputColumn, id: string): Control {
  const start = typical === null ? '' : String(typical);
  const area = element('textarea', { id, rows: 2, placeholder: MISSING }, start) as HTMLTextAreaElement;
  return {
    element: row(name, id, area),
    value: () => (area.value.trim() === '' ? null : area.value),
    reset: () => {
      area.value = start;
    },
  };
}

function field(attributes: Readonly<Record<string, string | number | boolean>>): HTMLInputElement {
  return element('input', attributes) as HTMLInputElement;
}

function missingBox(name: string, checked: boolean): HTMLInputElement {
  return field({ type: 'checkbox', checked, 'aria-label': `${name} is missing` });
}

function row(
  name: string,
  id: string,
  control: HTMLElement,
  missing?: HTMLElement,
  note: HTMLElement | '' = '',
): HTMLElement {
  return element(
    'div',
    { class: 'input' },
    element(
      'div',
      { class: 'bar' },
      element('label', { for: id }, name),
      ...(missing
        ? [
            element(
              'label',
              { class: 'missing soft' },
              missing,
              element('span', { 'aria-hidden': 'true' }, MISSING),
            ),
          ]
        : []),
    ),
    control,
    note,
  );
}
