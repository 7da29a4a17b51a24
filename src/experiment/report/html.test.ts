import { expect, test } from 'vitest';
import { escapeHtml, html } from './html.ts';

test('what is not markup is escaped, wherever it stands', () => {
  const name = `<b title="x">'&`;
  const row = html`<td title="${name}">${name}</td>`;
  expect(row.text).toBe(
    '<td title="&lt;b title=&quot;x&quot;&gt;&#39;&amp;">&lt;b title=&quot;x&quot;&gt;&#39;&amp;</td>',
  );
  expect(html`<tr>${[row, null, ['a', 0], undefined, false]}</tr>`.text).toBe(`<tr>${row.text}a0</tr>`);
});

test('control characters cannot stay', () => {
  expect(escapeHtml('a\u0000b\u001b[31m\tc\u0085')).toBe('a\ufffdb\ufffd[31m\tc\ufffd');
});
