import {
  chooseMethod,
  integer,
  list,
  type MethodPlace,
  type Option,
  type Options,
  type SpecInput,
  text,
} from '../../common/options.ts';

/** Every setting that a descriptor may have. */
export interface DescriptorOptions {
  /** Numbers in a learned vector, or in a hashed sentence. */
  readonly width: number;
  /** Columns that hold metadata of the row's task. */
  readonly columns: readonly string[];
  /** The column that holds a sentence about the row's task. */
  readonly column: string;
  /** A table with a row for each task. */
  readonly table: string;
  /** The column of that table that names the task. */
  readonly key: string;
}

/** What stands for a task: how its z comes to be. */
export interface Descriptor {
  /** On the command line and in configs: `means`. */
  readonly name: string;
  readonly title: string;
  /** One sentence for lists. */
  readonly about: string;
  readonly options: { readonly [K in keyof DescriptorOptions]?: Option<DescriptorOptions[K]> };
  /** True where z is computed from what is known of a task, so that a new task has one too. */
  readonly describes: boolean;
}

const column = (about: string): Options<DescriptorOptions>['column'] => text({ default: '', about });
const words = text({ default: '', about: '' });
const width = (standard: number, about: string): Options<DescriptorOptions>['width'] =>
  integer({ min: 1, max: 65_536, default: standard, about });
const fromTable = {
  table: column('A table with a row for each task; default: the columns stand beside the rows.'),
  key: column('The column of that table that names the task; default: as in the data.'),
};
const columns = list(words, {
  default: [],
  about: 'The columns that describe a task; default: all of `table`.',
});
const textWidth = width(256, 'Numbers that n-grams are hashed into.');

/** Every descriptor by its name. */
export const DESCRIPTORS: Readonly<Record<string, Descriptor>> = Object.fromEntries(
  (
    [
      {
        name: 'one-hot',
        title: 'One-hot',
        about: 'z says which task it is, and nothing about it.',
        options: {},
        describes: false,
      },
      {
        name: 'embedding',
        title: 'Learned vector',
        about: 'A vector of each task, learned with the model.',
        options: { width: width(8, 'Numbers in a task’s vector.') },
        describes: false,
      },
      {
        name: 'spec',
        title: 'Key-values',
        about: 'Numbers and categories that the config gives of each task.',
        options: { width: textWidth },
        describes: true,
      },
      {
        name: 'columns',
        title: 'Metadata columns',
        about: 'Columns that describe the task of a row, or a table of tasks.',
        options: { columns, ...fromTable, width: textWidth },
        describes: true,
      },
      {
        name: 'text',
        title: 'A sentence',
        about: 'A sentence about each task, as hashed n-grams.',
        options: {
          column: column('The column that holds the sentence; default: `descriptor` of each task.'),
          ...fromTable,
          width: textWidth,
        },
        describes: true,
      },
      {
        name: 'means',
        title: 'Mean inputs',
        about: 'The mean of the inputs over the rows of a task.',
        options: {},
        describes: true,
      },
    ] satisfies Descriptor[]
  ).map((descriptor) => [descriptor.name, descriptor]),
);

/** A descriptor with all of its options. */
export interface ChosenDescriptor {
  readonly descriptor: Descriptor;
  readonly options: DescriptorOptions;
}

const NOTHING: DescriptorOptions = { width: 0, columns: [], column: '', table: '', key: '' };
const PLACE: MethodPlace = {
  path: 'model.descriptor',
  unknown: 'descriptor-invalid',
  invalid: 'descriptor-invalid',
};

/**
 * Reads "embedding:width=8" or { name: 'columns', columns: ['size'] } and fills in the defaults.
 *
 * @throws `descriptor-invalid`
 */
export function chooseDescriptor(input: SpecInput): ChosenDescriptor {
  const { method, options } = chooseMethod(DESCRIPTORS, input, PLACE);
  return { descriptor: method, options: { ...NOTHING, ...options } };
}
