import type { RunResult } from '../result.ts';
export function renderVerdict(_result: RunResult, _options: { colour: boolean; width: number }): string {
  return '';
}
