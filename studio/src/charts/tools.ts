import { dataOf } from './data-of.ts';
import { button, offer } from './offer.ts';
import { pictureOf } from './picture/picture-of.ts';
import { save } from './save.ts';
import { fileName, titleOf } from './titles.ts';
import './charts.css';

export const TOOLS = 'chart-tools';

/** The two buttons of a chart. They look for it when they are pressed: in the figure around them, or right behind them. */
export function makeTools(): HTMLElement {
  const tools = document.createElement('div');
  tools.className = TOOLS;
  const status = document.createElement('span');
  status.role = 'status';
  tools.append(
    button('Copy data', () => void copyData(tools, status)),
    button('Save SVG', () => savePicture(tools, status)),
    status,
  );
  return tools;
}

/** Says of which chart the buttons are. */
export function nameTools(tools: Element): void {
  const title = titleOf(chartOf(tools));
  for (const own of tools.querySelectorAll('button')) own.ariaLabel = `${own.textContent} of ${title}`;
}

function chartOf(tools: Element): Element {
  return tools.closest('figure') ?? tools.nextElementSibling!;
}

async function copyData(tools: Element, status: Element): Promise<void> {
  const chart = chartOf(tools);
  const text = dataOf(chart);
  const copied = await copy(text);
  status.textContent = copied ? 'Copied' : '';
  if (!copied) offer(text, () => save(fileName(titleOf(chart), 'tsv'), 'text/tab-separated-values', text));
}

/** False where the browser refuses, or knows no clipboard. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function savePicture(tools: Element, status: Element): void {
  const chart = chartOf(tools);
  const title = titleOf(chart);
  save(fileName(title, 'svg'), 'image/svg+xml', pictureOf(chart, title));
  status.textContent = 'Saved';
}
