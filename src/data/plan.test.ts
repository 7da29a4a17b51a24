import { describe, expect, it } from 'vitest';
import { PolytaskError } from '../common/error.ts';
import { type ColumnPlan, describePlan, type PlanOptions, planColumns } from './plan.ts';
import { tableFromColumns } from './sources/memory.ts';

const n = 300;
const make = (f: (i: number) => unknown): unknown[] => Array.from({ length: n }, (_, i) => f(i));
const WORDS = ['red', 'green', 'blue', 'dark', 'light', 'warm', 'cold', 'soft', 'loud', 'calm'];

/** Column → [values, role, encoder]. */
const COLUMNS: Record<string, [unknown[], string, string?]> = {
  y: [make((i) => i % 2), 'target'],
  amount: [make((i) => i * 1.5), 'input', 'numeric'],
  stars: [make((i) => i % 5), 'input', 'numeric'],
  year: [make((i) => 1990 + ((i * 7) % 30)), 'input', 'numeric'],
  flag: [make((i) => i % 3 === 0), 'input', 'boolean'],
  day: [make((i) => new Date(i * 1e9)), 'input', 'date'],
  colour: [make((i) => WORDS[i % 10]), 'input', 'categorical'],
  city: [make((i) => `City of ${WORDS[i % 10]}`), 'input', 'categorical'],
  user_id: [make((i) => 5000 + ((i * 37) % 60)), 'input', 'categorical'],
  zip_code: [make((i) => 10000 + (i % 40)), 'input', 'categorical'],
  row: [make((i) => i + 1), 'excluded'],
  encounter_id: [make((i) => 1000 + ((i * 7919) % 99991)), 'excluded'],
  reference: [make((i) => `TOX${(i * 7919) % 99991}`), 'excluded'],
  uuid: [make((i) => `${i}-abcdef-${'x'.repeat(i % 7)}`), 'excluded'],
  hash: [make((i) => (0x1000000 + i * 12345).toString(36).padStart(8, 'q')), 'excluded'],
  smiles: [
    make((i) => `C${'c1ccccc1'.repeat(i % 5)}N${'CO'.repeat(i % 7)}(${i % 60}=O)${WORDS[i % 10]}`),
    'input',
    'text',
  ],
  review: [make((i) => `${WORDS[i % 10]} and ${WORDS[(i * 3) % 7]} number ${i} of all`), 'input', 'text'],
  genres: [make((i) => `${WORDS[i % 10]}|${WORDS[(i * 3) % 7]}`), 'input', 'text'],
  constant: [make(() => 'same'), 'excluded'],
  nothing: [make(() => null), 'excluded'],
  often: [make((i) => (i % 3 === 0 ? 'yes' : null)), 'input', 'categorical'],
};
const table = tableFromColumns(
  Object.fromEntries(Object.entries(COLUMNS).map(([name, [values]]) => [name, values])),
);

const plan = (options: Partial<PlanOptions> = {}): Map<string, ColumnPlan> =>
  new Map(planColumns(table, { tasks: ['y'], ...options }).map((one) => [one.name, one]));

describe('inference', () => {
  const plans = plan();
  it.each(Object.entries(COLUMNS))('%s', (name, [, role, encoder]) => {
    expect([name, plans.get(name)?.role, plans.get(name)?.encoder?.kind]).toEqual([name, role, encoder]);
    if (role !== 'target') expect(plans.get(name)?.note?.length).toBeGreaterThan(3);
  });

  it('asks about a column of numbers with a stray word', () => {
    const cells = Array.from({ length: 40 }, (_, i) => (i % 20 === 0 ? '?' : String(i % 20)));
    const [, x] = planColumns(tableFromColumns({ y: cells, x: cells }), { tasks: ['y'] });
    expect(x?.note).toMatch(/but for "\?"/);
  });

  it('prints a line a column', () => {
    expect(describePlan([...plans.values()]).split('\n')).toHaveLength(table.columns.size);
  });
});

describe('what is asked for', () => {
  it('gives roles and encoders', () => {
    const plans = plan({
      tasks: [{ name: 'both', columns: ['y', 'flag'] }],
      by: 'colour',
      group: 'user_id',
      time: 'day',
      exclude: ['review'],
      weight: 'stars',
      encoders: { row: 'numeric', city: { kind: 'text', words: [1, 1] } },
    });
    expect(Object.fromEntries([...plans].map(([name, { role }]) => [name, role]))).toMatchObject({
      y: 'target',
      flag: 'target',
      colour: 'task',
      user_id: 'group',
      day: 'time',
      review: 'excluded',
      stars: 'weight',
      row: 'input',
    });
    expect(plans.get('city')?.encoder).toEqual({ kind: 'text', words: [1, 1] });
  });

  it('keeps to the named inputs', () => {
    const inputs = [...plan({ inputs: ['amount', 'colour'] }).values()].filter(
      ({ role }) => role === 'input',
    );
    expect(inputs.map(({ name }) => name)).toEqual(['amount', 'colour']);
  });
});

describe('bad plans end in a clear error', () => {
  const CASES: Record<string, [PlanOptions, string, RegExp]> = {
    'no task': [{ tasks: [] }, 'column-role', /at least one task/],
    'an unknown target': [{ tasks: ['colur'] }, 'column-unknown', /tasks\.colur[\s\S]*"colour"/],
    'an unknown group': [{ tasks: ['y'], group: 'userid' }, 'column-unknown', /"user_id"/],
    'an unknown column to encode': [
      { tasks: ['y'], encoders: { hue: 'text' } },
      'column-unknown',
      /encoders\.hue/,
    ],
    'an unknown encoder': [
      { tasks: ['y'], encoders: { colour: 'tekst' } },
      'encoder-invalid',
      /Did you mean "text"\?/,
    ],
    'an encoder of another type': [
      { tasks: ['y'], encoders: { colour: 'date' } },
      'encoder-invalid',
      /of type string/,
    ],
    'two roles': [{ tasks: ['y'], group: 'y' }, 'column-role', /both target and group/],
    'a target among the inputs': [
      { tasks: ['y'], inputs: ['y', 'amount'] },
      'column-role',
      /both target and input/,
    ],
    'a weight of words': [{ tasks: ['y'], weight: 'colour' }, 'column-type', /weight: colour/],
    'no inputs left': [{ tasks: ['y'], inputs: [] }, 'column-role', /at least one input/],
  };
  it.each(Object.entries(CASES))('%s', (_, [options, code, words]) => {
    expect(() => planColumns(table, options)).toThrow(words);
    expect(() => planColumns(table, options)).toThrow(expect.objectContaining({ code }));
    expect(() => planColumns(table, options)).toThrow(PolytaskError);
  });

  it('an infinite target, a negative or missing weight', () => {
    const bad = tableFromColumns({ y: [1, Infinity], w: [1, -1], m: [1, null], x: [1, 2] });
    expect(() => planColumns(bad, { tasks: ['y'] })).toThrow(/value-not-finite[\s\S]*row 2/);
    expect(() => planColumns(bad, { tasks: ['x'], weight: 'w' })).toThrow(/column-type[\s\S]*-1/);
    expect(() => planColumns(bad, { tasks: ['x'], exposure: 'm' })).toThrow(/a missing value/);
  });
});
