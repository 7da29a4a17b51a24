import type { Page } from 'playwright-core';

// These functions run inside the page: they see nothing of this file.

/** What sticks out at the right: nothing, where the page is as wide as its window. */
export function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 0.5,
    );
    return [
      `the page is ${scrollWidth} wide in ${clientWidth}`,
      ...wide.slice(0, 8).map(({ tagName, className }) => `${tagName}.${className}`),
    ];
  });
}

/** What a printed page would cut off: boxes that scroll on a screen. */
export function clipped(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *:not(.hidden)')]
      .filter((element) => {
        if (element instanceof SVGElement || !element.checkVisibility()) return false;
        if (getComputedStyle(element).overflow === 'visible' && element.tagName !== 'PRE') return false;
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
        return scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
      })
      .map(({ tagName, className, textContent }) => `${tagName}.${className} "${textContent.slice(0, 30)}"`),
  );
}

/** Texts whose contrast to their ground is less than WCAG AA asks for: 4.5, and 3 where they are large. */
export function faintTexts(page: Page): Promise<{ readonly checked: number; readonly faint: string[] }> {
  return page.evaluate(() => {
    type Rgba = readonly [number, number, number, number];
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    const known = new Map<string, Rgba>();
    // Painting is what turns any CSS colour, oklch and color-mix too, into bytes.
    const rgba = (colour: string): Rgba => {
      const old = known.get(colour);
      if (old !== undefined) return old;
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
      const found: Rgba = [r!, g!, b!, a! / 255];
      known.set(colour, found);
      return found;
    };
    const over = (top: Rgba, ground: Rgba, alpha: number = top[3]): Rgba => [
      top[0] * alpha + ground[0] * (1 - alpha),
      top[1] * alpha + ground[1] * (1 - alpha),
      top[2] * alpha + ground[2] * (1 - alpha),
      1,
    ];
    const groundOf = (element: Element | null): Rgba => {
      if (element === null)
        return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0, 1] : [255, 255, 255, 1];
      const own = rgba(getComputedStyle(element).backgroundColor);
      return own[3] === 1 ? own : over(own, groundOf(element.parentElement));
    };
    const luminance = ([r, g, b]: Rgba): number => {
      const linear = (value: number): number =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
      return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    };
    const faint = new Set<string>();
    let checked = 0;
    for (const element of document.querySelectorAll('body *')) {
      const text = [...element.childNodes]
        .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map(({ data }: Node & { data?: string }) => data ?? '')
        .join('')
        .trim();
      if (text === '' || element.closest('title, .hidden') || !element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const ink = element instanceof SVGElement ? style.fill : style.color;
      const ground = groundOf(element);
      const colour = over(rgba(ink), ground);
      const [light, dark] = [luminance(colour), luminance(ground)].sort((a, b) => b - a) as [number, number];
      const contrast = (light + 0.05) / (dark + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      checked++;
      if (contrast < (large ? 3 : 4.5))
        faint.add(
          `${contrast.toFixed(2)}: ${element.tagName}.${element.getAttribute('class')} "${text.slice(0, 30)}"`,
        );
    }
    return { checked, faint: [...faint] };
  });
}

/** Opens every fold as a reader without a mouse does; returns how many there are and how many opened. */
export async function openByKeyboard(
  page: Page,
): Promise<{ readonly folds: number; readonly opened: number }> {
  await page.evaluate(() => {
    document.querySelector('main')?.scrollIntoView();
    (document.activeElement as HTMLElement | null)?.blur();
  });
  const folds = await page.locator('details').count();
  const stops = await page.locator('summary, [tabindex="0"]').count();
  for (let i = 0; i < stops + 1; i++) {
    await page.keyboard.press('Tab');
    const closed = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.tagName === 'SUMMARY' && !activeElement.parentElement?.hasAttribute('open');
    });
    if (closed) await page.keyboard.press('Enter');
  }
  return { folds, opened: await page.locator('details[open]').count() };
}
