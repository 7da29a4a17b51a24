import type { Column } from '../../common/table.ts';
import { codesOf } from '../columns.ts';

/** What the rules of inference look at. */
export interface Profile {
  readonly column: Column;
  readonly rows: number;
  readonly present: number;
  readonly distinct: number;
  /** Up to 2,000 of the distinct values, evenly spread. */
  readonly samples: readonly string[];
}

const SAMPLES = 2000;

export function profileOf(column: Column): Profile {
  const { codes, count, textOf } = codesOf(column);
  const used = new Uint8Array(count);
  let present = 0;
  for (const code of codes) {
    if (code < 0) continue;
    used[code] = 1;
    present++;
  }
  const distinct = Array.from({ length: count }, (_, code) => code).filter((code) => used[code] === 1);
  const stride = Math.max(1, Math.floor(distinct.length / SAMPLES));
  return {
    column,
    rows: codes.length,
    present,
    distinct: distinct.length,
    samples: distinct.filter((_, i) => i % stride === 0).map(textOf),
  };
}

export function share(samples: readonly string[], test: (text: string) => boolean): number {
  return samples.length === 0 ? 0 : samples.filter(test).length / samples.length;
}
