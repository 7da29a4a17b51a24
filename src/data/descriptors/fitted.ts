import { type Description, flattenKeys, invalidDescription } from './description.ts';
import { hashText } from './hash-text.ts';
import { type KeyJSON, KeyValues } from './key-values.ts';
import type { ChosenDescriptor } from './registry.ts';

/** Turns a sentence about a task into numbers; in place of hashed n-grams. */
export interface SentenceEncoder {
  /** Stands in the model folder, so that prediction asks for the same one. */
  readonly name: string;
  encode(text: string): ArrayLike<number> | Promise<ArrayLike<number>>;
}

/** A fitted descriptor as plain JSON. */
export interface DescriptorJSON {
  readonly name: string;
  readonly width: number;
  readonly keys?: readonly KeyJSON[];
  /** The sentence encoder that was handed in. */
  readonly encoder?: string;
}

/** Makes z of what is known of a task; fitted on the training tasks alone. */
export class FittedDescriptor {
  /** Of the registry: `columns`. */
  readonly name: string;
  readonly width: number;
  readonly #keys: KeyValues | undefined;
  readonly #encoder: string | undefined;

  private constructor(name: string, width: number, keys?: KeyValues, encoder?: string) {
    this.name = name;
    this.width = width;
    this.#keys = keys;
    this.#encoder = encoder;
  }

  /**
   * @param descriptions of the training tasks
   * @throws `descriptor-invalid` where nothing tells tasks apart, or for a description of another form
   */
  static async fit(
    { descriptor: { name }, options }: ChosenDescriptor,
    descriptions: readonly Description[],
    encoder?: SentenceEncoder,
  ): Promise<FittedDescriptor> {
    if (name === 'text') {
      if (encoder === undefined) return new FittedDescriptor(name, options.width);
      const { length } = await encoder.encode(requireText(descriptions[0]));
      return new FittedDescriptor(name, length, undefined, encoder.name);
    }
    const keys = KeyValues.fit(descriptions.map(requireRecord), options.width);
    if (keys.width > 0) return new FittedDescriptor(name, keys.width, keys);
    throw invalidDescription(
      'model.descriptor',
      'something that differs between training tasks',
      [...new Set(descriptions.flatMap(Object.keys))],
      'Describe tasks by what tells them apart, or use model.descriptor=one-hot.',
    );
  }

  static fromJSON({ name, width, keys, encoder }: DescriptorJSON): FittedDescriptor {
    return new FittedDescriptor(name, width, keys && KeyValues.fromJSON(keys), encoder);
  }

  /** The keys that it reads; none where it reads sentences. */
  get keys(): readonly string[] {
    return this.#keys?.names ?? [];
  }

  /**
   * z of each description, [descriptions, width].
   *
   * @throws `descriptor-invalid`
   */
  async encode(descriptions: readonly Description[], encoder?: SentenceEncoder): Promise<Float32Array> {
    if (this.#keys !== undefined) return this.#keys.encode(descriptions.map(requireRecord));
    const vectors = await Promise.all(descriptions.map((text) => this.#sentence(requireText(text), encoder)));
    const all = new Float32Array(descriptions.length * this.width);
    vectors.forEach((vector, i) => {
      all.set(vector, i * this.width);
    });
    return all;
  }

  toJSON(): DescriptorJSON {
    return {
      name: this.name,
      width: this.width,
      ...(this.#keys && { keys: this.#keys.toJSON() }),
      ...(this.#encoder !== undefined && { encoder: this.#encoder }),
    };
  }

  async #sentence(text: string, encoder: SentenceEncoder | undefined): Promise<ArrayLike<number>> {
    if (this.#encoder === undefined) return hashText(text, this.width);
    if (encoder?.name !== this.#encoder)
      throw invalidDescription(
        'textEncoder',
        `the sentence encoder "${this.#encoder}" that the model was trained with`,
        encoder?.name,
        'Hand it in: load(folder, { textEncoder }).',
      );
    const vector = await encoder.encode(text);
    if (vector.length === this.width) return vector;
    throw invalidDescription(
      'textEncoder',
      `${this.width} numbers`,
      vector.length,
      'Give every sentence as many numbers.',
    );
  }
}

function requireText(description: Description | undefined): string {
  if (typeof description === 'string' && description.trim() !== '') return description;
  throw invalidDescription(
    'task.descriptor',
    'a sentence',
    description,
    'Describe the task in words, or use model.descriptor=spec for key-values.',
  );
}

function requireRecord(description: Description): Record<string, unknown> {
  if (typeof description === 'object') return flattenKeys(description);
  throw invalidDescription(
    'task.descriptor',
    'key-values, such as { size: 120, region: north }',
    description,
    'Describe the task by keys, or use model.descriptor=text for a sentence.',
  );
}
