import type { Command } from 'commander';
import { act } from '../command.ts';
import { EXIT } from '../exit.ts';

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .summary('which runtimes work on this machine, and why not')
    .description(
      'Tries every runtime on a tiny program and prints the versions of what a report of a mistake needs.',
    );
  act(command, async (io): Promise<number> => {
    const { availableParallelism, totalmem } = await import('node:os');
    const { probeRuntimes } = await import('../../platform/node/index.ts');
    const { VERSION } = await import('../../experiment/version.ts');
    const runtimes = await probeRuntimes();
    const duckdb = await duckdbVersion();
    const facts = {
      polytask: VERSION,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
    };
    const chosen = runtimes.find(({ name, available }) => available && name !== 'webgpu')?.name ?? null;
    const works = chosen !== null && 'version' in duckdb;
    for (const [name, value] of Object.entries(facts)) io.print(`${name.padEnd(10)} ${value}`);
    io.print(
      `${'duckdb'.padEnd(10)} ${'version' in duckdb ? duckdb.version : `does not work: ${duckdb.reason}`}`,
    );
    for (const { name, available, version, threads, reason } of runtimes)
      io.print(
        `${name.padEnd(10)} ${available ? `works: ${version}, ${threads} threads` : `does not work: ${reason}`}`,
      );
    io.print(works ? `\nRuns will use ${chosen}.` : '\nRuns cannot work here: see above.');
    io.answer({ ...facts, duckdb, runtimes, chosen, ok: works });
    return works ? EXIT.ok : EXIT.error;
  });
}

async function duckdbVersion(): Promise<{ version: string } | { reason: string }> {
  try {
    const { version } = await import('@duckdb/node-api');
    return { version: version() };
  } catch (error) {
    return { reason: String((error as Error).message).split('\n')[0]! };
  }
}
