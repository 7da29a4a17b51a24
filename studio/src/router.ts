import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { settleAddress, writeAddress } from './address-bar.ts';

/** Where the page is. */
const here = signal({ path: location.pathname, search: location.search });
const look = (): void => {
  here.value = { path: location.pathname, search: location.search };
};

/** The path in parts. */
export const place: ReadonlySignal<readonly string[]> = computed(() =>
  here.value.path.split('/').filter(Boolean).map(decodeURIComponent),
);

/** What stands behind the path. */
export const query: ReadonlySignal<URLSearchParams> = computed(() => new URLSearchParams(here.value.search));

addEventListener('popstate', look);

/** Goes to another page without loading it. */
export function go(to: string): void {
  settleAddress();
  history.pushState(null, '', to);
  look();
  scrollTo(0, 0);
}

/** Says in the address how the page stands; undefined takes a part away. */
export function put(parts: Readonly<Record<string, string | undefined>>): void {
  const next = new URLSearchParams(here.value.search);
  for (const [name, value] of Object.entries(parts))
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  const search = next.size > 0 ? `?${next}` : '';
  here.value = { ...here.value, search };
  writeAddress(`${location.pathname}${search}`);
}

/** For links: a plain click stays in the page, all others are the browser's. */
export function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  event.preventDefault();
  go((event.currentTarget as HTMLAnchorElement).getAttribute('href')!);
}
