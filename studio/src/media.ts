import { useEffect, useState } from 'preact/hooks';

/** Whether the window is as a media query says; the component is drawn anew when that changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const look = (): void => setHolds(media.matches);
    look();
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, [query]);
  return holds;
}

/** Whether colours are those of the night: what is painted once must be painted anew when this changes. */
export const useDark = (): boolean => useMedia('(prefers-color-scheme: dark)');
