import { computed, type ReadonlySignal } from '@preact/signals';
import { put, query } from '../router.ts';

/** How the page that compares stands, as its address says it. */
export interface Address {
  /** Ids of runs; none are those of the newest table. */
  readonly runs: readonly string[];
  /** Id of the run that the others are compared with; each task alone where there is none. */
  readonly baseline: string | undefined;
  /** Places of the two tasks whose trade-off is shown. */
  readonly between: readonly [number, number];
  /** How much the second of them matters, 0 to 100. */
  readonly preference: number;
}

export const address: ReadonlySignal<Address> = computed(() => {
  const text = (name: string): string | undefined => query.value.get(name) ?? undefined;
  const [x = 0, y = 1] = (text('between') ?? '0,1').split(',').map(wholeOf);
  const preference = wholeOf(text('prefer') ?? '50');
  return {
    runs: (text('runs') ?? '').split(',').filter(Boolean),
    baseline: text('baseline'),
    between: [x, y],
    preference: Math.min(100, preference),
  };
});

/** Changes how the page stands. */
export function change({ runs, baseline, between, preference }: Partial<Address>): void {
  put({
    ...(runs && { runs: runs.length > 0 ? runs.join(',') : undefined }),
    ...(between && { between: between.join(',') }),
    ...(preference !== undefined && { prefer: `${preference}` }),
    ...(baseline !== undefined && { baseline: baseline === '' ? undefined : baseline }),
  });
}

function wholeOf(text: string): number {
  const value = Number.parseInt(text, 10);
  return Number.isInteger(value) && value >= 0 ? value : 0;
}
