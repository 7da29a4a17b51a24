import { RandomStream } from '../../src/common/random.ts';

/** Rows with a target of every kind, learnable from two inputs. */
export function sampleRows(count: number, seed = 1): Record<string, string | number>[] {
  const random = new RandomStream(seed, 'sample');
  return Array.from({ length: count }, (_, i) => {
    const x = random.normal(4 * i);
    const colour = ['red', 'green', 'blue'][random.integer(3, 4 * i + 1)]!;
    const shift = { red: -1, green: 0, blue: 1 }[colour]!;
    const signal = x + shift + 0.3 * random.normal(4 * i + 2);
    return {
      x: x.toFixed(4),
      colour,
      note: `${colour} thing number ${i % 7} was seen near the ${['harbour', 'station', 'market'][i % 3]}`,
      when: `20${10 + (i % 10)}-0${1 + (i % 9)}-1${i % 10}`,
      flag: signal > 0 ? 'yes' : 'no',
      amount: (10 * signal + 50).toFixed(3),
      visits: Math.max(0, Math.round(2 + signal + random.normal(4 * i + 3))),
      size: signal < -0.7 ? 'low' : signal > 0.7 ? 'high' : 'medium',
      shape: signal < -0.5 ? 'disc' : signal > 0.5 ? 'ball' : 'cube',
      tags: [x > 0 ? 'warm' : 'cold', ...(shift > 0 ? ['deep'] : [])].join('|'),
      side: ['train', 'train', 'train', 'validation', 'test'][i % 5]!,
      patient: `p${i % 12}`,
      school: `s${i % 4}`,
      importance: 1 + (i % 3),
    };
  });
}

export function toCsv(
  rows: readonly Record<string, unknown>[],
  columns: readonly string[] = Object.keys(rows[0]!),
): string {
  const cell = (value: unknown): string => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[columns, ...rows.map((row) => columns.map((name) => row[name]))].map((cells) => cells.map(cell).join(',')).join('\n')}\n`;
}
