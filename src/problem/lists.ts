import { PolytaskError } from '../common/error.ts';

/** How a cell lists labels: a JSON list, or texts with something between them. */
export type Separator = 'json' | '|' | ';' | ',';

/** JSON where every value is a list in brackets, else the first of "|", ";" and "," that any value holds. */
export function chooseSeparator(values: readonly string[]): Separator {
  const filled = values.filter((value) => value.trim() !== '');
  if (filled.length > 0 && filled.every((value) => /^\s*\[.*\]\s*$/s.test(value))) return 'json';
  return (['|', ';', ','] as const).find((mark) => filled.some((value) => value.includes(mark))) ?? '|';
}

/** The labels of a cell, each once. */
export function parseList(value: string, separator: Separator, column: string, path: string): string[] {
  const parts = separator === 'json' ? parseJson(value, column, path) : value.split(separator);
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

/** The parts of a cell as far as they can be told without an error: for guessing whether it is a list at all. */
export function roughParts(value: string, separator: Separator): string[] {
  const parts = separator === 'json' ? value.replace(/[[\]"']/g, '').split(',') : value.split(separator);
  return parts.map((part) => part.trim());
}

function parseJson(value: string, column: string, path: string): string[] {
  let list: unknown;
  try {
    // Python prints lists with single quotes; labels that hold quotes themselves need JSON.
    list = JSON.parse(value.includes('"') ? value : value.replaceAll("'", '"'));
  } catch {
    list = undefined;
  }
  if (Array.isArray(list)) return list.map(String);
  throw new PolytaskError('label-invalid', {
    path,
    expected: 'JSON lists such as ["red", "round"]',
    found: `${value} in column "${column}"`,
    help: 'Mend the cell, or set the option separator to what stands between labels.',
  });
}
