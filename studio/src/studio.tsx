import type { JSX } from 'preact';
import { ComparePage } from './compare/compare-page.tsx';
import { Later } from './later.tsx';
import { RunsPage } from './list/runs-page.tsx';
import { follow, place } from './router.ts';
import { RunPage } from './run/run-page.tsx';

/** The frame of all pages, and the one that the address asks for. */
export function Studio(): JSX.Element {
  const [page, id] = place.value;
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="frame">
        <a class="brand" href="/" onClick={follow}>
          Polytask
        </a>
        <nav aria-label="Studio">
          <a href="/" aria-current={page === undefined ? 'page' : undefined} onClick={follow}>
            Runs
          </a>
          <a href="/compare" aria-current={page === 'compare' ? 'page' : undefined} onClick={follow}>
            Compare
          </a>
          <a
            href="/playground"
            aria-current={page === 'playground' ? 'page' : undefined}
            onClick={page === 'playground' ? undefined : follow}
          >
            Playground
          </a>
        </nav>
      </header>
      <main id="main">
        {page === 'run' && id ? (
          <RunPage key={id} id={id} />
        ) : page === 'compare' ? (
          <ComparePage />
        ) : page === 'playground' ? (
          <Later load={playground} />
        ) : (
          <RunsPage />
        )}
      </main>
    </>
  );
}

/** The engine comes with this page alone. */
const playground = async (): Promise<() => JSX.Element> =>
  (await import('./playground/playground-page.tsx')).PlaygroundPage;
