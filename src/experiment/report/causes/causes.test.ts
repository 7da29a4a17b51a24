import { describe, expect, test } from 'vitest';
import { CAUSES, type Cause, type Causes } from '../../../diagnosis/index.ts';
import { fakeRun } from '../fixtures.ts';
import { renderReport } from '../page.ts';
import { whySection } from '../sections/why.ts';
import { displayWidth } from '../terminal-text.ts';
import { renderAdvice } from './terminal.ts';
import { short, tasksOf } from './words.ts';

const NASTY = '<script>alert("x")</script>\u001b[31m';
const cause: Cause = {
  code: 'interference',
  bearing: 'hurts',
  tasks: [NASTY, 'b'],
  layers: ['trunk/mlp/0'],
  statistic: { name: `cosine of ${NASTY} and b`, value: -0.4567, threshold: -0.1 },
  strength: 0.78,
  sentence: `The gradients of ${NASTY} and b pull apart.`,
  advice: [
    { settings: [{ path: 'model.sharing', value: 'mmoe' }], sentence: 'Let each task choose.' },
    { settings: [{ path: 'model.hidden', value: [64, 32] }], sentence: 'Widen it.' },
  ],
};
const causes: Causes = { found: [cause], absent: ['noisy-task'], unmeasured: ['capacity'] };
const task = { kind: 'regression', metric: 'rmse', higherIsBetter: false, alone: 1, effect: -9, noise: 1 };
const run = { ...fakeRun({ tasks: ['a', 'b'].map((name) => ({ name, ...task })) }), causes };

describe('the section why', () => {
  test('has cause, measurement, rule and advice with its settings', () => {
    const { text } = whySection(run);
    const rule = CAUSES.find(({ code }) => code === 'interference')!;
    expect(text).toContain(rule.title);
    expect(text).toContain('<b>−0.46</b>');
    expect(text).toContain('threshold here −0.1');
    expect(text).toContain('<code>model.sharing=mmoe</code>');
    expect(text).toContain('<code>model.hidden=[64,32]</code>');
    expect(text).toContain('Looked for and not found: noisy task.');
    expect(text).toMatch(/Not measured: too little capacity\.[\s\S]*polytask advise/);
  });

  test('asks for no training that would tell nothing', () => {
    expect(whySection({ ...run, seeds: [0] }).text).not.toContain('polytask advise');
  });

  test('lets nothing from data through, and stands in the report', () => {
    expect(whySection(run).text).not.toContain('<script');
    expect(renderReport(run)).toContain('<h2>Why</h2>');
    const { causes: _, ...without } = run;
    expect(renderReport(without)).not.toContain('<h2>Why</h2>');
  });

  test('says so where nothing stands out', () => {
    expect(whySection({ ...run, causes: { ...causes, found: [] } }).text).toContain(
      'No cause stands out from noise.',
    );
  });
});

describe('advice on a terminal', () => {
  const next = [
    { sentence: 'Let each task choose.', commands: ['polytask fit rows.csv --sharing mmoe --hidden 64,32'] },
  ];

  test.each([40, 80, 110])('fits into %i columns, but for what is there to be copied', (width) => {
    const lines = renderAdvice(run, next, { colour: false, width }).split('\n');
    for (const line of lines.filter((own) => !own.includes('polytask fit')))
      expect(displayWidth(line), line).toBeLessThanOrEqual(width);
    expect(lines).toContain('    polytask fit rows.csv --sharing mmoe --hidden 64,32');
  });

  test('moves no cursor, and paints where it may', () => {
    expect(renderAdvice(run, next, { colour: false, width: 80 })).toMatch(/^[\n\x20-\x7e]*$/);
    expect(renderAdvice(run, next, { colour: true, width: 80 })).toContain('\u001b[1mTo try next\u001b[22m');
  });

  test('a query of several lines stays one', () => {
    const commands = ["polytask fit --sql 'SELECT a,\n  b FROM x'"];
    expect(renderAdvice(run, [{ ...next[0]!, commands }], { colour: false, width: 80 })).toContain(
      "    polytask fit --sql 'SELECT a,\n  b FROM x'",
    );
  });

  test('without a comparison there is nothing to explain', () => {
    expect(renderAdvice({}, [], { colour: false, width: 80 })).toContain('nothing to explain');
  });
});

test('numbers and names without more than is read', () => {
  expect([0.123456, 1234.567, -2, 12.345].map(short)).toEqual(['0.12', '1230', '−2', '12.3']);
  const many = Array.from({ length: 12 }, (_, i) => `t${i}`);
  expect(tasksOf({ tasks: many })).toBe('t0, t1, t2, t3, t4, t5, t6, t7 and 4 more');
});
