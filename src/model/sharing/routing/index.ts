import type { Sharing } from '../sharing.ts';

/** Sharings that learn which parts of a network a task uses. */
export const ROUTING_SHARINGS: readonly Sharing[] = [];
