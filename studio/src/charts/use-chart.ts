import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { tellData } from './data-of.ts';
import { equip } from './equip.ts';

/**
 * For a figure, or what holds one: its chart can be copied and saved.
 *
 * @param data of a figure whose drawing carries none, as tab-separated text
 */
export function useChart<E extends Element = HTMLElement>(data?: () => string): RefObject<E | null> {
  const figure = useRef<E>(null);
  useLayoutEffect(() => {
    if (figure.current === null) return;
    if (data) tellData(figure.current, data);
    equip(figure.current);
  });
  return figure;
}
