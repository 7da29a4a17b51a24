import type { Command } from 'commander';
import { addSetting } from './settings.ts';

/** Options of reading rows, for commands that have no config. */
export interface ReadFlags {
  readonly missing?: unknown;
  readonly encoding?: unknown;
  readonly limit?: unknown;
}

export function addReadOptions(command: Command): Command {
  for (const path of ['read.missing', 'read.encoding', 'read.limit']) addSetting(command, path);
  return command;
}
