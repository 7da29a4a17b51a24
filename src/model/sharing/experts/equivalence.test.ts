import { describe, expect, test } from 'vitest';
import { topological } from '../../../engine/graph.ts';
import type { Parameter } from '../../parameter.ts';
import { DEVIATION } from '../../view.ts';
import {
  drawn,
  expectClose,
  expectSame,
  run,
  runWithGradients,
  type Setting,
  type Subject,
  subject,
  TASK_OF_ROW,
  type Values,
} from './experts.test-support.ts';

const SETTINGS: [string, Setting][] = (['wide', 'rows'] as const).flatMap((layout) =>
  [[], [2]].map((lead): [string, Setting] => [`${layout}, lead [${lead}]`, { layout, lead }]),
);
const SPARSE = 'gate=dselect-k,entropy=0.3,balance=0.2';
const ALL = [
  'omoe:experts=3',
  'mmoe:experts=3,bottom=1',
  `mmoe:experts=5,hidden=3,${SPARSE}`,
  'mmoe:experts=4,gate=top-k',
  'cgc',
  'ple:levels=3,balance=0.5',
  `ple:shared=1,own=2,${SPARSE}`,
];

describe.each(SETTINGS)('%s', (_, setting) => {
  test('MMoE with one expert is a shared bottom', () =>
    expectSame(subject('mmoe:experts=1', setting), subject('shared-bottom', setting), (name) =>
      name.replace('trunk/mlp', 'trunk/experts'),
    ));

  test('MMoE with one expert over a shared layer is a shared bottom', () =>
    expectSame(subject('mmoe:experts=1,bottom=1', setting), subject('shared-bottom', setting), (name) =>
      name.replace('trunk/mlp/1', 'trunk/experts/0'),
    ));

  test('MMoE whose gates are equal is OMoE', async () => {
    const [one, many] = [subject('omoe:experts=3', setting), subject('mmoe:experts=3', setting)];
    const values = drawn(one);
    const replicas = setting.lead!.length === 0 ? 1 : 2;
    const repeated = (name: string): number[] => {
      const own = values[name]!;
      const size = own.length / replicas;
      return Array.from({ length: replicas }, (__, s) => own.slice(s * size, (s + 1) * size))
        .flatMap((part) => [part, part])
        .flat();
    };
    const gates: Values = Object.fromEntries(
      ['weight', 'bias'].flatMap((part) => [
        [`trunk/gate/${part}`, repeated(`trunk/gate/${part}`)],
        [`trunk/common/gate/${part}`, values[`trunk/gate/${part}`]!],
        [`trunk/deviation/gate/${part}`, repeated(`trunk/gate/${part}`).map(() => 0)],
      ]),
    );
    const [a, b] = [
      await runWithGradients(one, values),
      await runWithGradients(many, { ...values, ...gates }),
    ];
    expectClose(b.logits!, a.logits!);
    expectClose(b['d trunk/experts/0/weight']!, a['d trunk/experts/0/weight']!);
  });

  test('PLE with one level is CGC', () =>
    expectSame(subject('ple:levels=1,own=1', setting), subject('cgc:own=1', setting), (name) => name));
});

describe.each(['wide', 'rows'] as const)('%s', (layout) => {
  test.each(ALL)('%s: replicas side by side are each as alone', async (sharing) => {
    const alone = subject(sharing, { layout });
    const both = subject(sharing, { layout, lead: [2] });
    const values = drawn(both);
    const outputs = ({ logits, model }: typeof alone) => ({
      logits,
      ...(model.penalty && { penalty: model.penalty }),
      ...Object.fromEntries(model.probes.map(({ name, value }) => [`probe ${name}`, value])),
    });
    const together = await run(both, outputs(both), values);
    for (const s of [0, 1]) {
      const half = (own: readonly number[]): number[] =>
        own.slice((s * own.length) / 2, ((s + 1) * own.length) / 2);
      const own = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, half(value)]));
      const found = await run(alone, outputs(alone), own);
      for (const [name, value] of Object.entries(found)) expectClose(half(together[name]!), value, name);
    }
  });
});

test.each([[[]], [[2]]])(
  'CGC of one own expert each and none shared is independent networks, lead %j',
  (lead) =>
    expectSame(
      subject('cgc:shared=0,own=1,embeddings=own', { lead }),
      subject('independent', { lead }),
      (name) => name.replace('trunk/mlp', 'trunk/1/own-experts'),
    ),
);

/** Values with which all that leans on a common part is each task's own, as for wide rows: nothing is common. */
function leaning(wide: Values, parameters: readonly Parameter[]): Values {
  const value = ({ name, shape }: Parameter): readonly number[] => {
    if (name in wide) return wide[name]!;
    if (name.includes('/common/')) return new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0);
    if (name.endsWith('/offset')) return wide[name.replace('/offset', '/bias')]!;
    const own = name.endsWith('/deviation')
      ? name.replace('/deviation', '/weight')
      : name.replace('/deviation', '');
    return wide[own]!.map((weight) => weight / DEVIATION);
  };
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, value(parameter)]));
}

test.each(['mmoe:experts=3', 'omoe:experts=3', 'cgc', 'cgc:gate=top-k', `cgc:${SPARSE}`])(
  '%s: a row of a long table is what that row of its task is in a wide one',
  async (sharing) => {
    const [wide, long] = [subject(sharing), subject(sharing, { layout: 'rows' })];
    const values = drawn(wide);
    const a = await run(wide, { logits: wide.logits }, values);
    const b = await run(long, { logits: long.logits }, leaning(values, long.set.parameters));
    expectClose(
      b.logits!,
      TASK_OF_ROW.map((task, row) => a.logits![row * 2 + task]!),
    );
  },
);

test.each([...ALL.filter((sharing) => !sharing.startsWith('ple')), 'ple:shared=0'])(
  '%s: a block of rows for each task gives what the rows of a wide table do',
  async (sharing) => {
    const [wide, blocks] = [subject(sharing), subject(sharing, { layout: 'blocks' })];
    const values = drawn(wide);
    const a = await run(wide, { logits: wide.logits }, values);
    const b = await run(blocks, { logits: blocks.logits }, leaning(values, blocks.set.parameters));
    const byTask = [0, 1].flatMap((task) => TASK_OF_ROW.map((_, row) => a.logits![row * 2 + task]!));
    expectClose(b.logits!, byTask);
  },
);

test('PLE of one task is the same in a long table and in a wide one', async () => {
  const [wide, long] = (['wide', 'rows'] as const).map((layout) =>
    subject('ple:levels=3', { layout, tasks: 1 }),
  ) as [Subject, Subject];
  const values = drawn(wide);
  const a = await run(wide, { logits: wide.logits }, values);
  const b = await run(long, { logits: long.logits }, leaning(values, long.set.parameters));
  expectClose(b.logits!, a.logits!);
});

test.each(ALL)('%s: the graph does not grow with tasks or experts', (sharing) => {
  const nodes = (name: string, tasks: number): number => {
    const { model, logits } = subject(name, { tasks });
    return topological([
      logits,
      ...model.probes.map(({ value }) => value),
      ...(model.penalty ? [model.penalty] : []),
    ]).length;
  };
  // The bits of DSelect-k are the logarithm of what a gate chooses from; a shared gate chooses from all tasks' experts.
  const growing = sharing.includes('dselect');
  if (!(growing && sharing.startsWith('ple'))) expect(nodes(sharing, 7)).toBe(nodes(sharing, 2));
  const more = sharing.replace(/experts=\d/, 'experts=8').replace('shared=1', 'shared=3');
  if (!growing) expect(nodes(more, 2)).toBe(nodes(sharing, 2));
});
