import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ModelDescription } from '../../../src/serving/server/describe-model.ts';
import { buildForm } from '../../../src/serving/server/page/form.ts';
import { buildResults } from '../../../src/serving/server/page/results.ts';
import { STYLE } from '../../../src/serving/server/page/style.ts';
import { describeModel, predict } from '../api.ts';

const PAUSE = 40;
/** Of a long model, as many tasks as are predicted side by side. */
const MOST_TASKS = 40;

/** A form of the model's inputs, and what every task makes of them: that of a served model, in a tree of its own. */
export function PredictPanel({ id }: { id: string }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const trouble = useSignal<string | undefined>(undefined);
  useEffect(() => {
    let ended = false;
    describeModel(id).then(
      (model) => !ended && host.current && mount(host.current, id, model),
      (error: Error) => (trouble.value = error.message),
    );
    return () => (ended = true);
  }, [id]);
  return (
    <section>
      <h2>Predict</h2>
      {trouble.value !== undefined && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div ref={host} class="predict" />
    </section>
  );
}

function mount(host: HTMLElement, id: string, model: ModelDescription): void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const style = document.createElement('style');
  style.textContent = STYLE;
  const main = document.createElement('div');
  main.className = 'main';
  const results = buildResults(model);
  let timer: number | undefined;
  let asked = 0;
  const form = buildForm(model, () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void show(), PAUSE);
  });
  main.append(form.element, results.element);
  root.replaceChildren(style, main);
  void show();

  /** An answer that comes after a later question is left out. */
  async function show(): Promise<void> {
    const { by } = model;
    const row = form.row();
    const rows =
      by === undefined ? [row] : model.tasks.slice(0, MOST_TASKS).map(({ name }) => ({ ...row, [by]: name }));
    const own = ++asked;
    await predict(id, rows).then(
      ({ predictions, warnings }) =>
        own === asked && results.show(predictions as Record<string, unknown>[], warnings, rows[0]!),
      (error: Error) => own === asked && results.fail(error.message),
    );
  }
}
