import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { load, type ModelServer, type ServeOptions, serve } from '../../src/index.ts';
import { Models } from '../../src/serving/server/served.test-support.ts';
import { needsBrowser, openBrowser } from '../support/browser.ts';
import { builtFiles } from '../support/served.ts';
import { faintTexts, overflow } from './inspect-page.ts';

const models = new Models();
const servers: ModelServer[] = [];
let places: { readonly wide: string; readonly long: string };
let browser: Browser | undefined;
let files: Awaited<ReturnType<typeof builtFiles>>;

beforeAll(async () => {
  browser = await openBrowser();
  if (browser === undefined) return;
  places = { wide: await models.wide(), long: await models.long() };
  files = await builtFiles();
});
afterAll(async () => {
  await browser?.close();
  for (const server of servers) await server.close(0);
  models.remove();
});

interface Opened {
  readonly page: Page;
  readonly server: ModelServer;
  /** What must not happen: requests to others, errors, words on the console. */
  readonly trouble: readonly string[];
  /** Bodies that were sent to /predict. */
  readonly asked: readonly string[];
}

async function open(place: string, options: ServeOptions = {}): Promise<Opened> {
  const server = await serve(place, { port: 0, workers: 0, reloadEvery: 0, files, ...options });
  servers.push(server);
  const page = await browser!.newPage();
  const [trouble, asked]: string[][] = [[], []];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && request.url() !== 'data:,')
      trouble!.push(`request of ${request.url()}`);
    if (request.url().endsWith('/predict')) asked!.push(request.postData() ?? '');
  });
  page.on('console', (message) => trouble!.push(message.text()));
  page.on('pageerror', (error) => trouble!.push(String(error)));
  await page.goto(server.url);
  return { page, server, trouble: trouble!, asked: asked! };
}

/** With POLYTASK_SHOTS=<folder>, pictures to look at. */
async function picture(page: Page, name: string): Promise<void> {
  const into = process.env.POLYTASK_SHOTS;
  if (!into) return;
  mkdirSync(into, { recursive: true });
  await page.screenshot({ path: join(into, `${name}.png`), fullPage: true });
}

const answerOf = (page: Page, task: string): Promise<string> =>
  page
    .locator('.task', { has: page.locator(`h3:text-is("${task}")`) })
    .locator('.answer')
    .textContent()
    .then(String);

describe('the page of a served model', () => {
  beforeEach(needsBrowser);

  test('fits every width in light and dark, readable, asks nobody else', async () => {
    const { page, trouble } = await open(places.wide);
    await page.waitForSelector('.task');
    await page.locator('summary').first().click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await picture(page, `serve-${width}-${colorScheme}`);
        expect(await overflow(page), `${width} px, ${colorScheme}`).toEqual([]);
      }
      const { checked, faint } = await faintTexts(page);
      expect(checked).toBeGreaterThan(40);
      expect(faint, colorScheme).toEqual([]);
    }
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('every control has a name, and the keyboard reaches all of them', async () => {
    const { page } = await open(places.wide);
    await page.waitForSelector('.task');
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLInputElement>('input, select, textarea, button')]
        .filter(
          (one) => !one.getAttribute('aria-label') && !one.labels?.length && one.textContent?.trim() === '',
        )
        .map((one) => one.outerHTML),
    );
    expect(nameless).toEqual([]);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const reached = new Set<string>();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement?.id ?? ''));
    }
    for (let i = 0; i < 4; i++) expect([...reached]).toContain(`input-${i}`);
    // Of radio buttons the chosen one.
    expect([...reached].some((id) => id.startsWith('input-4'))).toBe(true);
    await page.close();
  });

  test('moving a slider predicts anew, in the end what the model predicts of the last value, in its unit', async () => {
    const { page, asked } = await open(places.wide);
    await page.waitForSelector('.task');
    const before = await answerOf(page, 'amount');
    // Slower than the slider: changes meet a request that is on its way.
    await page.route('**/predict', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    const slider = page.getByLabel('x, slider');
    await slider.focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(150);
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((old) => !document.body.textContent.includes(`${old}\n`), before);
    await page.waitForTimeout(1500);
    const row = JSON.parse(asked.at(-1)!).rows[0];
    expect(row.x).toBe(Number(await page.locator('#input-0').inputValue()));
    const model = await load(places.wide);
    const { predictions } = await model.answer([row]);
    await model.close();
    const { amount, flag } = predictions[0] as { amount: { value: number }; flag: { probability: number } };
    const shown = await answerOf(page, 'amount');
    expect(shown).toMatch(/hours/);
    expect(Number.parseFloat(shown)).toBeCloseTo(amount.value, 1);
    const card = page.locator('.task', { has: page.locator('h3:text-is("flag")') });
    const share = ((await card.locator('.number').textContent()) ?? '').replace(' %', '');
    expect(Number(share)).toBeCloseTo(100 * flag.probability, share.includes('.') ? 0 : -1);
    await page.close();
  });

  test('each input can be missing, and typical values come back', async () => {
    const { page, asked } = await open(places.wide);
    await page.waitForSelector('.task');
    const first = JSON.parse(asked[0]!).rows[0];
    for (const value of Object.values(first)) expect(value).not.toBeNull();
    await page.getByLabel('x is missing').check();
    await page.getByLabel('when is missing').check();
    await page.locator('#input-1').selectOption({ label: 'missing' });
    await page.locator('#input-2').selectOption({ label: 'missing' });
    await page.getByRole('group', { name: 'wet' }).getByLabel('missing').check();
    await expect
      .poll(() => Object.values(JSON.parse(asked.at(-1)!).rows[0]))
      .toEqual([null, null, null, null, null]);
    await page.getByRole('button', { name: 'Typical values' }).click();
    await expect.poll(() => JSON.parse(asked.at(-1)!).rows[0]).toEqual(first);
    await page.close();
  });

  test('a long model is asked for each of its tasks', async () => {
    const { page, asked, trouble } = await open(places.long);
    await page.waitForSelector('.task');
    expect(await page.locator('.task h3').allInnerTexts()).toEqual(['s0', 's1', 's2', 's3']);
    expect(JSON.parse(asked.at(-1)!).rows.map(({ school }: { school: string }) => school)).toEqual([
      's0',
      's1',
      's2',
      's3',
    ]);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('asks for the token before it tells or knows anything', async () => {
    const { page } = await open(places.wide, { token: 'sesame' });
    const field = page.getByLabel(/Token/);
    await field.fill('barley');
    await page.keyboard.press('Enter');
    await page.getByText('another token').waitFor();
    expect(await page.content()).not.toContain('colour');
    await page.getByLabel(/oken/).fill('sesame');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.task');
    await page.close();
  });

  test('forbids itself all that it does not need', async () => {
    const { page, server } = await open(places.wide);
    const headers = (await fetch(server.url)).headers;
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; connect-src 'self'; .*script-src 'sha256-/,
    );
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.body.append(script);
      return 'intruder' in window;
    });
    expect(ran).toBe(false);
    await page.close();
  });
});
