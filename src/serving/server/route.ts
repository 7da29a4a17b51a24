import type { IncomingMessage } from 'node:http';

/** A request as routes see it. */
export interface Asked {
  readonly request: Request;
  readonly incoming: IncomingMessage | undefined;
  /** The name of a model in the path. */
  readonly name: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Answered without a token: tells nothing of the model. */
  readonly open?: true;
  /** Errors as the Open Inference Protocol has them. */
  readonly inference?: true;
  answer(asked: Asked): Reply | Promise<Reply>;
}
