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

/** WebGPU on the processor, by the SwiftShader that Chromium brings along. */
const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const found: FoundChromium = process.env.POLYTASK_NO_CHROMIUM
  ? { reason: process.env.POLYTASK_NO_CHROMIUM }
  : findChromium();

/**
 * A Chromium with a profile of its own, gone when it closes; undefined where the machine has none.
 *
 * @param webgpu whether it has an adapter for WebGPU
 */
export async function openBrowser({
  webgpu = true,
}: {
  readonly webgpu?: boolean;
} = {}): Promise<Browser | undefined> {
  if (found.path === undefined) return undefined;
  return chromium.launch({ executablePath: found.path, args: [...QUIET, ...(webgpu ? WEBGPU : [])] });
}

/** For `beforeEach`: skips a test where there is no browser, and says why. */
export function needsBrowser(context: TestContext): void {
  context.skip(found.path === undefined, found.reason);
}
