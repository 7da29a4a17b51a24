import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunConfigInput, runFit } from '../../src/experiment/index.ts';
import { CONTROL, type Request } from '../../src/experiment/live/control.ts';
import { comparisonOf } from '../../src/experiment/report/compare/fixtures.ts';
import { renderComparison } from '../../src/experiment/report/compare/page.ts';
import { fiveTasks } from '../../src/experiment/report/fixtures.ts';
import { FRONTS } from '../../src/experiment/report/front/fixtures.ts';
import { renderFront, renderReport } from '../../src/experiment/report/index.ts';
import { type ModelServer, serve } from '../../src/index.ts';
import { ROWS } from '../../src/serving/server/served.test-support.ts';
import { openStudio, type Studio } from '../../src/studio/index.ts';
import { needsBrowser, openBrowser } from '../support/browser.ts';
import { builtCli } from '../support/built-cli.ts';
import { builtFiles } from '../support/served.ts';
import { violations } from './axe.ts';
import { faintTexts, overflow } from './inspect-page.ts';
import { walk } from './keyboard.ts';

// Every page that there is, as a checker of accessibility finds it, and as it is gone through without a mouse.

const folder = mkdtempSync(join(tmpdir(), 'polytask-accessible-'));
const runs = join(folder, 'runs');
const fit = (name: string, more: Partial<RunConfigInput>): RunConfigInput => ({
  data: ROWS,
  tasks: { flag: { kind: 'binary' }, amount: { kind: 'regression' }, shape: { kind: 'multiclass' } },
  exclude: ['school', 'patient', 'importance', 'side'],
  runtime: 'native',
  threads: 1,
  seeds: 2,
  model: { hidden: [8], sharing: 'mmoe:experts=2' },
  training: { maxEpochs: 3, epochsPerEvaluation: 1 },
  out: join(runs, name),
  ...more,
});

/** Pages that are files, by name. */
const FILES: Readonly<Record<string, () => string>> = {
  report: () => renderReport(fiveTasks(), {}),
  front: () => renderFront(FRONTS.nine!()),
  comparison: () => renderComparison(comparisonOf(fiveTasks)),
};

/** Pages of the studio, by what they are, and what tells that they are there. */
const PAGES: Readonly<Record<string, () => Promise<unknown>>> = {
  'the list of runs': () => open('/', 'tbody a'),
  'a finished run': () => openRun('finished', '.predict .tasks'),
  'a run that learns': () => openRun('live', '.state.paused'),
  'runs side by side': () => open('/compare', '.compare svg'),
  'the playground, at a stop of its course': () => play('?stop=6'),
  'the playground with gates on the plane': () => play('?problem=plane&sharing=mmoe:experts=3'),
  'the playground with stitches and digits': () => play('?problem=digits&sharing=cross-stitch'),
  'the playground without a file': () => open('/playground?problem=table', '[role=alert]'),
};

let browser: Browser | undefined;
let page: Page;
let studio: Studio;
let server: ModelServer;
let learning: Promise<unknown>;

beforeAll(async () => {
  browser = await openBrowser();
  if (browser === undefined) return;
  mkdirSync(runs);
  await runFit(fit('other', { model: { hidden: [8] } }));
  await runFit(fit('finished', { objective: 'pcgrad' }));
  studio = await openStudio(runs, { port: 0, pages: join(dirname(await builtCli()), 'studio') });
  server = await serve(join(runs, 'finished', 'model'), {
    port: 0,
    workers: 0,
    reloadEvery: 0,
    files: await builtFiles(),
  });
  learning = runFit(fit('live', { training: { maxEpochs: 1e5, patience: 1e5, epochsPerEvaluation: 1 } }), {
    onEvent: (event) => event.phase === 'training' && event.progress.point?.epoch === 2 && ask('pause'),
  });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, `${name}.html`), text());
  page = await browser.newPage();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  if (studio !== undefined) {
    ask('stop');
    await learning.catch(() => undefined);
    await Promise.all([studio.close(), server.close(0)]);
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Asks something of the run that learns. */
function ask(request: Request): void {
  writeFileSync(join(runs, 'live', CONTROL), JSON.stringify({ id: request, request }));
}

async function open(path: string, there: string): Promise<void> {
  await page.goto(new URL(path, studio.url).href);
  await page.locator(there).first().waitFor();
}

async function openRun(name: string, there: string): Promise<void> {
  await open('/', 'tbody a');
  await page.getByRole('link', { name, exact: true }).click();
  await page.locator(there).first().waitFor();
}

/** The playground after a pass over its rows. */
async function play(query: string): Promise<void> {
  await open(`/playground${query}`, 'button.play:enabled');
  await page.getByRole('button', { name: 'One pass' }).click();
  await page.locator('.inside svg').first().waitFor();
}

const openFolds = (): Promise<void> =>
  page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
  });

/** Looks at what is open, with all its folds, at two widths by day and by night. */
async function look(): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await openFolds();
      const at = `${width} px, ${colorScheme}`;
      // At night colours alone are others.
      expect(await violations(page, colorScheme === 'light' ? 'all' : 'colours'), at).toEqual([]);
      expect(await overflow(page), at).toEqual([]);
    }
    // Of texts in drawings axe does not speak.
    expect((await faintTexts(page)).faint, colorScheme).toEqual([]);
  }
}

describe('nothing keeps anybody out of', () => {
  beforeEach(needsBrowser);

  test.each(Object.keys(PAGES))('%s', async (name) => {
    await PAGES[name]!();
    await look();
    const { expected, reached, unseen } = await walk(page);
    expect(reached).toEqual(expected);
    expect(unseen).toEqual([]);
  });

  test.each(Object.keys(FILES))('the file of a %s', async (name) => {
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    await look();
  });

  test('the page of a served model', async () => {
    await page.goto(server.url);
    await page.locator('.task').first().waitFor();
    await look();
  });
});
