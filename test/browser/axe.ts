import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

interface Axe {
  run(options: object): Promise<AxeResults>;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe looks at: `all` its rules of WCAG 2 A and AA and of good practice, or those alone that depend on colours. */
export type Rules = 'all' | 'colours';

/** What axe finds on a page: rules that something breaks, and what does. */
export async function violations(page: Page, rules: Rules): Promise<string[]> {
  // Evaluated, not inserted: the pages' own policy forbids scripts that are.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate(
    (only) => (globalThis as unknown as { axe: Axe }).axe.run({ ...only, resultTypes: ['violations'] }),
    rules === 'all' ? {} : { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } },
  );
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}. ${html.slice(0, 160)} ${failureSummary}`),
  );
}
