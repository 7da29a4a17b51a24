import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtCli } from './built-cli.ts';

/** Code of the server's workers and script of its page, as built. */
export async function builtFiles(): Promise<{ readonly worker: URL; readonly page: URL }> {
  const folder = pathToFileURL(`${dirname(await builtCli())}/`);
  return { worker: new URL('serve-worker.mjs', folder), page: new URL('serve-page.iife.js', folder) };
}

/** A server of the built command line. */
export interface ServedProcess {
  readonly url: string;
  readonly port: number;
  readonly name: string;
  readonly version: string;
  readonly process: ChildProcess;
  /** What it has said on stderr. */
  said(): string;
  /** Waits until it has said something. */
  saying(words: RegExp): Promise<void>;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** Starts `polytask serve` and waits for its address. */
export async function serveProcess(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ServedProcess> {
  const child = spawn(process.execPath, [await builtCli(), 'serve', ...args, '--port', '0', '--json'], {
    env: { ...process.env, ...env },
  });
  let [out, err] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('\n')) resolve(out);
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${err}${out}`)));
  });
  const answer = JSON.parse(line) as Pick<ServedProcess, 'url' | 'name' | 'version'>;
  return {
    ...answer,
    port: Number(new URL(answer.url).port),
    process: child,
    ended,
    said: () => err,
    saying: (words) =>
      until(
        () => words.test(err),
        () => `${words} in: ${err}`,
      ),
  };
}

/** Waits until something holds; gives up after ten seconds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: () => string = () => 'it',
): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
