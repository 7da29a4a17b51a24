import type { Sharing } from '../sharing.ts';

/** Sharings made for ranking from implicit feedback. */
export const RANKING_SHARINGS: readonly Sharing[] = [];
