import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** Where the page is: the path in parts. */
const path = signal(location.pathname);
export const place: ReadonlySignal<readonly string[]> = computed(() =>
  path.value.split('/').filter(Boolean).map(decodeURIComponent),
);

addEventListener('popstate', () => {
  path.value = location.pathname;
});

/** Goes to another page without loading it. */
export function go(to: string): void {
  history.pushState(null, '', to);
  path.value = location.pathname;
  scrollTo(0, 0);
}

/** For links: a plain click stays in the page, all others are the browser's. */
export function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  event.preventDefault();
  go((event.currentTarget as HTMLAnchorElement).getAttribute('href')!);
}
