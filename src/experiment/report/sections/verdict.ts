import type { RunResult } from '../../result.ts';
import { unbroken } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { noVerdict } from '../no-verdict.ts';

/** The answer first, large, then why. */
export function verdictSection(result: RunResult): Markup {
  const { diagnosis, tasks, multi } = result;
  const n = tasks.length;
  const question = n === 1 ? 'Is this task learned well?' : `Should these ${n} tasks be one model?`;
  if (diagnosis === undefined) {
    return html`<section class="verdict open"><h1>${question}</h1><p class="answer">No verdict.</p><p class="words">${noVerdict(result)} Below is what the one model (${multi.sharing}) reached.</p></section>`;
  }
  const [answer, ...words] = diagnosis.words;
  const advice = words.at(-1)?.startsWith('Next: ') ? words.pop() : undefined;
  const text = (sentences: readonly string[]): string => unbroken(sentences.join(' '));
  return html`<section class="verdict ${diagnosis.verdict}"><h1>${question}</h1><p class="answer">${answer}</p><p class="words">${text(words.slice(0, 2))}</p>${words.length > 2 && html`<p class="more">${text(words.slice(2))}</p>`}${advice !== undefined && html`<p class="next"><strong>Next</strong> ${advice.slice('Next: '.length)}</p>`}</section>`;
}
