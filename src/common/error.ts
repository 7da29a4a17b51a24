import type { ErrorCode } from './error-codes.ts';

/** What an error tells besides its code; `help` says what to do next. */
export interface ErrorDetails {
  /** Where it happened: a file, a column, a config path such as `tasks.income.kind`, a layer's name. */
  readonly path?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly help: string;
  readonly cause?: unknown;
}

/**
 * The one error class of Polytask: data first (code, path, expected, found, help), text rendered late.
 *
 * @example
 * throw new PolytaskError('column-unknown', {
 *   path: 'tasks.incom', expected: 'a column of the table', found: 'incom', help: 'Did you mean "income"?',
 * });
 */
export class PolytaskError extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly help: string;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(renderError(code, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'PolytaskError';
    this.code = code;
    this.path = details.path;
    this.expected = details.expected;
    this.found = details.found;
    this.help = details.help;
  }

  /** The same error at a place that says more, such as a line of a file; this one becomes its cause. */
  at(path: string): PolytaskError {
    return new PolytaskError(this.code, {
      path,
      ...(this.expected !== undefined && { expected: this.expected }),
      ...(this.found !== undefined && { found: this.found }),
      help: this.help,
      cause: this,
    });
  }

  toJSON(): { code: ErrorCode; path?: string; expected?: string; found?: string; help: string } {
    return {
      code: this.code,
      ...(this.path !== undefined && { path: this.path }),
      ...(this.expected !== undefined && { expected: this.expected }),
      ...(this.found !== undefined && { found: this.found }),
      help: this.help,
    };
  }
}

function renderError(code: ErrorCode, { path, expected, found, help }: ErrorDetails): string {
  const lines = [path === undefined ? code : `${code} at ${path}`];
  if (expected !== undefined) lines.push(`  expected: ${expected}`);
  if (found !== undefined) lines.push(`  found:    ${found}`);
  lines.push(`  help:     ${help}`);
  return lines.join('\n');
}

/** The candidate closest to `word` by edit distance, or undefined when none is near enough to suggest. */
export function nearestName(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `Did you mean "x"?` when a near candidate exists, else the list of what there is. */
export function suggest(word: string, candidates: readonly string[]): string {
  const near = nearestName(word, candidates);
  if (near !== undefined) return `Did you mean "${near}"?`;
  const shown = candidates.slice(0, 12).join(', ');
  return `Known: ${shown}${candidates.length > 12 ? `, and ${candidates.length - 12} more` : ''}.`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
