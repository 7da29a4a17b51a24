import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatValue, type Option } from '../common/options.ts';
import { LOSS_WEIGHTINGS } from './loss-weightings.ts';

test.each(Object.keys(LOSS_WEIGHTINGS))(
  '%s has a page that names all of its options and their defaults',
  (name) => {
    const page = readFileSync(new URL(`../../docs/objectives/${name}.md`, import.meta.url), 'utf8');
    const { title, paper, options } = LOSS_WEIGHTINGS[name]!;
    expect(page.split('\n').length).toBeLessThanOrEqual(41);
    expect(page).toContain(`# ${title}`);
    expect(page.replaceAll('\n', ' ')).toContain(paper);
    for (const [key, option] of Object.entries(options as Readonly<Record<string, Option<unknown>>>))
      expect(page).toContain(`| \`${key}\` | ${formatValue(option.default)} |`);
  },
);
