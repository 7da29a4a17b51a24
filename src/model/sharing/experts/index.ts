import type { Sharing } from '../sharing.ts';

/** Sharings that mix experts by gates. */
export const EXPERTS_SHARINGS: readonly Sharing[] = [];
