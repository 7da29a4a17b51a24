import type { Sharing } from '../sharing.ts';

/** Sharings that give each task its own parameters and pull them together. */
export const SOFT_SHARINGS: readonly Sharing[] = [];
