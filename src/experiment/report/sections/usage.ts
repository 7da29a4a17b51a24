import type { ColumnPlan } from '../../../data/index.ts';
import type { RunResult } from '../../result.ts';
import { seedsOf } from '../format.ts';
import { html, type Markup } from '../html.ts';

const EXAMPLES: Record<ColumnPlan['type'], string> = {
  number: '1',
  boolean: 'true',
  date: "'2026-01-31'",
  string: "'…'",
};

/** How to predict with the exported model, on the command line and from TypeScript. */
export function usageSection(result: RunResult): Markup {
  const { model, best, data, tasks } = result;
  const inputs = data.columns.filter(({ role }) => role === 'input');
  const fields = [
    ...(data.by === undefined ? [] : [`${key(data.by)}: ${quote(tasks[0]?.task.name ?? '')}`]),
    ...inputs.slice(0, 4).map(({ name, type }) => `${key(name)}: ${EXAMPLES[type]}`),
    ...(inputs.length > 4 ? ['/* … */'] : []),
  ];
  const code = `import { load } from 'polytask';\n\nconst model = await load(${quote(model)});\nconst prediction = await model.predict({ ${fields.join(', ')} });`;
  const separate = best.sharing === 'independent';
  return html`<section><h2>Use it</h2><p class="note">The exported model ${separate ? 'holds a separate network for each task' : `shares by ${best.sharing}`} (${seedsOf(result)}). It predicts all tasks at once.</p><pre tabindex="0"><code>polytask predict ${shell(model)} rows.csv --out predictions.csv</code></pre><pre tabindex="0"><code>${code}</code></pre></section>`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A path as a shell takes it. */
export function shell(path: string): string {
  return /^[\w./:@%+,=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
