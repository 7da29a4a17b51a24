import type { ModelDescription } from '../describe-model.ts';
import { buildForm } from './form.ts';
import { buildHeader } from './header.ts';
import { element, put } from './html.ts';
import { buildResults } from './results.ts';

/** The page of a served model: what the form says is predicted anew whenever it changes, one request at a time. */
const PAUSE = 40;
/** Of a long model, as many tasks as are predicted side by side. */
const MOST_TASKS = 40;

let token: string | undefined;

interface Answer {
  readonly predictions?: unknown;
  readonly warnings?: readonly { readonly message: string }[];
  readonly error?: {
    readonly code: string;
    readonly expected?: string;
    readonly found?: string;
    readonly help: string;
  };
}

async function ask<T>(path: string, body?: unknown): Promise<{ readonly status: number; readonly value: T }> {
  const response = await fetch(path, {
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, value: (await response.json()) as T };
}

async function start(): Promise<void> {
  const { status, value } = await ask<ModelDescription & Answer>('model');
  if (status === 401) return askToken();
  if (status === 200) show(value);
  else put('main', element('p', { role: 'alert' }, wordsOf(value)));
}

/** Nothing is known of the model without the token, which stays in this page. */
function askToken(): void {
  const field = element('input', { type: 'password', id: 'token', autocomplete: 'off', required: true });
  const form = element(
    'form',
    { class: 'token' },
    element(
      'label',
      { for: 'token' },
      token === undefined ? 'Token of the server' : 'That was another token. Token of the server',
    ),
    field,
    element('button', {}, 'Open'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    token = (field as HTMLInputElement).value;
    void start();
  });
  put('main', form);
  field.focus();
}

function show(model: ModelDescription): void {
  document.title = model.name;
  put('header', ...buildHeader(model));
  const results = buildResults(model);
  const form = buildForm(model, changed);
  put('main', form.element, results.element);
  let timer: number | undefined;
  let busy = false;
  let again = false;
  void predict();

  function changed(): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void predict(), PAUSE);
  }

  /** Answers come in the order of the changes: the next request waits for the last answer, and has the newest values. */
  async function predict(): Promise<void> {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    const row = form.row();
    const { by } = model;
    const rows =
      by === undefined ? [row] : model.tasks.slice(0, MOST_TASKS).map(({ name }) => ({ ...row, [by]: name }));
    const { status, value } = await ask<Answer>('predict', { rows }).catch(() => ({
      status: 0,
      value: { error: { code: 'no answer', help: 'The server cannot be reached.' } } as Answer,
    }));
    busy = false;
    if (again) return predict();
    if (status === 200)
      results.show(value.predictions as Record<string, unknown>[], value.warnings ?? [], rows[0]!);
    else results.fail(wordsOf(value));
  }
}

function wordsOf({ error }: Answer): string {
  if (error === undefined) return 'The server gave no answer.';
  const { expected, found, help } = error;
  return [expected && `Expected ${expected}`, found && `found ${found}`]
    .filter(Boolean)
    .join(', ')
    .concat(`. ${help}`)
    .replace(/^\. /, '');
}

void start().catch(() => put('main', element('p', { role: 'alert' }, 'The server cannot be reached.')));
