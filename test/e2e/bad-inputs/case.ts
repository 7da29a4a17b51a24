import type { ErrorCode } from '../../../src/common/error-codes.ts';

/** A command line that must end in a documented error: exit code 2, a help line, no stack, nothing half-written. */
export interface BadInput {
  readonly name: string;
  /** `OUT` stands for a fresh path that must hold no result afterwards. */
  readonly args: readonly string[];
  readonly code: ErrorCode;
  /** What the words must say besides. */
  readonly says?: RegExp;
  /** See `RunOptions`. */
  readonly before?: string;
  readonly stdout?: string;
}

/** `fit` with the least that makes it run. */
export function learn(...args: readonly string[]): readonly string[] {
  return ['fit', ...args, '--seeds', '1', '--epochs', '1', '--no-baseline', '--out', 'OUT'];
}

/** `train` with a config file. */
export function train(config: string, ...args: readonly string[]): readonly string[] {
  return ['train', '--config', config, ...args, '--out', 'OUT'];
}
