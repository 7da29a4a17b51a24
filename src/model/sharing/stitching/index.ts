import type { Sharing } from '../sharing.ts';

/** Sharings that mix the layers of task networks. */
export const STITCHING_SHARINGS: readonly Sharing[] = [];
