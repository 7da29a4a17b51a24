import type { Contracts } from '../case.ts';
import { arithmetic } from './arithmetic.ts';
import { choice } from './choice.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import { leaves } from './leaves.ts';
import { linear } from './linear.ts';
import { normalisation } from './normalise.ts';
import { parts } from './parts.ts';
import { randomness } from './random.ts';
import { reductions } from './reduce.ts';
import { shapes } from './shape.ts';

/** The contract of every entry of the operator table and of every function built on them. */
export const contracts: Contracts = {
  ...leaves,
  ...arithmetic,
  ...choice,
  ...elementwise,
  ...reductions,
  ...shapes,
  ...parts,
  ...indexing,
  ...linear,
  ...normalisation,
  ...randomness,
};
