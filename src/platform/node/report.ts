import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RuntimeName } from '../../engine/runtime/runtime.ts';
import {
  type Attempt,
  attempt,
  RUNTIMES,
  type RuntimeOptions,
  type RuntimeReport,
  reasonOf,
} from './probe.ts';
import { workerFile } from './worker-file.ts';

/** What an attempt says for `doctor`. */
export function reportOf(name: RuntimeName, result: Attempt): RuntimeReport {
  if ('reason' in result) return { name, available: false, reason: result.reason };
  return { name, available: true, version: result.version, threads: result.runtime.threads };
}

/**
 * Tries every runtime, each in a process of its own where the built worker is there.
 *
 * @example for (const { name, available, reason } of await probeRuntimes()) console.log(name, available, reason);
 */
export async function probeRuntimes(options: Omit<RuntimeOptions, 'runtime'> = {}): Promise<RuntimeReport[]> {
  const file = workerFile();
  return Promise.all(RUNTIMES.map((name) => probe(name, options, file)));
}

const TIMEOUT = 30_000;

async function probe(
  name: RuntimeName,
  options: Omit<RuntimeOptions, 'runtime'>,
  file: URL | undefined,
): Promise<RuntimeReport> {
  if (file === undefined) {
    const result = await attempt(name, options);
    if ('runtime' in result) await result.runtime.close();
    return reportOf(name, result);
  }
  try {
    const args = [fileURLToPath(file), name, JSON.stringify(options)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as RuntimeReport;
  } catch (error) {
    return { name, available: false, reason: `its process died: ${reasonOf(error)}` };
  }
}
