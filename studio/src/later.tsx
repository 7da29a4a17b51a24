import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A page whose code is loaded when it is first shown. */
export function Later({ load }: { load: () => Promise<() => JSX.Element> }): JSX.Element | null {
  const [Page, show] = useState<() => JSX.Element>();
  useEffect(() => {
    void load().then((page) => show(() => page));
  }, [load]);
  return Page ? <Page /> : null;
}
