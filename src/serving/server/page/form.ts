import type { InputColumn } from '../../../artefact/index.ts';
import type { ModelDescription } from '../describe-model.ts';
import { buildControl, type Control } from './controls.ts';
import { element } from './html.ts';

/** Inputs beyond these are folded away. */
const OPEN = 30;

export interface Form {
  readonly element: HTMLElement;
  /** The row that the form says, in the order of the columns. */
  row(): Record<string, unknown>;
}

/** A control for each column that predictions depend on; it starts from the typical value of each. */
export function buildForm({ inputs }: ModelDescription, onChange: () => void): Form {
  const read = inputs.filter((input) => input.read);
  const controls = read.map((input, i): [InputColumn, Control] => [input, buildControl(input, `input-${i}`)]);
  const form = element('form', { 'aria-label': 'Inputs', autocomplete: 'off' });
  const elements = controls.map(([, control]) => control.element);
  const reset = element('button', { type: 'reset', class: 'plain' }, 'Typical values');
  form.append(
    element('div', { class: 'bar' }, element('h2', {}, 'Inputs'), reset),
    ...elements.slice(0, OPEN),
  );
  if (elements.length > OPEN)
    form.append(
      element(
        'details',
        {},
        element('summary', {}, `${elements.length - OPEN} more inputs`),
        ...elements.slice(OPEN),
      ),
    );
  if (read.length === 0) form.append(element('p', { class: 'soft' }, 'Predictions depend on no column.'));
  form.addEventListener('input', onChange);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    for (const [, control] of controls) control.reset();
    onChange();
  });
  return {
    element: form,
    row: () => Object.fromEntries(controls.map(([{ name }, control]) => [name, control.value()])),
  };
}
