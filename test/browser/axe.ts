import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a page: rules of WCAG 2 A and AA and of good practice that something breaks, and what does. */
export async function violations(page: Page): Promise<string[]> {
  // Handed to the page as text, which a policy that forbids scripts of elsewhere lets in.
  await page.evaluate(AXE);
  const found = await page.evaluate(
    async () =>
      (await (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        resultTypes: ['violations'],
      })) satisfies AxeResults,
  );
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}. ${html.slice(0, 160)} ${failureSummary}`),
  );
}
