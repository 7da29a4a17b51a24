import { anyOptions, type Sharing } from '../sharing.ts';
import { branching } from './branching.ts';
import { taskQueries } from './task-queries.ts';

/** Sharings that route: through a learned tree, or by each task's query. */
export const ROUTING_SHARINGS: readonly Sharing[] = [anyOptions(branching), anyOptions(taskQueries)];
