import { type Browser, chromium } from 'playwright-core';
import type { TestContext } from 'vitest';
import { type FoundChromium, findChromium } from '../../scripts/system.mjs';

const QUIET = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const found: FoundChromium = process.env.POLYTASK_NO_CHROMIUM
  ? { reason: process.env.POLYTASK_NO_CHROMIUM }
  : findChromium();

/** A Chromium with a profile of its own, gone when it closes; undefined where the machine has none. */
export async function openBrowser(): Promise<Browser | undefined> {
  if (found.path === undefined) return undefined;
  return chromium.launch({ executablePath: found.path, args: QUIET });
}

/** For `beforeEach`: skips a test where there is no browser, and says why. */
export function needsBrowser(context: TestContext): void {
  context.skip(found.path === undefined, found.reason);
}
