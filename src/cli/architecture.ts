import { formatValue, readSpec } from '../common/options.ts';
import type { Architecture, ModelSpec } from '../model/index.ts';

/** Beyond this many tasks their shares are told as a range. */
const MOST_TASKS = 12;

/** What a model is made of, in lines for a terminal: its sharing, who owns how much of θ, its parts, its cost. */
export function architectureLines({ sharing, parameters, parts, flops }: Architecture): string[] {
  const { total, shared, experts, tasks } = parameters;
  const options = Object.entries(sharing.options).map(([name, value]) => `  ${name}: ${formatValue(value)}`);
  const owners: Row[] = [
    ...(shared > 0 ? [row('shared', shared, total)] : []),
    ...several(experts, 'experts', total, 1),
    ...several(tasks, 'tasks', total, MOST_TASKS),
  ];
  return [
    `${sharing.title}: ${sharing.about}`,
    ...options,
    `\nparameters ${group(total)}`,
    ...table(owners),
    '\nparts',
    ...table(parts.map(({ part, total: own, ...by }) => [...row(part, own, total), ownersOf(by)])),
    `\n${group(flops)} floating-point operations to predict a row`,
  ];
}

/** What else a model is made by, as the command line takes it: its flow, how z enters, what z is. */
export function methodLines({ flow, conditioning, descriptor, encoder }: Partial<ModelSpec>): string[] {
  return Object.entries({
    encoder: encoder?.family,
    numeric: encoder?.numeric,
    flow,
    conditioning,
    descriptor,
  }).flatMap(([what, input]) => {
    if (input === undefined) return [];
    const { name, options } = readSpec(input, what, 'model-invalid');
    const given = Object.entries(options).map(([key, value]) => `${key}=${formatValue(value)}`);
    return name === 'none'
      ? []
      : [`${what} ${[name, ...(given.length > 0 ? [given.join(',')] : [])].join(':')}`];
  });
}

type Row = readonly string[];

function row(name: string, count: number, total: number): Row {
  return [name, group(count), total === 0 ? '-' : `${((100 * count) / total).toFixed(1)} %`];
}

/** A row each, or one for all where there are many. */
function several(counts: Readonly<Record<string, number>>, what: string, total: number, most: number): Row[] {
  const own = Object.entries(counts).filter(([, count]) => count > 0);
  if (own.length <= most) return own.map(([name, count]) => row(name, count, total));
  const sizes = own.map(([, count]) => count);
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const sum = sizes.reduce((a, b) => a + b, 0);
  const each = low === high ? `${group(low)} each` : `${group(low)} to ${group(high)} each`;
  return [[...row(`${own.length} ${what}`, sum, total), each]];
}

function ownersOf(by: { readonly shared: number; readonly experts: number; readonly tasks: number }): string {
  return Object.entries(by)
    .filter(([, count]) => count > 0)
    .map(([owner]) => owner)
    .join(', ');
}

/** The first column to the left, numbers to the right, remarks as they are. */
function table(rows: readonly Row[]): string[] {
  const widths = [0, 1, 2].map((c) => Math.max(...rows.map((cells) => cells[c]?.length ?? 0)));
  return rows.map(([name = '', ...rest]) =>
    [`  ${name.padEnd(widths[0]!)}`, ...rest.map((cell, i) => (i < 2 ? cell.padStart(widths[i + 1]!) : cell))]
      .join('  ')
      .trimEnd(),
  );
}

function group(count: number): string {
  return Math.round(count).toLocaleString('en');
}
