import type { Warning } from '../data/index.ts';
import { load, type Model } from '../serving/index.ts';
import { versionOf } from '../serving/model-place.ts';

/** A prediction as a page shows it. */
export interface Predicted {
  readonly prediction: unknown;
  readonly gates: unknown;
  readonly warnings: readonly Warning[];
}

/** Models of runs that somebody looks at: the last one stays open. */
export class Models {
  #open: { readonly key: string; readonly model: Promise<Model> } | undefined;

  async predict(place: string, row: Readonly<Record<string, unknown>>): Promise<Predicted> {
    const model = await this.get(place);
    const prediction = await model.predict(row);
    return { prediction, warnings: model.warnings, gates: (await model.gates([row]))[0] };
  }

  async get(place: string): Promise<Model> {
    const key = `${place}@${await versionOf(place)}`;
    if (this.#open?.key === key) return this.#open.model;
    await this.close();
    const model = load(place);
    this.#open = { key, model };
    model.catch(() => (this.#open = undefined));
    return model;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.model.then((model) => model.close()).catch(() => undefined);
  }
}
