import type { Page } from 'playwright-core';

/** What the Tab key leads through. */
export interface Walk {
  /** What can be reached, as it stands on the page. */
  readonly expected: readonly string[];
  /** What was reached, one after the other. */
  readonly reached: readonly string[];
  /** What shows no ring while it has the focus. */
  readonly unseen: readonly string[];
}

/** Goes through a page by the Tab key, from its beginning to its end. */
export async function walk(page: Page): Promise<Walk> {
  const expected = await page.evaluate(listStops);
  // Else the browser goes on from where something was clicked.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const reached: string[] = [];
  const unseen: string[] = [];
  for (let presses = 0; reached.length < expected.length && presses < 2 * expected.length; presses++) {
    await page.keyboard.press('Tab');
    const { name, ring } = await page.evaluate(focused);
    // A date is one input of several stops.
    if (reached.at(-1) === name) continue;
    reached.push(name);
    if (!ring) unseen.push(name);
  }
  return { expected, reached, unseen };
}

// These functions run inside the page: they see nothing of this file.

/** Marks all that the Tab key should stop at, trees in the shadow included; of a group of radio buttons the chosen one. */
function listStops(): string[] {
  const list = (root: Document | ShadowRoot): HTMLElement[] =>
    [...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => {
      if (element.shadowRoot) return list(element.shadowRoot);
      const stops = element.matches(
        'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex="0"]',
      );
      const other = element.matches('input[type="radio"]:not(:checked)') || element.tabIndex < 0;
      return stops && !other && element.checkVisibility({ visibilityProperty: true }) ? [element] : [];
    });
  return list(document).map((element, i) => {
    const words = element.getAttribute('aria-label') ?? element.textContent;
    element.dataset.stop = `${i} ${element.tagName} ${words.trim().slice(0, 40)}`;
    return element.dataset.stop;
  });
}

function focused(): { name: string; ring: boolean } {
  let element = document.activeElement as HTMLElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement as HTMLElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return {
    name: element.dataset.stop ?? element.outerHTML.slice(0, 80),
    ring: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1,
  };
}
