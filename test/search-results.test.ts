import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { SearchResult } from '../src/experiment/search/result.ts';

interface Measured {
  readonly settings: { readonly seconds: number; readonly seeds: number };
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly results: Readonly<
    Record<
      string,
      {
        readonly chosen: SearchResult['chosen'];
        readonly tried: number;
        readonly leaders: readonly { readonly side: string; readonly finished: boolean }[];
      }
    >
  >;
}

const [BEGIN, END] = ['<!-- measured -->', '<!-- /measured -->'];

test('docs/search.md shows what was measured (UPDATE_DOCS=1 writes it anew)', () => {
  const file = new URL('../benchmarks/results/chooses.json', import.meta.url);
  const { settings, machine, results } = JSON.parse(readFileSync(file, 'utf8')) as Measured;
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
  const rows = Object.entries(results).map(([name, { chosen, tried, leaders }]) => {
    const { mean, low, high } = chosen.delta!;
    const names = [...new Set(chosen.parts.map((part) => part.name))].join('; ');
    const models = chosen.way === 'groups' ? `${chosen.parts.length} groups` : chosen.way;
    const separate = leaders.find(({ side }) => side === 'alone');
    const open = separate === undefined ? '–' : separate.finished ? 'yes' : 'no';
    return `| ${[name, `${models}: ${names}`, tried, `${signed(mean)} %`, `${signed(low!)} to ${signed(high!)} %`, open].join(' | ')} |`;
  });
  const text = [
    BEGIN,
    `\`--time-limit ${settings.seconds}\`, ${settings.seeds} seeds, on ${machine.cores} cores (${machine.cpu.trim()}), made by \`benchmarks/learning/chooses.mjs\`:`,
    '',
    '| problem | chosen | tried | Δ over each task alone | 95 % interval | separate models at their end |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    END,
  ].join('\n');
  const path = fileURLToPath(new URL('../docs/search.md', import.meta.url));
  const page = readFileSync(path, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END) + END.length];
  expect(from).toBeGreaterThan(0);
  if (process.env.UPDATE_DOCS) writeFileSync(path, page.slice(0, from) + text + page.slice(to));
  else expect(page.slice(from, to)).toBe(text);
});
