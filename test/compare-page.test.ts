import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compareRuns, type RunResult, runFit, runFront } from '../src/experiment/index.ts';
import { signed } from '../src/experiment/report/format.ts';
import { openStudio, type Studio } from '../src/studio/index.ts';
import { needsBrowser, openBrowser } from './support/browser.ts';
import { builtCli } from './support/built-cli.ts';

// Runs of one table side by side, in a real browser.

const folder = mkdtempSync(join(tmpdir(), 'polytask-compare-'));
const runs = join(folder, 'runs');
const at = (name: string): string => join(runs, name);
const rows = Array.from({ length: 240 }, (_, i) => ({
  x: Math.sin(i),
  y: Math.cos(3 * i),
  sum: Math.sin(i) + Math.cos(3 * i) + 0.1 * Math.sin(7 * i),
  sign: Math.sin(i) + 0.3 * Math.cos(11 * i) > 0,
}));
const settings = (epochs: number) => ({
  data: rows,
  tasks: { sum: { kind: 'regression' as const }, sign: { kind: 'binary' as const } },
  seeds: 4,
  training: { maxEpochs: epochs, batchSize: 32 },
});
const results: Record<string, RunResult> = {};

let browser: Browser | undefined;
let page: Page;
let studio: Studio;
const trouble: string[] = [];

beforeAll(async () => {
  results['toy-long'] = await runFit({ ...settings(20), model: { hidden: [16] }, out: at('toy-long') });
  results['toy-short'] = await runFit({ ...settings(1), model: { hidden: [16] }, out: at('toy-short') });
  const experts = { hidden: [4], sharing: { name: 'mmoe', experts: 2 } };
  results['toy-mmoe'] = await runFit({ ...settings(4), model: experts, out: at('toy-mmoe') });
  const trade = { ...settings(3), seeds: 1, model: { hidden: [4] }, out: at('toy-front') };
  await runFront({ ...trade, preferences: 3 });
  await runFit({ ...settings(1), data: rows.slice(40), seeds: 1, model: { hidden: [4] }, out: at('apart') });
  mkdirSync(join(folder, 'empty'));
  const pages = join(dirname(await builtCli()), 'studio');
  studio = await openStudio(folder, { port: 0, pages });
  browser = await openBrowser();
  page = (await browser?.newPage()) as Page;
  page?.on('pageerror', (error) => trouble.push(String(error)));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(folder, { recursive: true, force: true });
});

const names = (): Promise<string[]> => page.locator('.leaderboard tbody th a').allTextContents();
const cell = (run: string, column: number): Locator =>
  page.locator('.leaderboard tbody tr', { hasText: run }).locator('td').nth(column);

/** The page over the runs of the same rows, whichever is the newest. */
async function open(query = ''): Promise<void> {
  await page.goto(`${studio.url}/compare${query}`);
  await page.getByLabel('Table').selectOption({ label: await optionOf('4 runs') });
  await page.locator('.leaderboard').waitFor();
}

async function optionOf(words: string): Promise<string> {
  await page.getByLabel('Table').waitFor();
  const all = await page.getByLabel('Table').locator('option').allTextContents();
  return all.find((text) => text.includes(words))!;
}

describe('comparing', () => {
  beforeEach(needsBrowser);

  test('ranks runs by what each gains over its own models of each task alone', async () => {
    await open();
    const order = Object.entries(results).sort(([, a], [, b]) => gain(b) - gain(a));
    expect(await names()).toEqual(order.map(([name]) => name.replace('toy-', '')));
    for (const [name, result] of order) {
      const row = name.replace('toy-', '');
      expect(await cell(row, 0).locator('b').textContent()).toBe(signed(gain(result)));
      expect(await cell(row, 2).textContent()).toBe(signed(result.diagnosis!.tasks[1]!.delta!.mean));
    }
    await page.getByRole('button', { name: 'Parameters' }).click();
    expect((await names())[2]).toBe('mmoe');
    await page.getByLabel('Filter').fill('mmoe');
    expect(await names()).toEqual(['mmoe']);
    await page.getByLabel('Filter').fill('');
    await page.getByRole('button', { name: 'Mean Δ' }).click();
  });

  test('against one of them says what the command does, and so does its address', async () => {
    await open();
    await page.getByRole('combobox', { name: 'Against' }).selectOption('runs/toy-short');
    const paths = Object.keys(results).map(at);
    const { runs: compared } = await compareRuns(paths, { baseline: at('toy-short') });
    const long = compared.find(({ name }) => name === 'toy-long')!;
    const told = (): Promise<string | null> => cell('long', 0).locator('b').textContent();
    await expect.poll(told).toBe(signed(long.delta!.mean));
    await page.reload();
    await expect.poll(told).toBe(signed(long.delta!.mean));
    expect(await page.locator('.leaderboard tbody tr', { hasText: 'baseline' }).count()).toBe(1);
    // What stands over seeds: a row a run, in the order of the leaderboard.
    const places = await names();
    const matrix = page.getByRole('region', { name: 'Change of each run against each other in per cent' });
    const text = await matrix
      .locator('tbody tr')
      .nth(places.indexOf('long'))
      .locator('td')
      .nth(places.indexOf('short'))
      .getAttribute('data-value');
    expect(Number(text)).toBeCloseTo(long.delta!.mean, 2);
    const framed = await matrix.locator('td.framed').count();
    expect(framed).toBeGreaterThan(0);
    expect(await page.locator('.pairs').textContent()).toMatch(
      new RegExp(`^${framed / 2} of 3 stand, the greatest: long over`),
    );
  });

  test('handles on an axis keep in sight what lies between them, by keys as well', async () => {
    await open();
    const inSight = (): Promise<string | null> =>
      page.locator('.note', { hasText: 'in sight' }).textContent();
    expect(await inSight()).toContain('3 of 3 are in sight');
    await page.getByLabel('Parameters: the least that is in sight').focus();
    await page.keyboard.press('End');
    await expect.poll(inSight).toContain('2 of 3');
    expect(await page.locator('.parallel .run.faint').count()).toBe(1);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(inSight).toContain('3 of 3');
    // What is drawn can be taken along, as what is listed.
    const carried = await page.locator('.parallel svg > metadata').textContent();
    expect(carried!.split('\n')[0]).toMatch(/^run\t.*\tParameters\tMean Δ, %$/);
    expect(carried).toContain(`\t${results['toy-mmoe']!.multi.parameters.total}\t`);
    expect(await page.getByRole('button', { name: /^Copy data of (Leaderboard|Settings and)/ }).count()).toBe(
      2,
    );
    // A row that is pointed at is pointed out in the drawing.
    await page.getByRole('link', { name: 'mmoe' }).hover();
    expect(await page.locator('.parallel .run.lit title').textContent()).toContain('toy-mmoe');
  });

  test('a preference picks a model by the validation rows, and says how to use it', async () => {
    await open();
    const trade = page.locator('.trade-off');
    const slider = trade.getByLabel('What matters more?');
    const { tasks } = (await (await fetch(`${studio.url}/api/compare?${await chosen()}`)).json()) as Answer;
    for (const [preference, task] of [
      ['0', 0],
      ['100', 1],
    ] as const) {
      await slider.fill(preference);
      const { models } = (await (
        await fetch(`${studio.url}/api/compare?${await chosen()}`)
      ).json()) as Answer;
      const sign = tasks[task]!.higherIsBetter ? 1 : -1;
      const best = Math.max(...models.map(({ validation }) => sign * validation[task]!.mean));
      const told = await trade.locator('.taken').textContent();
      const value = Number(new RegExp(`${tasks[task]!.name} \\S+ ([\\d.]+)`).exec(told!)![1]);
      expect(value).toBeCloseTo(sign * best, 2);
      await expect.poll(preferred).toBe(preference);
    }
    // A slider that is drawn along does not write the address at each move, which browsers refuse.
    const writes = await slider.evaluate((input: HTMLInputElement) => {
      const write = history.replaceState.bind(history);
      let count = 0;
      history.replaceState = (...address) => {
        count++;
        write(...address);
      };
      for (let i = 0; i <= 140; i++) {
        input.value = String(i % 100);
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
      return count;
    });
    expect(writes).toBeLessThanOrEqual(60);
    await expect.poll(preferred).toBe('40');
    expect(await trade.locator('svg .picked').count()).toBe(1);
    expect(await trade.locator('svg .point').count()).toBeGreaterThanOrEqual(6);
    await trade.getByLabel('Across').selectOption('sign');
    expect(await trade.locator('.axis.across .name').textContent()).toBe('sign');
  });

  test('runs are chosen in the list, and left out again', async () => {
    await page.goto(studio.url);
    for (const name of ['toy-long', 'toy-mmoe']) await page.getByLabel(`Compare runs/${name}`).check();
    await page.getByRole('link', { name: 'Compare these 2 runs' }).click();
    await expect.poll(names).toHaveLength(2);
    await page.getByRole('button', { name: 'All 4 of this table' }).click();
    await expect.poll(names).toHaveLength(3);
    await page.getByRole('button', { name: 'Leave out runs/toy-short' }).click();
    await expect.poll(names).toHaveLength(2);
    // Other rows are refused in words.
    await page.goto(studio.url);
    for (const name of ['toy-long', 'apart']) await page.getByLabel(`Compare runs/${name}`).check();
    await page.getByRole('link', { name: /^Compare these/ }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Compare runs of one table');
    expect(trouble).toEqual([]);
  });

  test('a front is shown as its report shows it', async () => {
    await page.goto(studio.url);
    await page.getByRole('link', { name: 'runs/toy-front' }).click();
    await page.getByRole('heading', { name: 'Point by point' }).waitFor();
    expect(await page.locator('.points tbody tr').count()).toBe(3);
    // By itself it is a trade-off, of models in folders of their own.
    const id = new URL(page.url()).pathname.split('/').at(-1);
    await page.goto(`${studio.url}/compare?runs=${id}`);
    const command = await page.locator('.taken pre code').textContent();
    expect(command).toMatch(/^polytask predict \S+\/toy-front\/models\/[123] rows\.csv/);
    expect(existsSync(resolve(command!.split(' ')[2]!))).toBe(true);
    expect(trouble).toEqual([]);
  });

  test('where nothing is finished the page teaches', async () => {
    const pages = join(dirname(await builtCli()), 'studio');
    const other = await openStudio(join(folder, 'empty'), { port: 0, pages });
    try {
      await page.goto(`${other.url}/compare`);
      await page.locator('.empty').waitFor();
      expect(await page.locator('.empty').textContent()).toContain('polytask fit');
    } finally {
      await other.close();
    }
  });
});

interface Answer {
  readonly tasks: readonly { readonly name: string; readonly higherIsBetter: boolean }[];
  readonly models: readonly { readonly validation: readonly { readonly mean: number }[] }[];
}

const preferred = (): string | null => new URL(page.url()).searchParams.get('prefer');
const gain = ({ diagnosis }: RunResult): number => diagnosis!.delta!.mean;

/** What the page has chosen, as its request says it. */
async function chosen(): Promise<string> {
  return `runs=${new URL(page.url()).searchParams.get('runs')}`;
}
