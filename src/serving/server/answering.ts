import type { Model, RanTogether } from '../model.ts';
import type { Row } from '../rows.ts';
import { type Inference, inferenceOf } from './infer.ts';
import type { Answer, AnsweringOptions, Answers, Ask } from './protocol.ts';
import { parseJson, readRows } from './read-rows.ts';
import { asRefusal, errorText, inferenceErrorText, statusOf } from './refusal.ts';
import { writePredictions } from './write-predictions.ts';

/** Outputs of a request's rows among those of others. */
export interface OwnOutputs {
  readonly ran: RanTogether;
  /** The first row of the request. */
  readonly start: number;
  readonly rows: number;
  /** Which of the requests that ran together it is. */
  readonly group: number;
}

/** A request that was read, and how it is written. */
interface Task {
  readonly place: number;
  readonly rows: readonly Row[];
  write(own: OwnOutputs): string;
}

/** Answers batches of requests with a model: rows of several requests go through the graph together. */
export class Answering {
  readonly #model: Model;
  readonly #options: AnsweringOptions;
  readonly #inference: Inference;

  constructor(model: Model, options: AnsweringOptions) {
    this.#model = model;
    this.#options = options;
    this.#inference = inferenceOf(model.signature, options);
  }

  async answer(asks: readonly Ask[]): Promise<Answers> {
    const answers: Answer[] = [];
    const runs: number[] = [];
    const tasks = asks.flatMap((ask, place) => this.#read(ask, place, answers));
    for (const together of this.#joined(tasks)) await this.#run(together, asks, answers, runs);
    return { answers, runs };
  }

  /** The request, or its refusal among the answers. */
  #read(ask: Ask, place: number, answers: Answer[]): Task[] {
    try {
      const body = parseJson(ask.text);
      if (ask.kind === 'infer') {
        const { rows, write } = this.#inference.read(body);
        return [{ place, rows, write: (own) => write(own) }];
      }
      const { rows, single } = readRows(body, this.#options.rows);
      return [{ place, rows, write: (own) => writePredictions(this.#model, own, single) }];
    } catch (cause) {
      answers[place] = refused(ask, cause);
      return [];
    }
  }

  /** Requests by run: as many as fit; those that name a task of their own run alone. */
  #joined(tasks: readonly Task[]): Task[][] {
    const joined: Task[][] = [];
    let [open, size] = [[] as Task[], 0];
    for (const task of tasks) {
      const { length } = task.rows;
      if (!this.#model.knowsTasks(task.rows)) {
        joined.push([task]);
        continue;
      }
      if (open.length === 0 || size + length > this.#options.batchRows) {
        open = [];
        size = 0;
        joined.push(open);
      }
      open.push(task);
      size += length;
    }
    return joined;
  }

  async #run(tasks: readonly Task[], asks: readonly Ask[], answers: Answer[], runs: number[]): Promise<void> {
    try {
      const ran = await this.#model.runTogether(tasks.map(({ rows }) => rows));
      let start = 0;
      for (const [group, { place, rows, write }] of tasks.entries()) {
        answers[place] = {
          status: 200,
          text: write({ ran, start, rows: rows.length, group }),
          rows: rows.length,
        };
        start += rows.length;
      }
      runs.push(start);
    } catch (cause) {
      for (const { place } of tasks) answers[place] = refused(asks[place]!, cause);
    }
  }
}

function refused({ kind }: Ask, cause: unknown): Answer {
  const error = asRefusal(cause);
  const text = kind === 'infer' ? inferenceErrorText(error) : errorText(error);
  return { status: statusOf(error), text, rows: 0 };
}
