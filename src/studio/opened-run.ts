import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PolytaskError } from '../common/error.ts';
import {
  type CommonGround,
  type Facts,
  factsOf,
  factsOfFront,
  groundOf,
  groundOfFront,
} from '../experiment/compare/common-ground.ts';
import type { Comparable } from '../experiment/compare/compare-results.ts';
import { settingsOfRun } from '../experiment/compare/settings.ts';
import type { FrontResult } from '../experiment/front/result.ts';
import type { RunResult } from '../experiment/result.ts';
import type { RunRecord } from '../experiment/run-folder.ts';
import { settledConfig } from '../experiment/search/settings.ts';
import type { ListedRun } from './catalogue.ts';
import { modelsOfFront, modelsOfRun, type ShownModel } from './shown-models.ts';

/** A finished run, as far as comparing needs it: without its curves, which are the most of it. */
export interface OpenedRun {
  readonly id: string;
  readonly name: string;
  readonly ground: CommonGround;
  readonly facts: Facts;
  readonly models: readonly ShownModel[];
  /** Of a run of `fit`. */
  readonly fit?: Comparable;
}

/** Where a finished run of a kind has what it found. */
export const resultFile = (kind: ListedRun['kind']): string =>
  kind === 'fit' ? 'result.json' : 'front.json';

/** @param path of its folder */
export function readRun({ id, name, kind }: ListedRun, path: string): Promise<OpenedRun> {
  return kind === 'fit' ? readFit(id, name, path) : readFront(id, name, path);
}

async function readFit(id: string, name: string, path: string): Promise<OpenedRun> {
  const { multi, independent, ...rest } = await readJson<RunResult>(join(path, resultFile('fit')));
  const { config } = await readJson<RunRecord>(join(path, 'run.json'));
  const result: RunResult = {
    ...rest,
    multi: { ...multi, curve: [] },
    ...(independent && { independent: { ...independent, curve: [] } }),
  };
  const settings = settingsOfRun(settledConfig(config, result.search), result);
  return {
    id,
    name,
    ground: groundOf(result),
    facts: factsOf(result),
    models: modelsOfRun(id, name, path, result),
    fit: { name, result, settings },
  };
}

async function readFront(id: string, name: string, path: string): Promise<OpenedRun> {
  const front = await readJson<FrontResult>(join(path, resultFile('front')));
  return {
    id,
    name,
    ground: groundOfFront(front),
    facts: factsOfFront(front),
    models: modelsOfFront(id, name, path, front),
  };
}

async function readJson<T>(path: string): Promise<T> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (cause) {
    throw new PolytaskError('run-folder', {
      path,
      expected: 'what a finished run found, as JSON',
      found: 'a file that is cut short or damaged',
      help: 'Leave this run out, or train it anew.',
      cause,
    });
  }
}
