import { html, type Markup } from './html.ts';
import { STYLE } from './style.ts';

/** What a page is about. */
export interface Origin {
  /** The run folder. */
  readonly run: string;
  readonly created: string;
}

/** A whole page: what loads nothing, needs no script, and forbids itself any request. */
export function renderDocument({ run, created }: Origin, title: string, main: Markup): string {
  const name = run.split(/[\\/]/).filter(Boolean).at(-1) ?? run;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} ${name}, Polytask</title>
<style>${STYLE}</style>
</head>
<body>
<header><span class="brand">Polytask</span> <span class="name">${name}</span> <time datetime="${created}">${date(created)}</time></header>
<main>
${main}
</main>
</body>
</html>
`;
  return page.text;
}

function date(created: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(created);
  return match === null ? created : `${match[1]} ${match[2]} UTC`;
}
