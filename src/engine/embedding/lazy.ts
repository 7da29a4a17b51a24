import { gather } from '../operators/indexing.ts';
import type { Optimiser, UpdateResult } from '../optimiser/optimiser.ts';
import { formatShape, rank, shapeError, type Tensor } from '../tensor.ts';
import { putRows } from './put-rows.ts';

export interface LazyRowsInput {
  /** The compact table [V′, …] of a chunk, a state leaf; V′ may be a named dimension. */
  readonly table: Tensor;
  /** The optimiser's slots of the compact table, state leaves of its shape. */
  readonly slots: Readonly<Record<string, Tensor>>;
  /** int32 [U], a step input: the rows that the step uses, padded with the scratch row; U may be a named dimension. */
  readonly unique: Tensor;
  /** int32 of any shape, a step input: which entry of `unique` each index is. */
  readonly inverse: Tensor;
  readonly optimiser: Optimiser;
  /** One tensor for each key of the optimiser's `scalars`. */
  readonly scalars: Readonly<Record<string, Tensor>>;
  /** As the optimiser takes it, against the used rows; absent means that weight decay applies to all. */
  readonly decayMask?: Tensor;
}

export interface LazyRows {
  /** [U, …], the used rows, each once: what to differentiate the loss by. */
  readonly rows: Tensor;
  /** [...shape of inverse, …], what the layers go on with. */
  readonly embedded: Tensor;
  /**
   * The next table and slots.
   *
   * @param gradient by `rows`; an index that stands several times in the batch has its gradients summed there
   */
  update(gradient: Tensor): { readonly table: Tensor; readonly slots: UpdateResult['slots'] };
}

/**
 * An embedding whose update touches only the rows that a step uses.
 *
 * Rows that a step does not use keep their values and slots bit for bit: neither momentum nor weight decay moves
 * them. Step counts, and with them bias corrections, are those of the whole model. This is `torch.optim.SparseAdam`'s
 * rule for every optimiser; where each step uses every row it is the dense update exactly.
 *
 * @example
 * const { rows, embedded, update } = lazyRows({ table, slots, unique, inverse, optimiser, scalars });
 * const [g] = gradient(loss(embedded), [rows]);
 * const next = update(g);
 */
export function lazyRows(input: LazyRowsInput): LazyRows {
  const { table, slots, unique, inverse, optimiser, scalars, decayMask } = input;
  if (rank(unique) !== 1)
    throw shapeError('lazyRows', [unique], 'unique of shape [U]', 'Give one list of rows a step.');
  const rows = gather(table, unique);
  return {
    rows,
    embedded: gather(rows, inverse),
    update: (gradient) => {
      if (formatShape(gradient.shape) !== formatShape(rows.shape))
        throw shapeError('lazyRows', [gradient], formatShape(rows.shape), 'Differentiate by `rows`.');
      const own = Object.fromEntries(optimiser.slots.map((name) => [name, gather(slots[name]!, unique)]));
      const next = optimiser.update({
        parameter: rows,
        gradient,
        slots: own,
        scalars,
        ...(decayMask && { decayMask }),
      });
      return {
        table: putRows(table, unique, next.parameter),
        slots: Object.fromEntries(
          optimiser.slots.map((name) => [name, putRows(slots[name]!, unique, next.slots[name]!)]),
        ),
      };
    },
  };
}
