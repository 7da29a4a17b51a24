type Child = Node | string;

/** An element with attributes and children; texts stay texts. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean>> = {},
  ...children: readonly Child[]
): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, '');
    else if (value !== false) made.setAttribute(key, String(value));
  }
  made.append(...children);
  return made;
}

/** Fills one of the page's places anew. */
export function put(place: string, ...children: readonly Child[]): void {
  document.querySelector(place)!.replaceChildren(...children);
}

const FORMAT = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** Four digits that matter. */
export const format = (value: number): string => FORMAT.format(value);
