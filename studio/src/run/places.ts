/** How far a region is scrolled, and whether keys go to it. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly isFocused: boolean;
}

const regionsOf = (host: Element): Element[] => [...host.querySelectorAll('.scroll, .wide')];

/** Where one is in the regions of a host that scroll, in their order. */
export function placesIn(host: Element | null): Place[] {
  if (host === null) return [];
  return regionsOf(host).map((region) => ({
    left: region.scrollLeft,
    top: region.scrollTop,
    isFocused: region === document.activeElement,
  }));
}

/** Goes back to where one was, after what is in the host has become another. */
export function putBack(host: Element, places: readonly Place[]): void {
  const regions = regionsOf(host);
  for (const [i, { left, top, isFocused }] of places.entries()) {
    const region = regions[i];
    if (!(region instanceof HTMLElement)) continue;
    if (left > 0 || top > 0) region.scrollTo({ left, top, behavior: 'instant' });
    if (isFocused) region.focus({ preventScroll: true });
  }
}
