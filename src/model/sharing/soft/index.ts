import { anyOptions, type Sharing } from '../sharing.ts';
import { factorised } from './factorised.ts';
import { soft } from './soft.ts';

/** Sharings that give each task its own parameters and pull them together. */
export const SOFT_SHARINGS: readonly Sharing[] = [anyOptions(soft), anyOptions(factorised)];
