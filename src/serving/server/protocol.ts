import type { ErrorDetails } from '../../common/error.ts';
import type { ErrorCode } from '../../common/error-codes.ts';
import type { OpenRuntimeOptions } from '../../platform/node/index.ts';

/** What a request asks of a model: the text of its body, and how it is to be read. */
export interface Ask {
  readonly kind: 'predict' | 'infer';
  readonly text: string;
}

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  /** JSON. */
  readonly text: string;
  /** Rows that were predicted. */
  readonly rows: number;
}

/** What a batch of requests is answered with. */
export interface Answers {
  readonly answers: readonly Answer[];
  /** Rows of every run of the graph that it took. */
  readonly runs: readonly number[];
}

/** How requests are to be read and joined. */
export interface AnsweringOptions {
  readonly name: string;
  readonly version: string;
  /** Rows of a request at most. */
  readonly rows: number;
  /** Rows of a run at most. */
  readonly batchRows: number;
}

/** What a worker starts from: the files of a model, so that it needs no disk. */
export interface WorkerStart extends AnsweringOptions {
  readonly place: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly runtime: NonNullable<OpenRuntimeOptions['runtime']>;
}

export interface WorkerAsk {
  readonly batch: number;
  readonly asks: readonly Ask[];
}

export type WorkerReply =
  | { readonly ready: true }
  | { readonly failed: ErrorDetails & { readonly code: ErrorCode } }
  | ({ readonly batch: number } & Answers);
