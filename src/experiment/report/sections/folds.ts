import { effectOf } from '../../../diagnosis/index.ts';
import type { RunResult } from '../../result.ts';
import { forest } from '../charts/forest.ts';
import { whole } from '../format.ts';
import { html, type Markup } from '../html.ts';

/** What sharing brought on each fold. */
export function foldsSection({ folds = [], diagnosis, seeds }: RunResult): Markup {
  if (folds.length === 0 || diagnosis === undefined) return html``;
  const rows = folds.map(({ fold, transfer, rows }) => ({
    label: `Fold ${fold}, ${whole(rows.test)} rows`,
    delta: transfer?.delta ?? null,
    effect: effectOf(transfer?.delta ?? null),
  }));
  const mean = { label: 'Mean over folds', delta: diagnosis.delta, effect: effectOf(diagnosis.delta) };
  return html`<section><h2>Fold by fold</h2><p class="note">Every row was tested in one of ${folds.length} folds, each prepared and trained anew. A fold’s change is its mean over tasks${seeds.length > 1 && html`, with the interval over its ${seeds.length} seeds`}; that of the last row is over folds, with the variance (1/k + n_test/n_train)·s² of Nadeau and Bengio (2003), since folds share training rows. Curves, sizes and the exported model are those of fold 1.</p><figure class="narrow">${forest([...rows, mean], 'Mean change on each fold, in per cent, with 95 % intervals')}<figcaption>Change in per cent against learning alone; right of 0 is better.</figcaption></figure></section>`;
}
