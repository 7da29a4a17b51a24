import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { STYLE } from './style.ts';

/** The page as it is sent: it tells nothing of the model, which its script asks for. */
export interface PageFiles {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The page with its script; it may load and send nothing but to where it comes from. */
export async function readPage(script: URL): Promise<PageFiles> {
  const code = (await readFile(script, 'utf8')).replaceAll('</script', '<\\/script');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Polytask</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><h1>Polytask</h1></header>
<main><noscript><p>This page needs its script; POST /predict does not.</p></noscript></main>
<script>${code}</script>
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    "connect-src 'self'",
    'img-src data:',
    `style-src ${hashOf(STYLE)}`,
    `script-src ${hashOf(code)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    html,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-cache',
    },
  };
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
