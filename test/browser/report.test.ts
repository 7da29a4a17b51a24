import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { comparisonOf } from '../../src/experiment/report/compare/fixtures.ts';
import { renderComparison } from '../../src/experiment/report/compare/page.ts';
import {
  fiveTasks,
  folded,
  hostile,
  manyTasks,
  manyWithFewer,
  noBaseline,
  twoTasks,
  weighedForLong,
} from '../../src/experiment/report/fixtures.ts';
import { FRONTS } from '../../src/experiment/report/front/fixtures.ts';
import { renderFront, renderReport } from '../../src/experiment/report/index.ts';
import { needsBrowser, openBrowser } from '../support/browser.ts';
import { clipped, faintTexts, openByKeyboard, overflow } from './inspect-page.ts';
import { quickRun } from './quick-run.ts';

const longNames = () => {
  const result = manyTasks();
  return { ...result, run: `${result.run}-${'of-all-schools-'.repeat(12)}` };
};
const REPORTS = {
  twoTasks,
  fiveTasks,
  longNames,
  noBaseline,
  hostile,
  weighedForLong,
  folded,
  manyWithFewer,
};
const { two, fifty, three, nine, thirty, hostile: hostileFront } = FRONTS;
const PAGES = { two, fifty, three, nine, thirty, hostileFront };
const COMPARISONS = {
  compared: () => comparisonOf(fiveTasks),
  manyCompared: () => comparisonOf(manyTasks, 4),
  hostileCompared: () => comparisonOf(hostile),
};
const NAMES = [...Object.keys(REPORTS), 'real', ...Object.keys(PAGES), ...Object.keys(COMPARISONS)];
const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
];
/** A4 within margins of a centimetre, in CSS pixels. */
const PAPER = { width: 718, height: 1046 };

let folder: string;
let browser: Browser | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polytask-report-'));
  for (const [name, make] of Object.entries(REPORTS))
    writeFileSync(join(folder, `${name}.html`), renderReport(make(), { seeds: 3, data: 'x'.repeat(300) }));
  for (const [name, make] of Object.entries(PAGES))
    writeFileSync(join(folder, `${name}.html`), renderFront(make!()));
  for (const [name, make] of Object.entries(COMPARISONS))
    writeFileSync(join(folder, `${name}.html`), renderComparison(make()));
  browser = await openBrowser();
  if (browser === undefined) return;
  const run = await quickRun();
  cpSync(join(run, 'run', 'report.html'), join(folder, 'real.html'));
  rmSync(run, { recursive: true, force: true });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** What must not happen: requests beside the file itself, errors, dialogs. */
  readonly trouble: readonly string[];
}

async function openReport(name: string): Promise<Opened> {
  const page = await browser!.newPage();
  const url = pathToFileURL(join(folder, `${name}.html`)).href;
  const trouble: string[] = [];
  page.on('request', (request) => request.url() !== url && trouble.push(`request of ${request.url()}`));
  page.on('console', (message) => trouble.push(`${message.type()} on the console: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('dialog', async (dialog) => {
    trouble.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.goto(url);
  return { page, trouble };
}

/** With POLYTASK_SHOTS=<folder>, pictures to look at. */
async function picture(page: Page, name: string): Promise<void> {
  const into = process.env.POLYTASK_SHOTS;
  if (!into) return;
  mkdirSync(into, { recursive: true });
  await page.screenshot({ path: join(into, `${name}.png`), fullPage: true });
}

describe.each(NAMES)('the report of %s', (name) => {
  beforeEach(needsBrowser);

  test('fits every width in light and dark, readable, its answer in sight; asks nothing of anyone', async () => {
    const { page, trouble } = await openReport(name);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const size of SIZES) {
        const at = `${size.width} px, ${colorScheme}`;
        await page.setViewportSize(size);
        await picture(page, `${name}-${size.width}-${colorScheme}`);
        expect(await overflow(page), at).toEqual([]);
        const answer = await page.locator('.verdict .answer').boundingBox();
        expect(answer!.y + answer!.height, at).toBeLessThan(size.height);
      }
      const { checked, faint } = await faintTexts(page);
      expect(checked).toBeGreaterThan(40);
      expect(faint, colorScheme).toEqual([]);
    }
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('opens all its folds by keyboard, and still fits', async () => {
    const { page, trouble } = await openReport(name);
    const { folds, opened } = await openByKeyboard(page);
    expect(folds).toBeGreaterThan(0);
    expect(opened).toBe(folds);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect((await faintTexts(page)).faint, colorScheme).toEqual([]);
    }
    for (const size of SIZES) {
      await page.setViewportSize(size);
      expect(await overflow(page), `${size.width} px`).toEqual([]);
    }
    await picture(page, `${name}-open`);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('prints on A4, folded and open', async () => {
    const { page, trouble } = await openReport(name);
    await page.setViewportSize(PAPER);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await overflow(page)).toEqual([]);
    expect((await faintTexts(page)).faint).toEqual([]);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect(await overflow(page)).toEqual([]);
    expect(await clipped(page)).toEqual([]);
    await picture(page, `${name}-print`);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
    expect(trouble).toEqual([]);
    await page.close();
  });
});
