import type { FrontResult } from '../../src/experiment/front/result.ts';
import type { Request } from '../../src/experiment/live/control.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import type { ModelDescription } from '../../src/serving/server/describe-model.ts';
import type { ListedRun } from '../../src/studio/catalogue.ts';
import type { ComparedRuns } from '../../src/studio/compared-runs.ts';
import type { Predicted } from '../../src/studio/models.ts';

export type { ComparedRuns, ListedRun, RunResult };

/** A run as its page gets it. */
export interface OpenedRun {
  readonly run: ListedRun;
  readonly config?: Record<string, unknown>;
  readonly result?: RunResult;
  readonly front?: FrontResult;
}

/** An answer that is no good, in the server's words. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

export const listRuns = async (): Promise<readonly ListedRun[]> =>
  (await ask<{ runs: readonly ListedRun[] }>('/api/runs')).runs;
export const openRun = (id: string): Promise<OpenedRun> => ask(`/api/runs/${id}`);
export const compareRuns = (ids: readonly string[], baseline: string | undefined): Promise<ComparedRuns> =>
  ask(`/api/compare?runs=${ids.join(',')}${baseline === undefined ? '' : `&baseline=${baseline}`}`);
export const describeModel = (id: string): Promise<ModelDescription> => ask(`/api/runs/${id}/model`);
export const predict = (id: string, rows: readonly object[]): Promise<Predicted> =>
  ask(`/api/runs/${id}/predict`, { rows });
export const control = (id: string, request: Request): Promise<unknown> =>
  ask(`/api/runs/${id}/control`, { request });

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(
    path,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  const answer = (await response.json().catch(() => ({}))) as { error?: { help?: string; code?: string } };
  if (response.ok) return answer as T;
  throw new Refused(response.status, answer.error?.help ?? `The studio answered ${response.status}.`);
}
