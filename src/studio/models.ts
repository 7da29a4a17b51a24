import { load, type Model } from '../serving/index.ts';
import { versionOf } from '../serving/model-place.ts';
import { describeModel, type ModelDescription } from '../serving/server/describe-model.ts';

/** Predictions as a page shows them. */
export interface Predicted {
  readonly predictions: readonly unknown[];
  readonly warnings: readonly { readonly message: string }[];
}

/** Models of runs that somebody looks at: the last one stays open. */
export class Models {
  #open: { readonly key: string; readonly model: Promise<Model> } | undefined;

  async predict(place: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<Predicted> {
    return (await this.#get(place)).answer(rows);
  }

  /** What a form for its rows needs to know. @param name what the model is called */
  async describe(place: string, name: string): Promise<ModelDescription> {
    const { signature, card } = await this.#get(place);
    return describeModel({ signature, card, version: signature.data.slice(0, 12) }, name);
  }

  async #get(place: string): Promise<Model> {
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
