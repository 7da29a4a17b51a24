import { type CompactRows, compactRows, EmbeddingStore } from '../engine/embedding/index.ts';
import {
  compileMediated,
  compileStep,
  type Driver,
  type Feeds,
  type MediatorSpec,
  type Runtime,
  type Stepper,
  type TensorData,
  tensorData,
} from '../engine/index.ts';
import type { LazyTable } from './lazy-tables.ts';
import { THETA, type TrainingStep } from './training-step.ts';

type Values = Readonly<Record<string, TensorData>>;

/**
 * Loads a training step as one whose state is θ and the optimiser's slots, whole: that large tables are lent to each
 * chunk by the rows that it uses stays in here.
 */
export async function openTrainingStep(
  runtime: Runtime,
  built: TrainingStep,
  options: { readonly driver: Driver; readonly name: string },
  mediator?: MediatorSpec,
): Promise<Stepper> {
  if (mediator !== undefined && built.mediation !== undefined)
    return runtime.loadStep(compileMediated({ ...built.step, ...built.mediation }, mediator, options));
  const stepper = await runtime.loadStep(compileStep(built.step, options));
  if (built.tables.length === 0) return stepper;
  const indices = compileStep(
    {
      state: [],
      outputs: Object.fromEntries(built.tables.map(({ names, indices: own }) => [names.places, own])),
    },
    { ...options, name: `${options.name}/indices` },
  );
  return new LazyStepper(stepper, await runtime.loadStep(indices), built);
}

/** What a chunk of steps borrows of tables is collected and written back once, and should serve some steps. */
export const leastSteps = ({ tables }: TrainingStep): number => (tables.length === 0 ? 1 : 8);

/** Each call waits for the one before it. */
class LazyStepper implements Stepper {
  readonly #stepper: Stepper;
  /** Computes what the steps of a chunk look up, by the same graph as a dense step would. */
  readonly #indices: Stepper;
  readonly #built: TrainingStep;
  #stores: ReadonlyMap<LazyTable, EmbeddingStore> = new Map();

  constructor(stepper: Stepper, indices: Stepper, built: TrainingStep) {
    this.#stepper = stepper;
    this.#indices = indices;
    this.#built = built;
  }

  async bind(data: Feeds): Promise<void> {
    await this.#stepper.bind(data);
    await this.#indices.bind(data);
  }

  async write(state: Values): Promise<void> {
    const { layout, dense, tables, states } = this.#built;
    const named = new Map(states.map((kind) => [kind, layout.read(state[kind]!.data as Float32Array)]));
    const of = (table: LazyTable, kind: string): Float32Array =>
      named.get(kind)![table.parameter.name]!.data as Float32Array;
    this.#stores = new Map(
      tables.map((table) => {
        const slots = states.filter((kind) => kind !== THETA).map((kind) => [kind, of(table, kind)]);
        return [table, new EmbeddingStore(of(table, THETA), table.width, Object.fromEntries(slots))];
      }),
    );
    const packed = [...named].map(([kind, values]) => [
      kind,
      tensorData(dense.write(values), [...dense.lead, dense.size]),
    ]);
    // Before the first chunk the tables stand empty.
    const none = tables.map((table) => lent(table, this.#store(table).gatherChunk(new Int32Array(0))));
    const carried = this.#built.carried.map(({ name }) => [name, state[name]!] as const);
    await this.#stepper.write(
      Object.assign(Object.fromEntries(packed), Object.fromEntries(carried), ...none),
    );
  }

  async read(): Promise<Record<string, TensorData>> {
    const { layout, dense, tables, states } = this.#built;
    const names = this.#built.carried.map(({ name }) => name);
    const packed = await this.#stepper.read([...states, ...names]);
    const carried = Object.fromEntries(names.map((name) => [name, packed[name]!]));
    const whole = Object.fromEntries(
      states.map((kind) => {
        const values: Record<string, Pick<TensorData, 'data'>> = dense.read(
          packed[kind]!.data as Float32Array,
        );
        for (const table of tables) {
          const { table: theta, slots } = this.#store(table);
          values[table.parameter.name] = { data: kind === THETA ? theta : slots[kind]! };
        }
        return [kind, tensorData(layout.write(values), [...layout.lead, layout.size])];
      }),
    );
    return { ...whole, ...carried };
  }

  async advance(steps: number, inputs: Values): Promise<Record<string, TensorData>> {
    const { tables } = this.#built;
    const indices = await this.#indices.advance(steps, inputs);
    const chunks = tables.map((table): Borrowed => {
      const { data, shape } = indices[table.names.places]!;
      return { table, compact: compactRows(data as Int32Array, shape, { tableRows: table.rows }) };
    });
    const loans = chunks.map(({ table, compact }) =>
      lent(table, this.#store(table).gatherChunk(compact.rows)),
    );
    await this.#stepper.write(Object.assign({}, ...loans));
    const feeds = chunks.map(({ table, compact }) => feedsOf(table, compact));
    try {
      const outputs = await this.#stepper.advance(steps, Object.assign({ ...inputs }, ...feeds));
      await this.#takeBack(chunks);
      return outputs;
    } catch (failure) {
      // Tables and θ are of the same step after a failure as well, unless the runtime is gone.
      await this.#takeBack(chunks).catch(() => undefined);
      throw failure;
    }
  }

  /** Writes back what a chunk borrowed. */
  async #takeBack(chunks: readonly Borrowed[]): Promise<void> {
    const { states } = this.#built;
    const names = chunks.flatMap(({ table }) => states.map((kind) => table.names.state(kind)));
    const trained = await this.#stepper.read(names);
    for (const { table, compact } of chunks)
      this.#store(table).writeBack(compact.rows, returned(table, states, trained));
  }

  async close(): Promise<void> {
    await this.#indices.close();
    await this.#stepper.close();
  }

  #store(table: LazyTable): EmbeddingStore {
    return this.#stores.get(table)!;
  }
}

/** The rows of a table that a chunk of steps uses. */
interface Borrowed {
  readonly table: LazyTable;
  readonly compact: CompactRows;
}

type Chunk = ReturnType<EmbeddingStore['gatherChunk']>;

/** A chunk of a table by the names of the step's states. */
function lent({ names }: LazyTable, { table, slots }: Chunk): Record<string, TensorData> {
  return Object.fromEntries(
    Object.entries({ ...slots, [THETA]: table }).map(([kind, values]) => [names.state(kind), values]),
  );
}

/** The inverse of `lent`. */
function returned({ names }: LazyTable, states: readonly string[], trained: Values): Chunk {
  const values = Object.fromEntries(states.map((kind) => [kind, trained[names.state(kind)]!]));
  const { [THETA]: table, ...slots } = values;
  return { table: table!, slots };
}

/** The per-step inputs that stand for a table. */
function feedsOf({ names, rows: tableRows, groups }: LazyTable, compact: CompactRows): Values {
  const { rows, unique, inverse } = compact;
  const rowsPerCopy = tableRows / groups.length;
  const used = unique.data as Int32Array;
  // The scratch row belongs to no group: any will do, as nothing reads it.
  const group = used.map((at) => (at < rows.length ? groups[Math.floor(rows[at]! / rowsPerCopy)]! : 0));
  return {
    [names.used]: unique,
    [names.places]: inverse,
    [names.groups]: tensorData(group, unique.shape, 'int32'),
  };
}
